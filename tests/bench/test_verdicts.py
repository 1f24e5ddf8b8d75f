"""The bench of pasted cases."""

from bench.verdicts import a_minute, mixed
from bot.diagnose import diagnose
from tests.support.told import told_cases


def test_cases_are_the_projects_own_again_and_again_each_worn_otherwise() -> None:
    count = 3 * len(told_cases()) + 1

    cases = mixed(count)

    assert len(cases) == count
    assert len({tuple(piece.text for piece in pieces) for pieces in cases}) > len(told_cases())


def test_what_is_put_before_the_lines_does_not_hide_most_causes() -> None:
    first = [case.first for case in told_cases()]
    worn = mixed(2 * len(first))[len(first) :]

    named = [diagnose(pieces).cause for pieces in worn]

    asked = [(cause, said) for cause, said in zip(first, named, strict=True) if cause]
    assert sum(cause == said for cause, said in asked) > 0.7 * len(asked)


def test_the_rate_is_cases_by_time() -> None:
    assert a_minute(mixed(3)) > 0
