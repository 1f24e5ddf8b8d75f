"""Rule app_crash_runtime."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, said, systemd, unit


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
