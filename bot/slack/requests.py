"""What people may ask for in words, and what words mean where they were said."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Look:
    """Run a checklist on hosts."""

    runbook: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Export:
    """Write out the timeline; `incident` None means the thread's."""

    incident: str | None
    form: str = "md"


@dataclass(frozen=True, kw_only=True)
class AddNote:
    """Add a note; `incident` None means the thread's."""

    incident: str | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Again:
    """Run the checklist again; `incident` None means the thread's."""

    incident: str | None


@dataclass(frozen=True, kw_only=True)
class Paste:
    """Open the form for pasted text."""


@dataclass(frozen=True, kw_only=True)
class Explain:
    """Say what a cause is."""

    cause: str


@dataclass(frozen=True, kw_only=True)
class Status:
    """List the latest incidents."""


@dataclass(frozen=True, kw_only=True)
class Help:
    """Say what there is to ask."""


Request = Look | Export | AddNote | Again | Paste | Explain | Status | Help


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the words mean where they were said."""

    #: Runbook the command stands for; None when the first word names it.
    runbook: str | None
    runbooks: Collection[str]
    #: True in a thread, where `export` and `note` need no incident.
    is_thread: bool = False
    #: How the asker addresses the bot, for examples: `/502`, `@runbook`.
    called: str = "/runbook"

    @property
    def example(self) -> str:
        """A request that would work here."""
        name = "" if self.runbook else f"{min(self.runbooks, default='502')} "
        return f"{self.called} {name}web-01"
