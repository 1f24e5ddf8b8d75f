"""Rule ports_exhausted."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted

NONE_LEFT = (
    "connect() to 127.0.0.1:3000 failed (99: Cannot assign requested address) while connecting to upstream"
)
PROBED = (
    "probe\thttp\t127.0.0.1:3000\t/\tunreachable\t-\t-\t1\t0\t[Errno 99] Cannot assign requested address\n"
)
PLAIN = "server { location / { proxy_pass http://127.0.0.1:3000; } }"


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "ports_exhausted",
            error_log=error(NONE_LEFT, level="crit"),
            upstreams=PROBED,
            config=PLAIN,
        )
    )

    assert answer.cause == "ports_exhausted"
    assert answer.certainty is Certainty.CONFIRMED
    assert "no local port left to dial 127.0.0.1:3000 from" in answer.says
    assert "(99: Cannot assign" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_an_address_to_dial_from_may_be_missing_as_well() -> None:
    config = PLAIN.replace("proxy_pass", "proxy_bind 10.9.9.9; proxy_pass")
    answer = finding(ask("ports_exhausted", error_log=error(NONE_LEFT, level="crit"), config=config))

    assert answer.certainty is Certainty.LIKELY
    assert "proxy_bind 10.9.9.9" in answer.says
    assert "ip addr" in (answer.next_check or "")


def test_is_not_sure_where_a_port_is_free_again() -> None:
    answered = "probe\thttp\t127.0.0.1:3000\t/\tanswered\t200\t1\t3\t135\n"
    answer = finding(
        ask("ports_exhausted", error_log=error(NONE_LEFT, level="crit"), upstreams=answered, config=PLAIN)
    )

    assert answer.certainty is Certainty.LIKELY
    assert "just now there was one" in answer.says


def test_a_packet_filter_is_not_blamed() -> None:
    listening = 'LISTEN 0 128 127.0.0.1:3000 0.0.0.0:* users:(("python3",pid=100,fd=3))\n'

    assert ask("firewall_or_no_route", upstreams=PROBED, listeners=listening) is None


SIX = NONE_LEFT.replace("127.0.0.1", "[::1]")
NOT_SO = {
    "it is refused": {"error_log": error(REFUSED)},
    "the kernel has no IPv6": {"error_log": error(SIX, level="crit", upstream="http://[::1]:3000/")},
    "nginx cannot have an address to listen on": {
        "error_log": "2026/11/20 11:59:58 [emerg] 1#1: bind() to 10.9.9.9:80 failed"
        " (99: Cannot assign requested address)\n"
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("ports_exhausted", **texts)

    assert not isinstance(answer, Finding), answer
