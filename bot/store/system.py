"""Events of the system chain: what happened to the ledger as a whole, not to one incident."""

from dataclasses import dataclass
from typing import ClassVar

#: Name of the chain these stand in; no incident may have it.
SYSTEM = "system"


@dataclass(frozen=True, kw_only=True)
class ChainOpened:
    """An incident's chain begins; committed together with its first entry."""

    kind: ClassVar[str] = "system.chain_opened"
    incident: str
    genesis: str


@dataclass(frozen=True, kw_only=True)
class ExportWritten:
    """A timeline left the ledger; anchors the incident's head at that moment."""

    kind: ClassVar[str] = "system.export_written"
    incident: str
    form: str
    sha256: str
    head: str


@dataclass(frozen=True, kw_only=True)
class ServerStarted:
    """A server took the ledger."""

    kind: ClassVar[str] = "system.server_started"
    pid: int
    host: str
    #: Of the database library.
    database: str


SystemEvent = ChainOpened | ExportWritten | ServerStarted
