"""Rule upstream_timeout_worker_kill."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "upstream_timeout_worker_kill",
            app_journal=said("[CRITICAL] WORKER TIMEOUT (pid:1234)"),
            error_log=error(
                "upstream prematurely closed connection while reading response header from upstream"
            ),
        )
    )

    assert answer.cause == "upstream_timeout_worker_kill"
    assert answer.certainty is Certainty.CONFIRMED
    assert "WORKER TIMEOUT" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "it kills no worker": {
        "app_journal": said("Booting worker with pid: 12"),
        "error_log": error(
            "upstream prematurely closed connection while reading response header from upstream"
        ),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("upstream_timeout_worker_kill", **texts)

    assert not isinstance(answer, Finding), answer


def test_what_uwsgi_says_of_harakiri_at_its_start_is_no_kill() -> None:
    line = said(
        " *** WARNING: you have enabled harakiri without post buffering. Slow upload could be rejected"
    )

    assert ask("upstream_timeout_worker_kill", app_journal=line) is None
