"""Rule app_crash_runtime."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests import test_judge
from tests.support.asked import WELL, ask, crashing, error, finding, quoted, said, stopped, systemd, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "app_crash_runtime",
            unit=crashing(ActiveState="failed", ExecMainStartTimestamp="Fri 2026-11-20 10:00:00 UTC"),
            app_journal=said("fatal error: index out of range")
            + systemd("myapp.service: Main process exited, code=dumped, status=6/ABRT"),
        )
    )

    assert answer.cause == "app_crash_runtime"
    assert answer.certainty is Certainty.CONFIRMED
    assert "index out of range" in quoted(answer)
    assert answer.restart.effect is RestartEffect.TEMPORARY


NOT_SO = {
    "it never ended": {"unit": unit()},
    "it dies while starting": {"unit": crashing()},
    "the kernel killed it for memory": {
        "unit": crashing(ExecMainStartTimestamp="Fri 2026-11-20 10:00:00 UTC"),
        "kernel_log": "[Fri Nov 20 11:59:51 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/system.slice/myapp.service,task_memcg=/system.slice/myapp.service,task=python3,pid=99,uid=990\n",
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("app_crash_runtime", **texts)

    assert not isinstance(answer, Finding), answer


def test_the_words_of_an_earlier_process_are_no_reason_for_this_end() -> None:
    answer = finding(
        ask(
            "app_crash_runtime",
            unit=unit(NRestarts=1),
            app_journal=systemd("Started myapp.service - My web app.")
            + said("PermissionError: [Errno 13] Permission denied: 'app.py'")
            + systemd(
                "myapp.service: Main process exited, code=exited, status=1/FAILURE",
                "Started myapp.service - My web app.",
            )
            + said("INFO listening on 127.0.0.1 port 3000").replace("[99]", "[100]")
            + systemd("myapp.service: Main process exited, code=killed, status=9/KILL"),
        )
    )

    assert "Permission denied" not in answer.says + quoted(answer)
    assert "status=9/KILL" in quoted(answer)


def test_a_request_that_broke_off_as_the_process_ended_has_ended_it_however_young_it_was() -> None:
    broken = error(
        "recv() failed (104: Connection reset by peer) while reading response header from upstream"
    )
    seen = {
        "unit": unit(NRestarts=1, ExecMainStartTimestamp="Fri 2026-11-20 11:59:58 UTC"),
        "app_journal": "2026-11-20T11:59:55+0000 web-01 systemd[1]: Started myapp.service.\n"
        "2026-11-20T11:59:57+0000 web-01 node[9]: Error: no price for item 7\n"
        "2026-11-20T11:59:57+0000 web-01 systemd[1]: myapp.service: Main process exited, code=exited, status=1/FAILURE\n",
        "error_log": broken.replace("GET / ", "GET /boom "),
        "upstreams": WELL,
    }

    verdict = test_judge.verdict_of(front=WELL, **seen)

    assert (verdict.cause, verdict.certainty) == ("app_crash_runtime", Certainty.CONFIRMED)
    assert (
        verdict.says
        == "myapp.service died after 2 s of work on a request for /boom: Error: no price for item 7"
    )
    assert verdict.restart.effect is RestartEffect.USELESS
    assert "app_crash_startup" not in {one.cause for one in verdict.found}


def test_a_unit_that_could_not_be_run_did_not_die_at_work() -> None:
    failed = unit(
        ActiveState="failed",
        SubState="failed",
        Result="resources",
        ExecMainExitTimestamp="Fri 2026-11-20 11:50:00 UTC",
    )

    assert ask("app_crash_runtime", unit=failed, app_journal=said("Worker exiting (pid: 7)")) is None


def test_python_s_complaint_about_a_handler_s_own_log_is_not_why_it_ended() -> None:
    journal = (
        said("ModuleNotFoundError: No module named 'payments'")
        + said("RuntimeError: reentrant call inside <_io.BufferedWriter name='<stderr>'>")
        + systemd("myapp.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED")
    )

    assert "payments" in finding(ask("app_crash_startup", unit=crashing(), app_journal=journal)).says


def test_a_unit_that_ended_well_did_not_die_for_restarts_of_which_nothing_is_seen() -> None:
    """Without the right to read the journal NRestarts alone tells of an earlier end, not of this one."""
    later = stopped(
        NRestarts=19, ExecMainCode=2, ExecMainStatus=15, ExecMainExitTimestamp="Fri 2026-11-20 11:58:00 UTC"
    )

    assert ask("app_crash_runtime", unit=later) is None
