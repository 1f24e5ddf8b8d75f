"""Rule bind_localhost_in_container, and what else is known of the inside of a container."""

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect, RuledOut
from tests.support.asked import ask, finding, probe, quoted

BOX = "box\t2e55c2ac3f9c\t403\tpython3\naddress\t2e55c2ac3f9c\t172.17.0.2\n"
LEADS = "publishes\t127.0.0.1\t8000\t172.17.0.2\t8000\n"
ROW = (
    'row\t2e55c2ac3f9c   shop:1   "python3 app.py"   2 hours ago   Up 2 hours   '
    "127.0.0.1:8000->8000/tcp   shop\n"
)
LOCAL = "listens\t2e55c2ac3f9c\t127.0.0.1\t8000\n"
ANY = "listens\t2e55c2ac3f9c\t0.0.0.0\t8000\n"
OTHER = "listens\t2e55c2ac3f9c\t0.0.0.0\t9000\n"
#: Docker's own resolver listens there in each container of a network made by hand.
RESOLVER = "listens\t2e55c2ac3f9c\t127.0.0.11\t41873\n"


def asked(answer: str, address: str = "127.0.0.1:8000") -> str:
    return probe(answer, address=address)


@pytest.mark.parametrize(
    ("answer", "address"),
    [("reset", "127.0.0.1:8000"), ("closed", "127.0.0.1:8000"), ("refused", "172.17.0.2:8000")],
)
def test_fires_and_quotes_the_listener_inside(answer: str, address: str) -> None:
    found = finding(
        ask(
            "bind_localhost_in_container",
            upstreams=asked(answer, address),
            containers=BOX + LEADS + ROW + RESOLVER + LOCAL,
        )
    )

    assert found.certainty is Certainty.CONFIRMED
    assert found.restart.effect is RestartEffect.USELESS
    assert "listens 2e55c2ac3f9c 127.0.0.1 8000" in quoted(found)
    assert "container shop" in found.says


NOT_SO = {
    "it listens on every address": (asked("reset"), ANY),
    "it listens elsewhere": (asked("reset"), OTHER),
    "it listens on nothing": (asked("reset"), ""),
    "it answers": (probe("answered", status=200, address="127.0.0.1:8000"), LOCAL + ANY),
    "another port is dialled": (asked("reset", "127.0.0.1:8001"), LOCAL),
    "it is slow": (asked("read_timeout"), LOCAL),
}


@pytest.mark.parametrize(("upstreams", "inside"), NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(upstreams: str, inside: str) -> None:
    answer = ask("bind_localhost_in_container", upstreams=upstreams, containers=BOX + LEADS + ROW + inside)

    assert not isinstance(answer, Finding), answer


def test_is_ruled_out_by_a_listener_that_takes_the_containers_address() -> None:
    answer = ask("bind_localhost_in_container", upstreams=asked("reset"), containers=BOX + LEADS + ANY)

    assert isinstance(answer, RuledOut)
    assert answer.because[0].text == "publishes 127.0.0.1 8000 172.17.0.2 8000"


def test_a_port_inside_where_nobody_listens_is_the_wrong_one() -> None:
    found = finding(
        ask("wrong_port", listeners="", upstreams=asked("closed"), containers=BOX + LEADS + OTHER)
    )

    assert found.certainty is Certainty.CONFIRMED
    assert "listens on 9000" in found.says
    assert "listens 2e55c2ac3f9c 0.0.0.0 9000" in quoted(found)


def test_the_way_into_a_container_that_listens_nowhere_is_no_crash_of_the_app() -> None:
    texts = {"upstreams": asked("closed"), "containers": BOX + LEADS + RESOLVER}

    assert ask("premature_close_crash", **texts) is None
    assert "where nobody listens on 8000" in finding(ask("upstream_down", **texts)).says


def test_a_crash_in_a_container_that_listens_is_still_one() -> None:
    texts = {"upstreams": asked("closed"), "containers": BOX + LEADS + ANY}

    assert finding(ask("premature_close_crash", **texts)).cause == "premature_close_crash"
