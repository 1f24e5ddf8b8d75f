"""Events of the system chain: what happened to the ledger as a whole, not to one incident."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.model.refusal import AskRefused

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


@dataclass(frozen=True, kw_only=True)
class RulesLoaded:
    """What a server goes by from here on."""

    kind: ClassVar[str] = "system.rules_loaded"
    #: Digest of the policy, as in every decision made by it.
    policy: str
    hosts: int
    runbooks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeyAdded:
    """From here on checkpoints may be signed with this key."""

    kind: ClassVar[str] = "system.checkpoint_key"
    key: str
    #: Ed25519, raw, hex.
    public: str
    #: Id and signature of the key before, which vouches for this one; empty when none does.
    previous: str = ""
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckpointWritten:
    """The heads of all chains that grew since the checkpoint before; see `bot.audit.checkpoint`."""

    kind: ClassVar[str] = "system.checkpoint"
    #: Canonical JSON, exactly as it was signed.
    text: str
    #: Id of the key and Ed25519 signature, hex; both empty when there was no key.
    key: str = ""
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class RollbackNoticed:
    """An entry that was seen is not there any more; no action until two people accept it."""

    kind: ClassVar[str] = "system.rollback_noticed"
    #: The newest one that is missing: `system#88=HASH`.
    lost: str
    #: Seq in the system chain up to which the ledger is what was seen; 0 when that is not known.
    kept: int = 0


@dataclass(frozen=True, kw_only=True)
class RollbackAccepted:
    """One of the two people who say that actions may go on."""

    kind: ClassVar[str] = "system.rollback_accepted"
    lost: str
    kept: int
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class EvidenceErased:
    """Texts of an incident were forgotten; committed together with their end."""

    kind: ClassVar[str] = "system.evidence_erased"
    incident: str
    texts: int
    #: They were named by entries of before this time.
    before: datetime
    person: str
    reason: str


SystemEvent = (
    AskRefused
    | ChainOpened
    | ExportWritten
    | ServerStarted
    | RulesLoaded
    | KeyAdded
    | CheckpointWritten
    | RollbackNoticed
    | RollbackAccepted
    | EvidenceErased
)
