"""Rule oom_kill."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, crashing, finding, quoted, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "oom_kill",
            unit=crashing(Result="signal", ExecMainCode=2, ExecMainStatus=9),
            kernel_log="[Fri Nov 20 11:59:51 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/system.slice/myapp.service,task_memcg=/system.slice/myapp.service,task=python3,pid=99,uid=990\n",
        )
    )

    assert answer.cause == "oom_kill"
    assert answer.certainty is Certainty.CONFIRMED
    assert "oom-kill:constraint" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "another unit was killed and this one runs": {
        "unit": unit(),
        "kernel_log": "[Fri Nov 20 11:59:51 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/system.slice/other.service,task_memcg=/system.slice/other.service,task=java,pid=77,uid=991\n",
    },
    "this one ended by an error of its own": {
        "unit": crashing(),
        "kernel_log": "[Fri Nov 20 11:59:51 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/system.slice/myapp.service,task_memcg=/system.slice/myapp.service,task=python3,pid=99,uid=990\n",
    },
    "nothing was killed": {"unit": unit(), "kernel_log": ""},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("oom_kill", **texts)

    assert not isinstance(answer, Finding), answer


KILL = "[Fri Nov 20 11:59:{second} 2026] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg=/system.slice/myapp.service,task_memcg=/system.slice/myapp.service,task=python3,pid=99,uid=990\n"


def test_no_restart_is_advised_while_systemd_restarts_it_itself() -> None:
    answer = finding(
        ask(
            "oom_kill",
            unit=crashing(Result="signal", ExecMainCode=2, ExecMainStatus=9, NRestarts=0),
            kernel_log=KILL.format(second=51),
        )
    )

    assert answer.restart.effect is RestartEffect.USELESS
