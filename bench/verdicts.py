"""How many pasted cases are judged in a minute: `python -m bench.verdicts`, also a part of `make bench`."""

import time
from collections.abc import Sequence

from bench.figures import Goal, goal_lines
from bot.diagnose import diagnose
from bot.model.sign import Piece
from tests.support.told import told_cases

CASES = 10_000
WANTED_A_MINUTE = 10_000
#: What compose, syslog and journald put before a line.
_BEFORE = ("", "web_1  | ", "Mar  3 10:00:00 web-01 shop[812]: ")
#: Lines of other requests in every tenth case: a log is seldom cut to the line that counts.
_NOISE = "\n".join(
    f'198.51.100.{n} - - [03/Mar/2031:10:00:{n:02} +0000] "GET /item/{n} HTTP/1.1" 200 {n * 977} "-" "-"'
    for n in range(1, 41)
)


def mixed(count: int) -> list[tuple[Piece, ...]]:
    """So many cases out of the project's own, with and without what others put before and around them."""
    own = [case.pieces for case in told_cases()]
    return [_worn(own[number % len(own)], number) for number in range(count)]


def _worn(pieces: tuple[Piece, ...], number: int) -> tuple[Piece, ...]:
    before = _BEFORE[number % len(_BEFORE)]
    worn = (
        Piece(text="\n".join(before + line for line in piece.text.split("\n")), kind=piece.kind)
        for piece in pieces
    )
    return (*worn, Piece(text=_NOISE, kind="access_log")) if number % 10 == 0 else tuple(worn)


def a_minute(cases: Sequence[tuple[Piece, ...]]) -> float:
    """Cases judged in a minute of one core, reading included; other programs' load does not count."""
    began = time.process_time()
    for pieces in cases:
        diagnose(pieces)
    return len(cases) * 60 / (time.process_time() - began)


def main() -> None:
    """Judge all cases once and print the rate against the goal."""
    diagnose(())  # imports the rules
    seen = a_minute(mixed(CASES))
    goal = Goal(
        says="pasted cases judged a minute", wanted=WANTED_A_MINUTE, seen=round(seen), is_at_least=True
    )
    print(f"{CASES} cases judged on one core\n")
    print("\n".join(goal_lines([goal])))


if __name__ == "__main__":
    main()
