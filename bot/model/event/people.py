"""What people did: asked, noted, exported, were refused."""

from dataclasses import dataclass
from typing import ClassVar

from bot.model.person import Account
from bot.model.ruling import Ruling


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in Slack an incident is shown."""

    team: str
    channel: str
    #: Thread the request came from, when it was asked inside one.
    thread: str | None = None


@dataclass(frozen=True, kw_only=True)
class IncidentOpened:
    """Somebody asked; committed before anything runs."""

    kind: ClassVar[str] = "incident.opened"
    runbook: str
    host: str
    by: Account
    person: str
    timezone: str = "UTC"
    place: Place | None = None
    #: The request's own words, cut to 200 characters.
    words: str = ""
    #: Digest that tells the request from every other one; empty when it came by no request of Slack's.
    request: str = ""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """A person added a note to the timeline."""

    kind: ClassVar[str] = "note"
    by: Account
    person: str
    text: str
    #: True when it is the review that break-glass asks for.
    is_review: bool = False
    #: As in `IncidentOpened`.
    request: str = ""
    #: True when it asks for another look at the host.
    wants_look: bool = False


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Somebody wanted something and may not, or it was too late."""

    kind: ClassVar[str] = "refused"
    by: Account
    person: str
    wanted: str
    why: str
    approval: str | None = None
    #: The policy's answer when it was that.
    ruling: Ruling | None = None


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The timeline was written out."""

    kind: ClassVar[str] = "exported"
    by: Account
    person: str
    form: str
    sha256: str
    head: str
