"""Rule fd_limit."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, quoted, said, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "fd_limit",
            app_journal=said("accept() failed: [Errno 24] Too many open files"),
            unit=unit(),
        )
    )

    assert answer.cause == "fd_limit"
    assert answer.certainty is Certainty.CONFIRMED
    assert "Too many open files" in quoted(answer)
    assert answer.restart.effect is RestartEffect.TEMPORARY


NOT_SO = {
    "nobody complains": {"app_journal": said("ready"), "error_log": ""},
    "open descriptors are far below the limit": {
        "app_journal": said("ready"),
        "processes": "process\t100\tpython3\t990\t/system.slice/myapp.service\t1024\t30\t1\n",
    },
}


def test_is_not_ruled_out_by_a_log_that_nobody_could_read() -> None:
    assert ask("fd_limit", app_journal=said("ready")) is None


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("fd_limit", **texts)

    assert not isinstance(answer, Finding), answer
