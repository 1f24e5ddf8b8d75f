"""Rule ipv6_mismatch."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, finding, listens, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "ipv6_mismatch",
            listeners=listens(),
            upstreams=probe("refused", address="[::1]:3000"),
        )
    )

    assert answer.cause == "ipv6_mismatch"
    assert answer.certainty is Certainty.CONFIRMED
    assert "[::1]:3000" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


@pytest.mark.parametrize(("front", "is_noticed"), [(WELL, False), (probe("answered", status=502), True)])
def test_of_several_servers_it_is_the_last_thing_to_name_unless_visitors_notice(
    front: str, *, is_noticed: bool
) -> None:
    dialled = probe("refused", address="[::1]:3000") + WELL

    answer = finding(ask("ipv6_mismatch", listeners=listens(), upstreams=dialled, front=front))

    assert answer.certainty is Certainty.LIKELY
    assert (answer.weight > 0) is is_noticed


NOT_SO = {
    "the address of IPv4 is open by a socket of IPv6, as Java's are": {
        "listeners": listens("[::ffff:127.0.0.1]:3000"),
        "upstreams": probe("refused"),
    },
    "the port listens on both families": {
        "listeners": listens("*:3000"),
        "upstreams": probe("refused", address="[::1]:3000"),
    },
    "the dialled family listens": {
        "listeners": listens("[::1]:3000"),
        "upstreams": probe("refused", address="[::1]:3000"),
    },
    "nobody listens on the port": {
        "listeners": listens("127.0.0.1:1"),
        "upstreams": probe("refused", address="[::1]:3000"),
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("ipv6_mismatch", **texts)

    assert not isinstance(answer, Finding), answer
