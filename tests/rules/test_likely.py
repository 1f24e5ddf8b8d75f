"""Whose a dialled address may be where the fleet file names no unit: told as a guess, with no remedy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.judge import judge
from bot.model.evidence import CommandOutput, Evidence, HostClock
from bot.model.host import Host, Service
from bot.model.verdict import Certainty, Finding, RestartEffect, Verdict
from tests.support.asked import HOST, NOW, REFUSED, WELL, error, fact, listens, nginx, probe, runbook

MISSING = (
    "connect() to unix:/run/myapp/app.sock failed (2: No such file or directory) while connecting to upstream"
)
BARE = replace(HOST, service=Service())
WHEN = "Fri 2026-11-20 11:59:50 UTC"


def row(
    name: str, active: str, sub: str, result: str = "success", since: str = WHEN, restarts: int = 0
) -> str:
    state = f"{active}\t{sub}\t{result}\t1\t{restarts}\tenabled\t{since}\t{since}"
    return f"unit\t{name}\t{state}\t/system.slice/{name}\n"


FAILED = row("app.service", "failed", "failed", "exit-code")
STOPPED = row("other.service", "inactive", "dead")
NAMES = "names\t{}\t3000\tExecStart\n"
SAID = (
    "said\tapp.service\t2026-11-20T11:59:49+0000 web-01 node[7]: Error: no DATABASE_URL\n"
    "said\tapp.service\t2026-11-20T11:59:50+0000 web-01 systemd[1]: app.service: Failed.\n"
)
RUNS = row("app.service", "active", "running")


def verdict(likely: str, host: Host = BARE, **texts: str) -> Verdict:
    steps = {"error_log": error(REFUSED), "upstreams": probe("refused"), "listeners": listens("0.0.0.0:22")}
    steps |= {"front": probe("answered", status=502), "likely_units": likely, **texts}
    evidence = Evidence(
        host=host.name,
        clock=HostClock(now=NOW),
        outputs={
            step: CommandOutput(step=step, argv=(), exit_status=0, stdout=t) for step, t in steps.items()
        },
        facts={step: fact(step, text) for step, text in steps.items()},
    )
    book = runbook()
    return judge(evidence, host=host, causes=book.causes, remedies=book.remedies)


def first(told: Verdict) -> Finding:
    return told.found[0]


def test_a_failed_unit_that_names_the_port_is_told_as_a_guess_with_its_last_words() -> None:
    told = verdict(FAILED + NAMES.format("app.service") + STOPPED + SAID)

    assert told.cause == "upstream_down"
    assert told.certainty is not Certainty.CONFIRMED
    assert "maybe app.service should, which failed (exit-code)" in told.says
    assert "no DATABASE_URL (a guess, for its ExecStart names port 3000)" in told.says
    assert "other.service" not in told.says
    assert [line.text for line in first(told).because if line.step == "likely_units"][1].endswith(
        "DATABASE_URL"
    )
    assert "`service: {unit: app.service}` for web-01 in the fleet file" in str(told.next_check)
    assert not told.restart.is_sure
    assert told.remedies == ()


GUESSED = {
    "failed, of this host's own": (FAILED, "it is the one service of this host's own that failed"),
    "stopped a moment ago beside one that failed before": (
        row("b.service", "failed", "failed", "exit-code", since="Fri 2026-11-20 11:00:00 UTC") + STOPPED,
        "for other.service, which is stopped since 2026-11-20 11:59:50 UTC, or b.service, which failed",
    ),
    "failed long before": (
        row("b.service", "failed", "failed", "exit-code", since="Mon 2026-11-16 11:00:00 UTC") + STOPPED,
        "maybe other.service should",
    ),
    "in a loop": (
        row("app.service", "activating", "auto-restart", restarts=4),
        "ends again and again (4 restarts)",
    ),
    "in a loop, between two ends": (
        row("app.service", "active", "running", restarts=2) + NAMES.format("app.service"),
        "ends again and again (2 restarts)",
    ),
    "stopped": (STOPPED, "maybe other.service should, which is stopped since 2026-11-20 11:59:50 UTC"),
    "never started": (row("app.service", "inactive", "dead", since=""), "was not started since boot"),
    "stopped before never started": (
        row("idle.service", "inactive", "dead", since="") + STOPPED,
        "maybe other.",
    ),
    "runs and names it": (RUNS + NAMES.format("app.service") + STOPPED, "runs and does not listen there"),
    "down and names it, beside one that runs": (
        RUNS + NAMES.format("app.service") + STOPPED + NAMES.format("other.service"),
        "maybe other.service should",
    ),
    "two": (FAILED + row("b.service", "failed", "failed", "signal"), "or b.service, which failed (signal)"),
}


@pytest.mark.parametrize(("likely", "says"), GUESSED.values(), ids=GUESSED.keys())
def test_the_best_reason_is_told(likely: str, says: str) -> None:
    told = verdict(likely)

    assert says in told.says
    assert "a guess" in told.says
    assert told.certainty is not Certainty.CONFIRMED
    assert told.remedies == ()


def test_what_says_no_trouble_is_no_last_word() -> None:
    ended = "app.service: Main process exited, code=killed, status=9/KILL"
    said = (
        "said\tapp.service\t2026-11-20T11:59:48+0000 web-01 node[7]: INFO listening\n"
        f"said\tapp.service\t2026-11-20T11:59:49+0000 web-01 systemd[1]: {ended}\n"
    )
    told = verdict(FAILED + NAMES.format("app.service") + said)

    assert f": {ended} (a guess" in told.says


def test_two_are_both_named_and_neither_is_advised() -> None:
    told = verdict(FAILED + row("b.service", "failed", "failed", "signal"))

    assert "`systemctl status app.service b.service`: which is the app?" in str(told.next_check)
    assert "start of the one that is the app" in str(first(told).mend)
    assert "`service: {unit: NAME.service}`" in str(told.next_check)


def test_without_any_it_says_what_to_name() -> None:
    told = verdict("")

    assert "guess" not in told.says
    assert "`service: {unit: NAME.service}`" in str(told.next_check)


@pytest.mark.parametrize(
    "address",
    ["192.0.2.7:3000", "unix:/run/other.sock"],
    ids=["another host's", "another socket's"],
)
def test_what_names_another_address_is_no_reason(address: str) -> None:
    likely = RUNS + NAMES.format("app.service")
    told = verdict(likely, upstreams=probe("refused", address=address), error_log="")

    assert "guess" not in told.says


def test_a_missing_socket_is_laid_to_the_unit_that_names_it() -> None:
    likely = FAILED + "names\tapp.service\t/run/myapp/app.sock\tapp.socket\n" + SAID
    told = verdict(
        likely,
        error_log=error(MISSING, upstream="http://unix:/run/myapp/app.sock:/"),
        upstreams="",
        socket_files="missing\t/run/myapp/app.sock\n",
    )

    assert told.cause == "socket_missing"
    assert told.certainty is not Certainty.CONFIRMED
    assert "for its app.socket names /run/myapp/app.sock" in told.says
    assert told.remedies == ()


OWNED = "LISTEN 0 128 127.0.0.1:3000 0.0.0.0:* uid:990 ino:1 sk:1 cgroup:/system.slice/app.service <->\n"


def test_the_unit_that_serves_is_named_beside_a_trouble_of_the_app() -> None:
    hangs = probe("read_timeout")
    told = verdict(RUNS, upstreams=hangs, error_log="", listeners=OWNED, listener_owners=OWNED)

    assert told.found
    assert "app.service listens where nginx dials; `service: {unit: app.service}`" in str(told.next_check)


def test_nothing_of_it_shows_on_a_healthy_host() -> None:
    since = f"{NOW - timedelta(seconds=3):%a %Y-%m-%d %H:%M:%S} UTC"
    told = verdict(
        row("app.service", "active", "running", since=since) + FAILED.replace("app.", "backup."),
        upstreams=WELL,
        front=WELL,
        listeners=OWNED,
        listener_owners=OWNED,
        nginx_unit=nginx(),
    )

    assert told.cause == "healthy", told.says
    assert "service" not in told.says
    assert told.next_check is None


def test_an_old_refusal_is_not_laid_to_a_container_that_nginx_is_not_in() -> None:
    told = verdict(
        "", upstreams=WELL, front=WELL, listeners=listens(), nginx_unit=nginx(), error_log=error(REFUSED)
    )

    assert told.cause != "loopback_in_proxy_container", told.says


KEPT = {
    "its files name the port": (
        row("supervisor.service", "active", "running")
        + "names\tsupervisor.service\t3000\t/etc/supervisor/conf.d/shop.conf\n",
        "maybe supervisor.service should, which runs and does not listen there "
        "(a guess, for /etc/supervisor/conf.d/shop.conf, which it reads, names port 3000)",
        "`sudo supervisorctl status`: does the app run? Then `service: {unit: supervisor.service}`",
    ),
    "nothing names it": (
        row("pm2-deploy.service", "active", "running"),
        "nothing listens on 127.0.0.1:3000",
        "`sudo -iu deploy pm2 status`: pm2-deploy.service runs, and keeps programs that systemd knows "
        "nothing of; if the app is one of them, `service: {unit: pm2-deploy.service}` for web-01",
    ),
}


@pytest.mark.parametrize(("likely", "says", "asks"), KEPT.values(), ids=KEPT.keys())
def test_who_keeps_programs_of_its_own_is_asked_for_them(likely: str, says: str, asks: str) -> None:
    told = verdict(likely)

    assert says in told.says
    assert asks in str(told.next_check)
    assert str(told.next_check).endswith("in the fleet file lets the bot look closer")
    assert told.restart.effect.value != "helps"


_TWO = probe("answered", status=200, address="127.0.0.1:3001") + probe("refused")
_INSTANCE = replace(HOST, service=Service(unit="app@3001.service"))


@pytest.mark.parametrize("host", [BARE, _INSTANCE], ids=["no unit named", "its sibling named"])
def test_of_two_servers_the_unit_of_the_one_that_is_down_is_told(host: Host) -> None:
    sibling = row("app@3000.service", "inactive", "dead")
    runs = row("app@3001.service", "active", "running") + "names\tapp@3001.service\t3001\tExecStart\n"

    told = verdict(sibling + NAMES.format("app@3000.service") + runs, host, upstreams=_TWO)

    assert "1 of 2 upstream servers does not listen (127.0.0.1:3000)" in told.says
    assert "maybe app@3000.service should, which is stopped since 2026-11-20 11:59:50 UTC" in told.says
    assert "systemctl status app@3000.service" in str(told.next_check)
    assert str(told.next_check).count("in the fleet file") == (host is BARE)


@pytest.mark.parametrize(
    ("since", "restarts", "is_healthy"),
    [("11:59:59", 0, True), ("11:59:30", 0, False), ("11:59:59", 1, False)],
    ids=["started since", "ran before", "started again by systemd"],
)
@pytest.mark.parametrize("said", [REFUSED, "no live upstreams while connecting to upstream"])
def test_what_was_said_before_the_unit_that_listens_there_was_started_is_over(
    said: str, since: str, restarts: int, *, is_healthy: bool
) -> None:
    group = "cgroup:/system.slice/app@{}.service"
    sockets = "".join(
        f"LISTEN 0 5 127.0.0.1:{port} 0.0.0.0:* ino:1 sk:1 {group.format(port)} <->\n"
        for port in (3000, 3001)
    )
    when = f"Fri 2026-11-20 {since} UTC"

    told = verdict(
        "".join(
            row(f"app@{p}.service", "active", "running", since=when, restarts=restarts) for p in (3000, 3001)
        ),
        front=WELL,
        upstreams=probe("answered", status=200) + probe("answered", status=200, address="127.0.0.1:3001"),
        listeners=sockets,
        error_log=error(said, upstream="http://127.0.0.1:3000/" if said == REFUSED else "http://app/"),
    )

    assert (told.cause == "healthy") is is_healthy


_SOCKET = "unix:/run/app.sock"
_BEHIND = (
    row("app.service", "active", "running", restarts=4) + "names\tapp.service\t/run/app.sock\tapp.socket\n"
)


def _lived(seconds: int) -> str:
    return (
        "said\tapp.service\t2026-11-20T11:59:01+0000 web-01 systemd[1]: Started app.service - app.\n"
        f"said\tapp.service\t2026-11-20T11:59:{seconds:02}+0000 web-01 gunicorn[7]: KeyError: 'SHOP'\n"
        f"said\tapp.service\t2026-11-20T11:59:{seconds:02}+0000 web-01 systemd[1]: app.service: Main process "
        "exited, code=exited, status=3/NOTIMPLEMENTED\n"
        "said\tapp.service\t2026-11-20T11:59:50+0000 web-01 systemd[1]: Started app.service - app.\n"
    )


def _silent(likely: str, host: Host = BARE, address: str = _SOCKET) -> Verdict:
    waited = error(
        "upstream timed out (110: Connection timed out) while reading response header from upstream",
        upstream=f"http://{address}:/",
    )
    asked = probe("read_timeout", address=address)
    return verdict(likely, host, error_log=waited, upstreams=asked, front=probe("answered", status=504))


def test_what_dies_behind_a_socket_unit_at_each_start_does_not_hang() -> None:
    told = _silent(_BEHIND + _lived(5))

    assert told.says == (
        "app.service, which systemd starts for connections to unix:/run/app.sock, dies 4 s after each start:"
        " KeyError: 'SHOP'"
    )
    assert (told.cause, told.certainty) == ("app_crash_startup", Certainty.LIKELY)
    assert told.restart.effect is RestartEffect.USELESS
    assert {one.restart.effect for one in told.found} == {RestartEffect.USELESS}
    assert told.remedies == ()


NO_LOOP = {
    "it served before it died": (_BEHIND + _lived(40), _SOCKET),
    "another listens there": (_BEHIND + _lived(5), "unix:/run/other.sock"),
    "its command names it, which is no proof": (
        row("app.service", "active", "running", restarts=4)
        + "names\tapp.service\t/run/app.sock\tExecStart\n"
        + _lived(5),
        _SOCKET,
    ),
}


@pytest.mark.parametrize(("likely", "address"), NO_LOOP.values(), ids=NO_LOOP.keys())
def test_of_others_only_a_hang_is_known(likely: str, address: str) -> None:
    assert _silent(likely, address=address).cause == "app_hang"
