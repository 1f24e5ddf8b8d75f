"""Rule request_too_big_for_app."""

import pytest

from bot.model.verdict import Certainty, Finding
from tests.support.asked import ask, error, finding, quoted, said

_RESET = error("recv() failed (104: Connection reset by peer) while reading response header from upstream")


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "request_too_big_for_app",
            app_journal=said("invalid request block size: 5399 (max 4096)...skip"),
            error_log=_RESET,
        )
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert "(5399 bytes, 4096 allowed)" in answer.says
    assert "invalid request block size" in quoted(answer)


@pytest.mark.parametrize("line", ["ready", "invalid request block size: 21573 (max 4096)...skip"])
def test_does_not_fire_when_it_says_nothing_of_a_size_or_the_size_is_text(line: str) -> None:
    answer = ask("request_too_big_for_app", app_journal=said(line), error_log=_RESET)

    assert not isinstance(answer, Finding), answer
