"""A host that systemd does not run: what is said there, and what is not offered."""

from dataclasses import replace

import pytest

from bot.judge import judge
from bot.model.evidence import CommandOutput, Evidence, Gap, GapKind, HostClock
from bot.model.verdict import Certainty, RestartEffect, RuledOut, Verdict
from bot.rules import _no_systemd
from tests.support import asked
from tests.support.asked import HOST, WELL, ask, finding, probe, quoted

_NGINX = "nginx\t48\t1763636400\n"
_REFUSED = probe("refused")
_SOCKETS = "LISTEN 0 511 0.0.0.0:80 0.0.0.0:*\n"
_BARE = replace(HOST, service=replace(HOST.service, unit=None, name="myapp"))


def service(
    state: str, keeper: str = "openrc", name: str = "myapp", pid: str = "-", restarts: str = "-"
) -> str:
    return f"init\t{keeper}\nservice\t{name}\t{keeper}\t{state}\t{pid}\t{restarts}\n"


def verdict(*gaps: Gap, host: object = _BARE, **texts: str) -> Verdict:
    """Of a host that has no unit."""
    runbook = asked.runbook()
    outputs = {
        step: CommandOutput(step=step, argv=("x",), exit_status=0, stdout=text)
        for step, text in texts.items()
    }
    evidence = Evidence(
        host="web-01",
        clock=HostClock(now=asked.NOW),
        outputs=outputs,
        facts={step: asked.fact(step, text) for step, text in texts.items()},
        gaps=gaps,
    )
    return judge(evidence, host=host, causes=runbook.causes, remedies=runbook.remedies)  # type: ignore[arg-type]  # a Host


def test_nginx_runs_by_its_process() -> None:
    answer = ask("nginx_down", init="init\tsh\n" + _NGINX)

    assert isinstance(answer, RuledOut)
    assert "master process 48" in answer.because[0].text


def test_nginx_is_down_where_no_process_of_it_is_there() -> None:
    answer = finding(
        ask(
            "nginx_down",
            init=service("stopped", name="nginx"),
            front=probe("refused", address="127.0.0.1:80"),
            config_test="nginx: configuration file test is successful",
        )
    )

    assert answer.certainty is Certainty.CONFIRMED
    assert answer.says == "nginx does not run, no process of it is there: OpenRC has nginx as stopped"
    assert answer.mend == "`rc-service nginx start`"
    assert answer.restart.effect is RestartEffect.HELPS


@pytest.mark.parametrize(
    "facts",
    [
        {"init": "init\tsh\nhidden\n"},
        {"init": "init\tsh\n", "front": WELL},
        {"init": ""},
    ],
    ids=["processes are hidden", "something answers there", "systemd runs"],
)
def test_nginx_is_not_called_down_for_want_of_knowledge(facts: dict[str, str]) -> None:
    assert ask("nginx_down", **facts) is None


@pytest.mark.parametrize(
    ("text", "says", "mend"),
    [
        (service("stopped"), "OpenRC has myapp as stopped", "`rc-service myapp start`"),
        (service("crashed"), "its process is gone", "`rc-service myapp start`"),
        (service("failed"), "OpenRC has myapp as failed", "`rc-service myapp start`"),
        (service("stopped", "sysvinit"), "myapp has no pid file", "`service myapp start`"),
        (service("stopped", "runit"), "runit has myapp as stopped", "`sv up myapp`"),
        ("init\tsh\n", "nothing listens on 127.0.0.1:3000", "a start of the app by whatever starts it here"),
    ],
    ids=["stopped", "crashed", "failed", "sysvinit", "runit", "a script"],
)
def test_tells_what_the_keeper_says_and_how_that_keeper_starts_it(text: str, says: str, mend: str) -> None:
    found = verdict(init=text + _NGINX, upstreams=_REFUSED, listeners=_SOCKETS)

    assert found.cause == "upstream_down"
    assert says in found.says
    assert mend in (found.found[0].mend or "")
    assert "systemctl" not in f"{found.found[0].mend} {found.next_check}"
    assert found.remedies == ()


def log(*lines: str) -> str:
    return "==> /var/log/myapp/app.log <== mtime 1763640000 bytes 99\n" + "".join(
        f" {line}\n" for line in lines
    )


def test_quotes_what_the_log_ends_with() -> None:
    said = log(
        "INFO myapp: listening on 3000", "Traceback (most recent call last):", "RuntimeError: no DATABASE_URL"
    )

    found = verdict(init=service("crashed") + _NGINX, upstreams=_REFUSED, listeners=_SOCKETS, app_logs=said)

    assert "the last that its log says: RuntimeError: no DATABASE_URL" in found.says
    assert found.restart.effect is RestartEffect.USELESS
    assert "RuntimeError: no DATABASE_URL" in quoted(found.found[0])


def test_says_that_what_is_started_again_may_end_again_and_again() -> None:
    processes = "process\t7\tsh\trunsv\t1763640000\nprocess\t9\tsh\tsshd\t1763640001\n"

    found = verdict(
        init=service("started", "runit", pid="7") + _NGINX + processes, upstreams=_REFUSED, listeners=_SOCKETS
    )

    assert "a process only 1 s old: it may end and be started again and again" in found.says


def test_a_start_of_nginx_waits_for_no_sudo() -> None:
    gap = Gap(step="sudo", kind=GapKind.NOT_FOUND, reason="sudo is not on this host or may not be run")

    found = verdict(
        gap,
        init=service("stopped", name="nginx"),
        front=probe("refused", address="127.0.0.1:80"),
        config_test="nginx: configuration file test is successful",
    )

    assert (found.cause, found.restart.effect) == ("nginx_down", RestartEffect.HELPS)
    assert "sudo" not in found.restart.why


_KILL = (
    "[Fri Nov 20 11:58:00 2026] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),global_oom,"
    "task_memcg=/,task=python3,pid=7,uid=990\n"
)


@pytest.mark.parametrize(("state", "is_told"), [("crashed", True), ("stopped", False)])
def test_tells_a_kill_for_want_of_memory_beside_an_app_that_is_gone(state: str, is_told: bool) -> None:
    found = verdict(init=service(state) + _NGINX, upstreams=_REFUSED, listeners=_SOCKETS, kernel_log=_KILL)

    assert ("the kernel killed python3[7] for want of memory at 11:58:00 UTC" in found.says) is is_told


def test_does_not_quote_what_an_earlier_run_complained_of() -> None:
    said = log("RuntimeError: no DATABASE_URL", "INFO myapp: listening on 3000", "INFO myapp: GET / 200")

    found = verdict(init=service("stopped") + _NGINX, upstreams=_REFUSED, listeners=_SOCKETS, app_logs=said)

    assert "DATABASE_URL" not in found.says


def test_the_app_on_another_port_is_known_by_its_keeper() -> None:
    sockets = _SOCKETS + 'LISTEN 0 5 127.0.0.1:3001 0.0.0.0:* users:(("python3",pid=7,fd=3))\n'

    found = verdict(init=service("started", pid="7") + _NGINX, upstreams=_REFUSED, listeners=sockets)

    assert (found.cause, found.certainty) == ("wrong_port", Certainty.CONFIRMED)
    assert found.remedies == ()


_GAPS = (
    Gap(step="nginx_unit", kind=GapKind.NOT_FOUND, reason="systemctl is not on this host"),
    Gap(step="nginx_journal", kind=GapKind.REFUSED, reason="sudo refused"),
    Gap(step="unit", kind=GapKind.NOT_FOUND, reason="systemctl is not on this host"),
    Gap(step="kernel_log", kind=GapKind.NOT_FOUND, reason="dmesg may not be run"),
)


def test_one_gap_stands_for_all_that_systemd_would_tell() -> None:
    found = verdict(*_GAPS, init="init\topenrc\n" + _NGINX, front=WELL, upstreams=WELL, error_log="")

    assert found.cause == "healthy"
    assert [gap.step for gap in found.unchecked] == ["init", "kernel_log"]
    assert "no systemd here (OpenRC starts services)" in found.unchecked[0].reason


def test_a_unit_that_the_fleet_names_is_said_to_tell_nothing() -> None:
    found = verdict(*_GAPS, host=HOST, init="init\tsh\n" + _NGINX, front=WELL, upstreams=WELL, error_log="")

    assert "names myapp.service, which says nothing here" in found.unchecked[0].reason


def test_the_kernel_log_is_said_to_lack_what_it_lacks() -> None:
    found = verdict(*_GAPS, init="init\topenrc\n" + _NGINX, front=WELL, upstreams=WELL, error_log="")

    assert "BusyBox" in found.unchecked[1].reason


def test_a_host_without_sudo_is_said_to_have_none() -> None:
    gap = Gap(step="sudo", kind=GapKind.NOT_FOUND, reason="sudo is not on this host or may not be run")

    found = verdict(gap, init="init\topenrc\n" + _NGINX, front=WELL, upstreams=WELL, error_log="")

    assert "but sudo is not on this host: " in found.says
    assert "doas" in (found.found[0].mend or "")


def test_gaps_of_a_host_with_systemd_stay_as_they_are() -> None:
    found = verdict(*_GAPS, init="", front=WELL, upstreams=WELL, error_log="")

    assert found.unchecked == _GAPS


@pytest.mark.parametrize(
    ("parent", "restarts", "seconds", "is_known"),
    [
        ("init", "-", 5, True),
        ("supervise-daemo", "1", 5, False),
        ("supervise-daemo", "0", 5, True),
        ("runsv", "-", 5, False),
        ("runsv", "-", 60, True),
    ],
    ids=["by hand", "started again", "not started again", "maybe started again", "has lived on"],
)
def test_knows_since_when_the_process_runs_that_serves(
    parent: str, restarts: str, seconds: int, is_known: bool
) -> None:
    began = int(asked.NOW.timestamp()) - seconds
    facts = {
        "init": asked.fact(
            "init",
            service("started", pid="7", restarts=restarts) + f"process\t7\tpython3\t{parent}\t{began}\n",
        ),
        "listeners": asked.fact(
            "listeners", 'LISTEN 0 5 127.0.0.1:3000 0.0.0.0:* users:(("python3",pid=7,fd=3))\n'
        ),
        "upstreams": asked.fact("upstreams", WELL),
    }

    since = tuple(_no_systemd.runs_since(facts, asked.NOW))

    assert [int(at.timestamp()) for at in since] == ([began] if is_known else [])


def test_knows_it_without_root_by_the_service() -> None:
    began = int(asked.NOW.timestamp()) - 5
    facts = {
        "init": asked.fact("init", service("started", pid="7") + f"process\t7\tpython3\tinit\t{began}\n"),
        "listeners": asked.fact("listeners", "LISTEN 0 5 127.0.0.1:3000 0.0.0.0:*\n"),
        "upstreams": asked.fact("upstreams", WELL),
    }

    assert [int(at.timestamp()) for at in _no_systemd.runs_since(facts, asked.NOW)] == [began]
