"""The desk: all that people may ask of the bot."""

from collections.abc import Sequence
from typing import Protocol

from bot.model.event import Place
from bot.model.person import Actor
from bot.model.summary import ExportFile, IncidentSummary


class Desk(Protocol):
    """What people may ask of the bot; Slack and the terminal call the same.

    Everything that may be refused raises AskError with the sentence for the person; a refusal is in
    the ledger by then. LedgerUnavailable means: nothing was done, say so. Work that takes time is
    only handed to the engine here; each call returns within milliseconds.
    """

    async def ask(
        self,
        actor: Actor,
        *,
        runbook: str,
        hosts: Sequence[str],
        place: Place | None,
        words: str,
        request: str = "",
    ) -> tuple[str, ...]:
        """Look at each host; incidents in the order of `hosts`, those of a moment ago at this place again.

        `request` tells it from every other one: the same twice opens nothing twice, in any process.
        """
        ...

    async def vote(
        self,
        actor: Actor,
        approval: str,
        *,
        is_yes: bool,
        reason: str = "",
        break_glass: str = "",
        signature: str = "",
    ) -> str:
        """Count a vote on an approval; its incident. `break_glass` is a justification, `signature` SSH's."""
        ...

    async def again(self, actor: Actor, incident: str, *, request: str = "") -> None:
        """Run the checklist of an incident again; once for one request."""
        ...

    async def note(self, actor: Actor, incident: str, text: str, *, request: str = "") -> None:
        """Add a note to the timeline; once for one request."""
        ...

    async def export(self, actor: Actor, incident: str, form: str) -> ExportFile:
        """The timeline as `md`, `json`, `html` or `csv`."""
        ...

    async def status(self, *, limit: int = 10) -> tuple[IncidentSummary, ...]:
        """What is still to be reviewed, then the latest incidents, newest first."""
        ...

    async def incident_at(self, channel: str, ts: str) -> str | None:
        """The incident whose thread (its root's channel and ts) this is."""
        ...
