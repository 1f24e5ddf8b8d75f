"""What the judge says: found, ruled out, not checked, and whether a restart helps."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.model.evidence import Gap


class Certainty(Enum):
    """How far the evidence carries; ordered by `rank`, 0 first."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """0 for confirmed, 2 for possible."""
        return list(Certainty).index(self)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A verbatim line of evidence and the step it comes from."""

    step: str
    text: str
    #: Aware UTC when the line says so.
    at: datetime | None = None
    #: The same in words with units, where the line is a row of bare fields; empty: it speaks for itself.
    told: str = ""

    @property
    def says(self) -> str:
        """What people are shown of it."""
        return self.told or self.text


class RestartEffect(Enum):
    """What a restart would do."""

    HELPS = "helps"
    #: Brings service back for a while; the cause stays.
    TEMPORARY = "temporary"
    USELESS = "useless"
    HARMFUL = "harmful"


@dataclass(frozen=True, kw_only=True)
class RestartAdvice:
    """Whether a restart helps, of what, and why."""

    effect: RestartEffect
    #: `app`, `nginx`, or a unit's name.
    what: str
    #: One clause that completes "because …".
    why: str
    #: False where the effect is a guess: too little is known, or something may stand against it.
    is_sure: bool = True

    @property
    def answer(self) -> str:
        """The answer to "would a restart help?" for people."""
        match self.effect:
            case RestartEffect.HARMFUL:
                return "No, it would do harm"
            case RestartEffect.USELESS:
                return "No" if self.is_sure else "Not known"
            case RestartEffect.HELPS | RestartEffect.TEMPORARY if not self.is_sure:
                return "Perhaps"
            case RestartEffect.HELPS:
                return "Yes"
            case RestartEffect.TEMPORARY:
                return "Only for a while"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule's conclusion. Cannot be built without evidence."""

    #: Name of the cause, as in docs/reference/causes.md.
    cause: str
    certainty: Certainty
    #: One sentence for a tired reader.
    says: str
    because: tuple[Line, ...]
    restart: RestartAdvice
    #: The one check that would decide it; None when confirmed.
    next_check: str | None = None
    #: Orders findings of equal certainty; higher explains more of what users see.
    weight: int = 0
    #: What mends it on this very host; None where the rule's own account says it as well.
    mend: str | None = None

    def __post_init__(self) -> None:
        if not self.because:
            raise ValueError(f"finding {self.cause!r} has no evidence")


@dataclass(frozen=True, kw_only=True)
class RuledOut:
    """A cause the evidence excludes, and what excludes it."""

    cause: str
    says: str
    because: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to `/502 web-01`."""

    #: The cause that explains the 502 best, or `healthy`, or `unknown`.
    cause: str
    certainty: Certainty
    #: One sentence: the headline of the thread.
    says: str
    #: Ranked, the best explanation first; empty when healthy or unknown.
    found: tuple[Finding, ...]
    #: Causes beside what is confirmed that fit best, for whom it does not convince: nothing leads to them.
    next_best: tuple[str, ...] = ()
    ruled_out: tuple[RuledOut, ...]
    unchecked: tuple[Gap, ...]
    restart: RestartAdvice
    #: Names of remedies that fit this cause in this state, best first.
    remedies: tuple[str, ...] = ()
    next_check: str | None = None
    #: One line on what was changed just before the trouble; None when nothing was, or nothing fails.
    changed: str | None = None
    #: Whether requests asked in the users' place were answered below 500; None when none was asked.
    is_served: bool | None = None
    #: `200 at http://example.org/`, from the public address; None when it was not asked.
    users_get: str | None = None

    @property
    def ranked(self) -> tuple[str, ...]:
        """Names of all causes that fit, the best first."""
        return (*(finding.cause for finding in self.found), *self.next_best)

    @property
    def restart_answer(self) -> str:
        """The answer to "would a restart help?" for people; a flat no needs more than a possibility."""
        is_flat_no = self.restart.effect is RestartEffect.USELESS and self.restart.is_sure
        if is_flat_no and self.found and self.certainty is Certainty.POSSIBLE:
            return "Not if it is this"
        return self.restart.answer

    @property
    def could_look(self) -> bool:
        """False where the host itself could not be asked."""
        return not any(line.step == "connect" for found in self.found for line in found.because)

    @property
    def is_healthy(self) -> bool:
        """True when nothing fails now and enough was seen to say so."""
        return self.cause == "healthy"
