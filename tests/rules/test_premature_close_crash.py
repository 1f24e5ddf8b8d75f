"""Rule premature_close_crash."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, probe, quoted, said, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "premature_close_crash",
            upstreams=probe("closed"),
            error_log=error(
                "upstream prematurely closed connection while reading response header from upstream"
            ),
            app_journal=said("ERROR worker aborted while handling /"),
        )
    )

    assert answer.cause == "premature_close_crash"
    assert answer.certainty is Certainty.CONFIRMED
    assert "prematurely closed" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_an_answer_that_ends_in_the_middle_is_called_that() -> None:
    cut = error("upstream prematurely closed connection while reading upstream")

    assert "breaks its answers off" in finding(ask("premature_close_crash", error_log=cut)).says


NOT_SO = {
    "everything is answered": {"upstreams": WELL},
    "it refuses": {"upstreams": probe("refused"), "error_log": error(REFUSED)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("premature_close_crash", **texts)

    assert not isinstance(answer, Finding), answer


@pytest.mark.parametrize(
    "line",
    [
        "DAMN ! worker 1 (pid: 7) died, killed by signal 11 :( trying respawn ...",
        "[2026-11-20 11:59:51 +0000] [1] [ERROR] Worker (pid:7) was sent SIGSEGV!",
    ],
)
def test_the_app_servers_own_word_of_a_crashed_worker_settles_it(line: str) -> None:
    broken = error("upstream prematurely closed connection while reading response header from upstream")

    answer = finding(ask("premature_close_crash", error_log=broken, upstreams=WELL, app_journal=said(line)))

    assert answer.certainty is Certainty.CONFIRMED
    assert line in quoted(answer)


def test_a_worker_that_was_killed_for_its_time_is_another_cause() -> None:
    broken = error("upstream prematurely closed connection while reading response header from upstream")
    killed = said("[1] [CRITICAL] WORKER TIMEOUT (pid:9)")

    answer = ask("premature_close_crash", error_log=broken, upstreams=WELL, app_journal=killed)

    assert not isinstance(answer, Finding)


def test_a_worker_that_somebody_killed_is_said_so() -> None:
    broken = error("upstream prematurely closed connection while reading response header from upstream")
    killed = said("[1] [WARNING] Worker with pid 9 was terminated due to signal 9")

    answer = finding(ask("premature_close_crash", error_log=broken, upstreams=WELL, app_journal=killed))

    assert answer.says == "a worker of the app was killed by signal 9 in the middle of a request"
    assert answer.certainty is Certainty.LIKELY


def test_a_process_that_was_seen_to_end_is_quoted_and_not_called_unseen() -> None:
    closed = "upstream prematurely closed connection while reading response header from upstream"
    end = "myapp.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED"

    found = finding(ask("premature_close_crash", error_log=error(closed), app_journal=systemd(end)))

    assert found.certainty is Certainty.LIKELY
    assert end in quoted(found)
    assert "no end of a process" not in (found.mend or "")


@pytest.mark.parametrize("how", [{"ExecMainStatus": 203, "ExecMainCode": 1}, {"Result": "resources"}])
def test_what_systemd_closes_for_want_of_a_program_is_no_crash_on_a_request(how: dict[str, object]) -> None:
    reset = error("recv() failed (104: Connection reset by peer) while reading response header from upstream")
    failed = unit(**{"ActiveState": "failed", "SubState": "failed", "Result": "exit-code", **how})

    assert ask("premature_close_crash", error_log=reset, unit=failed) is None
