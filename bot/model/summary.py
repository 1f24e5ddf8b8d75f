"""Short views of incidents and finished exports."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.stand import Stand


@dataclass(frozen=True, kw_only=True)
class IncidentSummary:
    """One line of `/502 status`."""

    incident: str
    runbook: str
    host: str
    at: datetime
    #: Person who asked.
    person: str
    #: Verdict's headline, or what is going on.
    says: str
    stand: Stand
    #: Ids of the approvals that may be voted on now.
    open_approvals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExportFile:
    """A timeline, ready to hand over."""

    name: str
    content: bytes
    #: Hex SHA-256 of the content.
    sha256: str
    #: Chain head it was made at: `<seq>:<hash>`.
    head: str
