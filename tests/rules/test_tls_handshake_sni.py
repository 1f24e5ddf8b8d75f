"""Rule tls_handshake_sni."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "tls_handshake_sni",
            error_log=error(
                "SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40) while SSL handshaking to upstream",
                upstream="https://10.0.0.7:443/",
            ),
            config="server { location / { proxy_pass https://10.0.0.7; } }",
            upstreams=probe("answered", status=200, protocol="https", address="10.0.0.7:443"),
        )
    )

    assert answer.cause == "tls_handshake_sni"
    assert answer.certainty is Certainty.CONFIRMED
    assert "alert handshake failure" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "no handshake failed": {"error_log": error(REFUSED)},
    "a client could not shake hands": {
        "error_log": "2026/11/20 11:59:58 [info] 1#1: *2 SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 10.0.0.9, server: 0.0.0.0:443\n"
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("tls_handshake_sni", **texts)

    assert not isinstance(answer, Finding), answer
