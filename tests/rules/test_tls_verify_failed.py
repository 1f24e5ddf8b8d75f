"""Rule tls_verify_failed."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "tls_verify_failed",
            error_log=error(
                "upstream SSL certificate verify error: (20:unable to get local issuer certificate) while SSL handshaking to upstream"
            ),
        )
    )

    assert answer.cause == "tls_verify_failed"
    assert answer.certainty is Certainty.CONFIRMED
    assert "certificate verify error" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


def test_names_what_mends_the_very_reason() -> None:
    expired = "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream"

    assert "a new certificate" in (finding(ask("tls_verify_failed", error_log=error(expired))).mend or "")


_REFUSED = error('upstream SSL certificate does not match "a.example" while SSL handshaking to upstream')
_LATER = error(
    "SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70) while SSL handshaking to upstream"
).replace("11:59:58", "11:59:59")
NOT_SO = {
    "the handshake itself fails by now": {"error_log": _REFUSED + _LATER},
    "nothing was refused": {"error_log": error(REFUSED)},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("tls_verify_failed", **texts)

    assert not isinstance(answer, Finding), answer
