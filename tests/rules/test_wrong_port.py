"""Rule wrong_port."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, listens, probe, quoted, stopped, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "wrong_port",
            listeners=listens("127.0.0.1:3001"),
            upstreams=probe("refused"),
            error_log=error(REFUSED),
            unit=unit(),
        )
    )

    assert answer.cause == "wrong_port"
    assert answer.certainty is Certainty.CONFIRMED
    assert "127.0.0.1:3001" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_asks_whose_address_it_is_that_refuses_and_is_no_loopback() -> None:
    answer = finding(
        ask(
            "wrong_port",
            listeners=listens("127.0.0.1:3001"),
            upstreams=probe("refused", address="10.0.0.7:3000"),
            unit=unit(),
        )
    )

    assert answer.certainty is Certainty.LIKELY
    assert "is 10.0.0.7 this host's" in (answer.next_check or "")


def test_a_port_that_only_the_files_dial_is_not_said_to_be_dialled() -> None:
    answer = finding(
        ask(
            "wrong_port",
            listeners=listens("127.0.0.1:3001"),
            upstreams=probe("refused"),
            unit=unit(),
            front=WELL,
        )
    )

    assert answer.says.startswith("nginx's files dial 127.0.0.1:3000")
    assert (answer.certainty, answer.restart.effect) == (Certainty.LIKELY, RestartEffect.HARMFUL)


_ANOTHER = probe("answered", status=200, address="127.0.0.1:3005")
_OTHER_LISTENS = listens("127.0.0.1:3005", pid=9)


def test_an_app_that_nginx_never_dials_is_named_though_another_server_answers() -> None:
    answer = finding(
        ask(
            "wrong_port",
            listeners=listens("127.0.0.1:3001") + _OTHER_LISTENS,
            upstreams=probe("refused") + _ANOTHER,
            unit=unit(),
        )
    )

    assert answer.certainty is Certainty.LIKELY
    assert "127.0.0.1:3001" in quoted(answer)
    assert "127.0.0.1:3005" not in quoted(answer)


NOT_SO = {
    "one server of several is away and the app is not it": {
        "listeners": listens("127.0.0.1:3005"),
        "upstreams": probe("refused") + _ANOTHER,
        "unit": unit(),
    },
    "the port listens again": {
        "listeners": listens(),
        "upstreams": probe("refused"),
        "error_log": error(REFUSED),
        "unit": unit(),
    },
    "the app does not run": {
        "listeners": listens("127.0.0.1:3001", pid=7),
        "upstreams": probe("refused"),
        "unit": stopped(),
    },
    "the upstream answers now and the log is old": {
        "listeners": listens(),
        "upstreams": WELL,
        "error_log": error(REFUSED),
        "unit": unit(),
    },
    "only nginx and sshd listen": {
        "listeners": listens("0.0.0.0:80", by="nginx", pid=2) + listens("0.0.0.0:22", by="sshd", pid=3),
        "upstreams": probe("refused"),
        "unit": unit(),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("wrong_port", **texts)

    assert not isinstance(answer, Finding), answer


def test_nobody_is_told_to_dial_the_address_that_stands_for_all() -> None:
    answer = finding(
        ask(
            "wrong_port",
            upstreams=probe("refused"),
            listeners=listens("0.0.0.0:9000", by="python3", pid=9),
            unit=unit(MainPID=9),
        )
    )

    assert "told to dial 127.0.0.1:9000" in (answer.mend or "")
    assert "listens on 0.0.0.0:9000" in answer.says


def _held(listens_on: str, state: str = "active") -> str:
    since = "Fri 2026-11-20 11:40:00 UTC"
    return (
        f"related\tTriggeredBy\tmyapp.socket\tloaded\t{state}\tlistening\tsuccess\t{since}\t\t{listens_on}\n"
    )


_RESTS = unit(ActiveState="inactive", SubState="dead", MainPID=0)
_OTHER = listens("127.0.0.1:9000", by="systemd", pid=1)


def test_a_socket_unit_holds_another_port_for_an_app_that_rests() -> None:
    answer = finding(
        ask(
            "wrong_port",
            listeners=_OTHER,
            upstreams=probe("refused"),
            error_log=error(REFUSED),
            unit=_RESTS,
            related_units=_held("127.0.0.1:9000 (Stream)"),
        )
    )

    assert answer.says == (
        "nginx dials 127.0.0.1:3000, where nobody listens; myapp.socket listens for myapp.service on"
        " 127.0.0.1:9000"
    )
    assert answer.certainty is Certainty.CONFIRMED
    assert answer.restart.effect is RestartEffect.USELESS
    assert "ListenStream=127.0.0.1:3000 in myapp.socket" in str(answer.mend)


NOT_HELD = {
    "the socket unit rests": (_RESTS, _held("127.0.0.1:9000 (Stream)", "inactive")),
    "it holds a unix socket": (_RESTS, _held("/run/app.sock (Stream)")),
    "the service failed": (
        unit(ActiveState="failed", SubState="failed", Result="exit-code"),
        _held("127.0.0.1:9000 (Stream)"),
    ),
}


@pytest.mark.parametrize(("state", "related"), NOT_HELD.values(), ids=NOT_HELD.keys())
def test_no_socket_unit_is_told_of_where(state: str, related: str) -> None:
    asked = {"listeners": _OTHER, "upstreams": probe("refused"), "unit": state, "related_units": related}

    assert not isinstance(ask("wrong_port", **asked), Finding)
