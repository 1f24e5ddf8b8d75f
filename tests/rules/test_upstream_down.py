"""Rule upstream_down."""

# lines stand as hosts write them

from dataclasses import replace

import pytest

from bot.model.host import Service
from bot.model.verdict import Certainty, Finding, Line, RestartEffect
from bot.parsers.unit_state import UnitState
from bot.rules import _down_seen
from tests.parsers.test_container import state
from tests.support.asked import (
    HOST,
    REFUSED,
    WELL,
    ask,
    crashing,
    error,
    fact,
    finding,
    listens,
    probe,
    quoted,
    stopped,
    unit,
)


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "upstream_down",
            unit=stopped(InactiveEnterTimestamp=""),
            app_journal="",
            upstreams=probe("refused"),
            error_log=error(REFUSED),
            listeners=listens("127.0.0.1:9000"),
        )
    )

    assert answer.cause == "upstream_down"
    assert answer.certainty is Certainty.CONFIRMED
    assert "Connection refused" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


def test_the_fleets_unit_is_not_called_unknown_where_systemd_told_nothing_of_it() -> None:
    """`Failed to connect to bus`: the entry names the unit all the same."""
    answer = finding(ask("upstream_down", upstreams=probe("refused"), error_log=error(REFUSED)))

    assert "systemctl status myapp.service" in (answer.next_check or "")


_UNIT = fact("unit", unit())
_KEEPS = fact("unit", unit(Id="supervisor.service"))


@pytest.mark.parametrize(
    ("runs", "service", "asks"),
    [
        (state(), Service(container="shop"), "`docker ps -a` and `docker logs shop`: does it run"),
        (_KEEPS, Service(unit="supervisor.service"), "`sudo supervisorctl status`: does the app run"),
        (_UNIT, Service(unit="myapp.service"), "the app's unit and journal: does it run"),
    ],
    ids=["a container", "supervisord's", "a unit"],
)
def test_what_runs_and_does_not_listen_is_looked_at_by_who_keeps_it(
    runs: UnitState, service: Service, asks: str
) -> None:
    line = Line(step="upstreams", text="127.0.0.1:3000 refused the connection")

    answer = _down_seen.unexplained("127.0.0.1:3000", (line,), runs, replace(HOST, service=service), None)

    assert str(answer.next_check).startswith(asks)
    assert answer.certainty is Certainty.POSSIBLE


_TWO = probe("refused", address="127.0.0.1:3002") + probe("answered", status=200)


@pytest.mark.parametrize(("front", "is_noticed"), [(WELL, False), (probe("answered", status=502), True)])
def test_one_server_of_several_is_the_last_thing_to_name_unless_visitors_notice(
    front: str, *, is_noticed: bool
) -> None:
    answer = finding(ask("upstream_down", upstreams=_TWO, front=front))

    assert "127.0.0.1:3002" in answer.says
    assert answer.certainty is Certainty.LIKELY
    assert (answer.weight > 0) is is_noticed
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the upstream answers": {"upstreams": WELL},
    "the unit crashes, which says more": {"unit": crashing(), "upstreams": probe("refused")},
    "something listens there": {"upstreams": probe("refused"), "listeners": listens()},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("upstream_down", **texts)

    assert not isinstance(answer, Finding), answer


def test_a_socket_that_the_login_may_not_open_is_known_by_what_nginx_says() -> None:
    address = "unix:/run/uwsgi/app/shop/socket"
    nobody = f"connect() to {address} failed (111: Connection refused) while connecting to upstream"

    answer = finding(
        ask(
            "upstream_down",
            upstreams=probe("denied", address=address, protocol="uwsgi"),
            error_log=error(nobody, upstream=f"uwsgi://{address}:"),
            listeners=listens("127.0.0.1:22"),
        )
    )

    assert answer.says == f"nothing listens on {address}"


def test_a_stop_may_be_forgotten_where_the_journal_was_not_read() -> None:
    rests = stopped(InactiveEnterTimestamp="")
    heard = {"upstreams": probe("refused"), "listeners": listens("0.0.0.0:22"), "unit": rests}

    unread = finding(ask("upstream_down", **heard))
    read = finding(ask("upstream_down", **heard, app_journal=""))

    assert unread.certainty is Certainty.LIKELY
    assert "did somebody stop it" in str(unread.next_check)
    assert read.certainty is Certainty.CONFIRMED
