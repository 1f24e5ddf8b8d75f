"""What a verdict looks like in a terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from bot import terminal
from bot.model.verdict import Certainty, Line, Verdict
from tests.support.incidents import broken

PROOF = Line(step="app_journal", text="ModuleNotFoundError: No module named 'payments_v2'")
BAD = replace(
    broken("deploy_bad_release").found[0], says="release 2 has not worked", because=(PROOF,), weight=100
)
DIES = replace(
    broken("app_crash_startup").found[0],
    says="it dies at once",
    because=(PROOF, Line(step="unit", text="NRestarts=3")),
    certainty=Certainty.LIKELY,
    weight=80,
)
VERDICT = replace(broken("deploy_bad_release"), says=BAD.says, found=(BAD, DIES))


def printed(verdict: Verdict, *, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    terminal.show_verdict(verdict, console, title="case")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_headline_and_a_quoted_line_stand_there_once(width: int) -> None:
    said = printed(VERDICT, width=width)

    assert said.count("release 2 has not worked") == 1
    assert said.count("payments_v2") == 1
    assert "NRestarts=3" in said and "it dies at once" in said


def test_what_only_follows_from_the_first_finding_is_said_to() -> None:
    said = printed(VERDICT)

    assert "2. app_crash_startup (likely, as a consequence) it dies at once" in said
    assert "1. deploy_bad_release (confirmed)" in said


def test_what_stands_beside_it_is_not() -> None:
    other = replace(DIES, cause="sudo_missing", weight=-50)

    assert "consequence" not in printed(replace(VERDICT, found=(BAD, other)))
