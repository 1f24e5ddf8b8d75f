"""Rule firewall_or_no_route."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, crashing, error, finding, listens, probe, quoted, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "firewall_or_no_route",
            error_log=error(
                "connect() failed (113: No route to host) while connecting to upstream",
                upstream="http://10.0.0.7:3000/",
            ),
            upstreams=probe("unreachable", address="10.0.0.7:3000"),
        )
    )

    assert answer.cause == "firewall_or_no_route"
    assert answer.certainty is Certainty.LIKELY
    assert "No route to host" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the upstream refuses, so it is reached": {"error_log": error(REFUSED), "upstreams": probe("refused")},
    "the upstream answers": {
        "upstreams": WELL,
        "error_log": error("connect() failed (113: Host is unreachable) while connecting to upstream"),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("firewall_or_no_route", **texts)

    assert not isinstance(answer, Finding), answer


_DROPPED = probe("connect_timeout", ms=3000)


def test_an_open_port_of_this_host_that_takes_no_connection_is_filtered() -> None:
    answer = finding(ask("firewall_or_no_route", upstreams=_DROPPED, listeners=listens(), unit=unit()))

    assert answer.certainty is Certainty.LIKELY
    assert "packet filter on this host" in answer.says
    assert "LISTEN" in quoted(answer) and "connect_timeout" in quoted(answer)
    assert "nft list ruleset" in (answer.next_check or "")


def test_no_way_to_an_address_of_this_host_is_a_rule_that_rejects() -> None:
    answer = finding(
        ask(
            "firewall_or_no_route",
            error_log=error("connect() failed (113: No route to host) while connecting to upstream"),
            upstreams=probe("unreachable"),
            listeners=listens(),
            unit=unit(),
        )
    )

    assert answer.certainty is Certainty.LIKELY
    assert "packet filter on this host" in answer.says
    assert "113: No route to host" in quoted(answer)


def test_an_open_port_of_a_steady_app_that_refuses_is_filtered() -> None:
    answer = finding(
        ask("firewall_or_no_route", upstreams=probe("refused"), listeners=listens(), unit=unit())
    )

    assert "packet filter on this host" in answer.says


_JUST_STARTED = unit(ExecMainStartTimestamp="Fri 2026-11-20 11:59:58 UTC")
NOT_FILTERED = {
    "its queue is full": {"upstreams": _DROPPED, "listeners": listens(waiting=129), "unit": unit()},
    "a stopped process lets the kernel take it": {
        "upstreams": probe("read_timeout"),
        "listeners": listens(waiting=1),
        "unit": unit(),
    },
    "it listens on the other family": {
        "upstreams": probe("refused"),
        "listeners": listens("[::1]:3000"),
        "unit": unit(),
    },
    "it listens on all of the other family, perhaps alone": {
        "upstreams": probe("refused"),
        "listeners": listens("[::]:3000"),
        "unit": unit(),
    },
    "it listens on one device": {
        "upstreams": probe("refused"),
        "listeners": listens("0.0.0.0%eth0:3000"),
        "unit": unit(),
    },
    "it listens on another address": {
        "upstreams": _DROPPED,
        "listeners": listens("10.0.0.3:3000"),
        "unit": unit(),
    },
    "it came up after it was asked": {
        "upstreams": probe("refused"),
        "listeners": listens(),
        "unit": _JUST_STARTED,
    },
    "it is started again and again": {
        "upstreams": probe("refused"),
        "listeners": listens(),
        "unit": crashing(),
    },
    "nobody knows the unit": {"upstreams": probe("refused"), "listeners": listens()},
}


@pytest.mark.parametrize("texts", NOT_FILTERED.values(), ids=NOT_FILTERED.keys())
def test_is_no_filter_when(texts: dict[str, str]) -> None:
    assert ask("firewall_or_no_route", **texts) is None
