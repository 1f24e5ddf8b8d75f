"""Rule protocol_mismatch."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import WELL, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "protocol_mismatch",
            error_log=error(
                "SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream"
            ),
        )
    )

    assert answer.cause == "protocol_mismatch"
    assert answer.certainty is Certainty.CONFIRMED
    assert "wrong version number" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "HTTP is spoken": {"upstreams": WELL},
    "another TLS failure": {
        "error_log": error(
            "SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure) while SSL handshaking to upstream"
        )
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("protocol_mismatch", **texts)

    assert not isinstance(answer, Finding), answer
