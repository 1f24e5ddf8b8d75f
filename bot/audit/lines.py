"""What stands in the second sink: one line for each checkpoint and each accepted rollback; pure.

    runbook-bot anchor at=2026-01-31T03:00:00.123000Z n=42 total=977 system#88=… checkpoint=… key=…
    runbook-bot rollback-accepted lost=system#88=… kept=50 by=mei

Whatever a syslog puts before it does not matter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from bot.store.system import SYSTEM, RollbackAccepted

_ANCHOR = re.compile(
    r"runbook-bot anchor at=(?P<at>\S+) n=\d+ total=\d+ system#(?P<seq>[1-9]\d{0,17})=(?P<hash>[0-9a-f]{64})"
    r" checkpoint=(?P<checkpoint>[0-9a-f]{64}) key=(?:[0-9a-f]{16}|none)\s*$"
)
_ACCEPTED = re.compile(
    r"runbook-bot rollback-accepted lost=(?P<lost>\S+) kept=(?P<kept>\d{1,18}) by=(?P<by>\S+)\s*$"
)
#: People who must say that a ledger which went back may be gone on with.
PEOPLE = 2


@dataclass(frozen=True, kw_only=True)
class AnchorLine:
    """A checkpoint was written: the system chain had this hash at this place."""

    at: str
    seq: int
    hash: str
    #: Digest of the checkpoint's text.
    checkpoint: str

    @property
    def place(self) -> str:
        """As `RollbackNoticed.lost` has it."""
        return f"{SYSTEM}#{self.seq}={self.hash}"


@dataclass(frozen=True, kw_only=True)
class AcceptedLine:
    """A person accepted a rollback."""

    lost: str
    kept: int
    person: str


Line = AnchorLine | AcceptedLine


def anchor_line(*, at: str, n: int, total: int, place: tuple[int, str], checkpoint: str, key: str) -> str:
    """The line of a checkpoint whose entry stands at `place` (seq and hash) of the system chain."""
    seq, digest = place
    return (
        f"runbook-bot anchor at={at} n={n} total={total} {SYSTEM}#{seq}={digest}"
        f" checkpoint={checkpoint} key={key or 'none'}"
    )


def accepted_line(event: RollbackAccepted) -> str:
    """The line of an accepted rollback."""
    return (
        f"runbook-bot rollback-accepted lost={quote(event.lost, safe='#=')} kept={event.kept}"
        f" by={quote(event.person, safe='')}"
    )


def read_lines(lines: Iterable[str]) -> tuple[Line, ...]:
    """The lines that are ours, in order; others are passed over."""
    found: list[Line] = []
    for line in lines:
        if match := _ANCHOR.search(line):
            found.append(
                AnchorLine(
                    at=match["at"], seq=int(match["seq"]), hash=match["hash"], checkpoint=match["checkpoint"]
                )
            )
        elif match := _ACCEPTED.search(line):
            found.append(
                AcceptedLine(
                    lost=unquote(match["lost"]), kept=int(match["kept"]), person=unquote(match["by"])
                )
            )
    return tuple(found)


def seq_of(place: str) -> int:
    """The seq in `system#88=HASH`; 0 for a place in another chain or none."""
    chain, _, rest = place.partition("#")
    seq = rest.partition("=")[0]
    return int(seq) if chain == SYSTEM and seq.isdecimal() else 0


def settled(accepted: Iterable[RollbackAccepted | AcceptedLine]) -> frozenset[tuple[str, int]]:
    """The rollbacks (lost, kept) that enough different people accepted."""
    people: dict[tuple[str, int], set[str]] = {}
    for one in accepted:
        people.setdefault((one.lost, one.kept), set()).add(one.person)
    return frozenset(which for which, names in people.items() if len(names) >= PEOPLE)


def unfit(
    lines: Sequence[Line], hashes: Mapping[int, str], accepted: Sequence[RollbackAccepted]
) -> tuple[tuple[AnchorLine, ...], tuple[AnchorLine, ...]]:
    """Anchors that the system chain (seq -> hash) does not bear out: without excuse, and accepted ones.

    An accepted rollback excuses only what it lost, only lines from before it, and only when the people
    who accepted it are named in the ledger as well as in the lines.
    """
    named = {(one.lost, one.kept, one.person) for one in accepted}
    bare: list[AnchorLine] = []
    excused: list[AnchorLine] = []
    later: list[AcceptedLine] = []
    for line in reversed(lines):
        if isinstance(line, AcceptedLine):
            if (line.lost, line.kept, line.person) in named:
                later.append(line)
        elif hashes.get(line.seq) != line.hash:
            is_excused = any(kept < line.seq <= seq_of(lost) for lost, kept in settled(later))
            (excused if is_excused else bare).append(line)
    return tuple(reversed(bare)), tuple(reversed(excused))
