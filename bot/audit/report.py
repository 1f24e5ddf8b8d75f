"""What verification found, as values."""

from dataclasses import dataclass
from enum import Enum


class Result(Enum):
    """The worst that was found, for people and as exit status."""

    OK = "ok"
    TAMPERED = "tampered"
    #: Nothing was changed, but an action has no outcome (yet).
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"

    @property
    def exit_status(self) -> int:
        """0 ok, 1 tampered, 2 incomplete, 3 unreadable."""
        return list(Result).index(self)


class Kind(Enum):
    """What is wrong at a place."""

    SEQ = "entries are missing or out of order"
    HASH = "the entry was changed"
    LINK = "the entry does not follow the one before"
    REPLAY = "an earlier entry stands here again"
    GENESIS = "the chain does not begin as announced"
    MISSING_CHAIN = "the whole chain is gone"
    UNANNOUNCED_CHAIN = "the chain was never opened"
    PLACE = "the entry says it belongs elsewhere"
    CHECKPOINT = "a checkpoint does not follow from the one before"
    SIGNATURE = "a checkpoint is not signed as it should be"
    ANCHOR = "the chain is not the one that was seen before"
    UNAPPROVED = "acted without a valid approval"
    MISMATCH = "ran something else than was approved"
    UNPAIRED = "an outcome without an intent"
    DECISION = "a policy decision does not follow from what it was made from"
    CLOCK = "a vote or claim stands after its time was over"
    GUARD = "the database no longer enforces append-only"
    EVIDENCE = "an evidence text was changed"
    RENDERING = "the readable part does not say what the chain says"
    BODY = "the entry cannot be read"
    NO_OUTCOME = "an action without an outcome"


_RESULT_OF = {Kind.NO_OUTCOME: Result.INCOMPLETE, Kind.BODY: Result.UNREADABLE}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something wrong, and the first place it shows at."""

    kind: Kind
    #: An incident's id or `system`; None when it is about the whole.
    chain: str | None = None
    seq: int | None = None
    #: More than the kind says; may be empty.
    says: str = ""

    def __str__(self) -> str:
        place = f"{self.chain or 'ledger'}{f'#{self.seq}' if self.seq is not None else ''}"
        return f"{place}: {self.kind.value}{f' ({self.says})' if self.says else ''}"


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last entry of a chain: print it somewhere else, and truncation shows."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """Outcome of a verification."""

    troubles: tuple[Trouble, ...] = ()
    #: Worth a look, but no proof of anything, e.g. a clock that was set back.
    warnings: tuple[str, ...] = ()
    heads: tuple[Head, ...] = ()
    entries: int = 0
    #: Set when nothing could be verified at all: why.
    unreadable: str | None = None

    @property
    def result(self) -> Result:
        """Tampered before unreadable before incomplete before ok."""
        found = {_RESULT_OF.get(trouble.kind, Result.TAMPERED) for trouble in self.troubles}
        if self.unreadable is not None:
            found.add(Result.UNREADABLE)
        order = (Result.TAMPERED, Result.UNREADABLE, Result.INCOMPLETE)
        return next((result for result in order if result in found), Result.OK)
