"""Settles the points of the leanings on labelled cases: `python -m tools.settle FILE…` rewrites the table.

A file has one JSON object a line with `id`, `evidence` and `cause_label`, as tools.accuracy reads them. The
points are those of a multinomial logistic regression over the rows that a text shows, drawn towards the
points that stand in the table: what few cases show stays as it was written by hand.

Prints what the fit alone has right, before and after, on every fifth case, which is not learnt from.
"""

import json
import math
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.model.sign import Piece
from bot.rules._fit import rows
from bot.rules._leanings import FREQUENCY, LEANINGS, TABLE
from bot.signs import read
from tests.support.told import told_cases
from tools.leanings_file import written

#: So many points are worth a factor of e.
_SCALE = 8.0
#: How strongly a point is drawn towards the one in the table, as so many cases would.
_PULL = 0.02
_ROUNDS = 60
_STEP = 1.5
#: A point that was not there before is written down from here on; a smaller one says nothing.
_NEW = 3
_LEAST = 2
_SEED = 20


@dataclass(frozen=True)
class Case:
    """The rows of the table that a text shows, and its cause."""

    rows: tuple[str, ...]
    cause: str


@dataclass
class Points:
    """The table while it is settled: of each row the points of every cause; `""` is the frequency."""

    causes: tuple[str, ...]
    start: dict[str, list[float]]
    now: dict[str, list[float]] = field(default_factory=dict)
    seen: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = {name: list(row) for name, row in self.start.items()}
        self.seen = {name: [1e-6] * len(row) for name, row in self.start.items()}

    def scores(self, case: Case) -> list[float]:
        """Points of every cause for one text."""
        return [sum(column) for column in zip(*(self.now[name] for name in ("", *case.rows)), strict=True)]

    def learn(self, case: Case, often: Mapping[str, int]) -> None:
        """One step of AdaGrad towards the case's cause."""
        scores = [score / _SCALE for score in self.scores(case)]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        whole = sum(odds)
        slope = [share / whole / _SCALE for share in odds]
        slope[self.causes.index(case.cause)] -= 1 / _SCALE
        for name in ("", *case.rows):
            now, start, seen = self.now[name], self.start[name], self.seen[name]
            pull = _PULL / often[name]
            for at, part in enumerate(slope):
                step = part + pull * (now[at] - start[at])
                seen[at] += step * step
                now[at] -= _STEP * step / math.sqrt(seen[at])

    def settled(self) -> Iterator[tuple[str, dict[str, int]]]:
        """Rows as they are written down: whole points, and no new ones that hardly count."""
        for name, row in self.now.items():
            whole = {
                cause: round(value)
                for cause, value, before in zip(self.causes, row, self.start[name], strict=True)
                if abs(round(value)) >= (_LEAST if before else _NEW) or not name
            }
            yield name, {cause: value for cause, value in whole.items() if value or not name}


def cases(paths: Sequence[Path]) -> list[Case]:
    """The cases of the files and the project's own; a cause that no row names is left out."""
    found: list[Case] = []
    for path in paths:
        for line in path.read_text().splitlines():
            if line.strip():
                case = json.loads(line)
                pieces = [Piece(text=one["text"], kind=one.get("kind", "")) for one in case["evidence"]]
                found.append(_case(pieces, case["cause_label"]))
    found += [_case(list(case.pieces), case.first) for case in told_cases() if case.first]
    return [case for case in found if case.cause in FREQUENCY]


def _case(pieces: Sequence[Piece], cause: str) -> Case:
    return Case(rows=tuple(name for name, _ in rows(read(pieces))), cause=cause)


def settle(known: Sequence[Case], start: Mapping[str, Mapping[str, float]]) -> Points:
    """The points after `_ROUNDS` passes over the cases, each in an order of its own."""
    causes = tuple(sorted(FREQUENCY))
    points = Points(causes, {name: [row.get(cause, 0.0) for cause in causes] for name, row in start.items()})
    often = {name: max(1, sum(name in ("", *case.rows) for case in known)) for name in start}
    order, chance = list(known), random.Random(_SEED)  # noqa: S311  # an order, no secret
    for _ in range(_ROUNDS):
        chance.shuffle(order)
        for case in order:
            points.learn(case, often)
    return points


def right(points: Points, asked: Sequence[Case]) -> str:
    """How often the cause fits best, and is among the three that fit best."""
    first = three = 0
    for case in asked:
        scores = points.scores(case)
        best = sorted(range(len(scores)), key=lambda at: -scores[at])[:3]
        at = points.causes.index(case.cause)
        first, three = first + (best[0] == at), three + (at in best)
    return f"first {first / len(asked):.1%}, among three {three / len(asked):.1%} of {len(asked)}"


def main() -> None:
    """Settles the table on the files named, and writes it."""
    known = cases([Path(name) for name in sys.argv[1:]])
    start = {"": FREQUENCY, **LEANINGS}
    chance = random.Random(_SEED)  # noqa: S311  # a choice of cases, no secret
    chance.shuffle(known)
    kept, asked = [c for at, c in enumerate(known) if at % 5], known[::5]
    print("as it was ", right(settle([], start), asked))
    print("learnt    ", right(settle(kept, start), asked))
    TABLE.write_text(written(dict(settle(known, start).settled())))
    print(f"{TABLE.name} written from {len(known)} cases")


if __name__ == "__main__":
    main()
