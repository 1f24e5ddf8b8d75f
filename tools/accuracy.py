"""How often the verdict over pasted text is right: `make accuracy`, or `python -m tools.accuracy FILE…`.

A file has one JSON object a line with `id`, `evidence`, `cause_label` and `restart_appropriate`
(yes, temporary, no). Without files the project's own cases are judged, which only shows what was lost.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import Certainty, RestartEffect, Verdict
from tests.support.told import told_cases

_MENDS = (RestartEffect.HELPS, RestartEffect.TEMPORARY)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A case, what it is and what was said."""

    id: str
    cause: str
    restart: str
    verdict: Verdict

    @property
    def ranked(self) -> list[str]:
        """Causes as named, the best first."""
        return list(self.verdict.ranked) or [self.verdict.cause]

    @property
    def is_wrong_restart(self) -> bool:
        """A restart was advised where the thread found it wrong."""
        return self.restart == "no" and self.verdict.restart.effect in _MENDS


def judged(path: Path) -> Iterator[Judged]:
    """Every case of a file. Raises ValueError naming the line that is no case."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            pieces = [Piece(text=one["text"], kind=one.get("kind", "")) for one in case["evidence"]]
            cause, restart = case["cause_label"], case["restart_appropriate"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}:{number} is no labelled case: {error!r}") from error
        yield Judged(id=case["id"], cause=cause, restart=restart, verdict=diagnose(pieces))


def report(cases: Iterable[Judged], *, is_long: bool = False) -> str:
    """The figures, and with `is_long` every case that was not right."""
    seen = list(cases)
    sure = [one for one in seen if one.verdict.certainty is Certainty.CONFIRMED]
    first = sum(one.ranked[0] == one.cause for one in seen)
    three = sum(one.cause in one.ranked[:3] for one in seen)
    wrong_sure = [one for one in sure if one.ranked[0] != one.cause]
    no_restart = [one for one in seen if one.restart == "no"]
    restarts = [one for one in seen if one.is_wrong_restart]
    lines = [
        f"cases                      {len(seen)}",
        f"right cause first          {first} ({_share(first, len(seen))})",
        f"right cause among three    {three} ({_share(three, len(seen))})",
        f"confirmed and wrong        {len(wrong_sure)} of {len(sure)}",
        f"restart where it is wrong  {len(restarts)} of {len(no_restart)}",
    ]
    if is_long:
        lines += [_line(one) for one in seen if one.ranked[0] != one.cause or one.is_wrong_restart]
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _line(one: Judged) -> str:
    said = ", ".join(one.ranked[:4])
    mark = "RESTART " if one.is_wrong_restart else ""
    return f"{one.id:>6} {one.cause:28} -> {one.verdict.certainty.value:9} {mark}{said}"


def own() -> Iterator[Judged]:
    """The project's own cases that say which cause comes first."""
    for case in told_cases():
        if case.first:
            restart = "no" if case.restart in ("useless", "harmful") else ""
            name = f"{case.file}: {case.name}"
            yield Judged(id=name, cause=case.first, restart=restart, verdict=diagnose(case.pieces))


def main(words: list[str]) -> int:
    """Print a report for each file; `--own` the project's cases too, `--long` every case that is wrong."""
    is_long = "--long" in words
    if "--own" in words:
        print(f"tests/cases/told\n{report(own(), is_long=is_long)}\n")
    for path in [Path(word) for word in words if not word.startswith("--")]:
        print(f"{path.name}\n{report(judged(path), is_long=is_long)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
