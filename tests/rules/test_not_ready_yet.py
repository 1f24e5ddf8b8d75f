"""Rule not_ready_yet."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, listens, probe, quoted, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "not_ready_yet",
            unit=unit(ExecMainStartTimestamp="Fri 2026-11-20 11:59:50 UTC"),
            upstreams=probe("refused"),
            listeners=listens("0.0.0.0:80", by="nginx", pid=5),
        )
    )

    assert answer.cause == "not_ready_yet"
    assert answer.certainty is Certainty.LIKELY
    assert "11:59:50" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HARMFUL


NOT_SO = {
    "it was started an hour ago": {
        "unit": unit(),
        "upstreams": probe("refused"),
        "listeners": listens("0.0.0.0:80", by="nginx", pid=5),
    },
    "it listens already": {
        "unit": unit(ExecMainStartTimestamp="Fri 2026-11-20 11:59:50 UTC"),
        "upstreams": probe("refused"),
        "listeners": listens("127.0.0.1:3001"),
    },
    "it listens already, on a unix socket": {
        "unit": unit(ExecMainStartTimestamp="Fri 2026-11-20 11:59:50 UTC"),
        "upstreams": probe("refused"),
        "listeners": listens("0.0.0.0:80", by="nginx", pid=5),
        "unix_listeners": 'u_str LISTEN 0 128 /run/other.sock 1 * 0 users:(("python3",pid=100,fd=3))\n',
    },
    "systemd restarted it": {
        "unit": unit(NRestarts=3, ExecMainStartTimestamp="Fri 2026-11-20 11:59:50 UTC"),
        "upstreams": probe("refused"),
        "listeners": listens("0.0.0.0:80", by="nginx", pid=5),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("not_ready_yet", **texts)

    assert not isinstance(answer, Finding), answer


@pytest.mark.parametrize(
    ("changed_at", "certainty", "effect", "is_sure"),
    [
        ("Fri 2026-11-20 11:59:00 UTC", Certainty.LIKELY, RestartEffect.HARMFUL, True),
        ("Fri 2026-11-20 11:50:00 UTC", Certainty.POSSIBLE, RestartEffect.USELESS, False),
    ],
)
def test_what_runs_before_the_program_counts_from_its_own_beginning(
    changed_at: str, certainty: Certainty, effect: RestartEffect, is_sure: bool
) -> None:
    starting = unit(
        ActiveState="activating", SubState="start-pre", MainPID=0, StateChangeTimestamp=changed_at
    )

    answer = finding(
        ask(
            "not_ready_yet",
            unit=starting,
            upstreams=probe("refused"),
            listeners=listens("0.0.0.0:80", by="nginx", pid=5),
        )
    )

    assert (answer.certainty, answer.restart.effect, answer.restart.is_sure) == (certainty, effect, is_sure)
    assert changed_at in quoted(answer)


@pytest.mark.parametrize(("restarts", "is_waited_for"), [(0, True), (1, True), (9, False)])
def test_a_start_that_is_the_next_of_many_is_not_waited_for(restarts: int, *, is_waited_for: bool) -> None:
    starting = unit(
        ActiveState="activating",
        SubState="start",
        NRestarts=str(restarts),
        ExecMainStartTimestamp="Fri 2026-11-20 12:00:01 UTC",
    )

    front = listens("0.0.0.0:80", by="nginx", pid=5)
    answer = ask("not_ready_yet", unit=starting, upstreams=probe("refused"), listeners=front)

    assert isinstance(answer, Finding) is is_waited_for
    assert not isinstance(answer, Finding) or "was started 0 s ago" in answer.says


def test_a_tomcat_that_still_deploys_takes_connections_and_is_not_called_stuck() -> None:
    start = "{ path=/usr/libexec/tomcat10/tomcat-start.sh ; argv[]=/usr/libexec/tomcat10/tomcat-start.sh ; }"
    young = unit(Id="tomcat10.service", ExecStart=start, ExecMainStartTimestamp="Fri 2026-11-20 11:59:40 UTC")
    waits = probe("read_timeout", ms=4300)

    answer = finding(
        ask("not_ready_yet", unit=young, upstreams=waits, listeners=listens("*:3000", by="java"))
    )

    assert "has answered nobody yet" in answer.says
    assert answer.restart.effect is RestartEffect.HARMFUL
    assert not isinstance(ask("app_hang", unit=young, upstreams=waits, listeners=listens("*:3000")), Finding)
