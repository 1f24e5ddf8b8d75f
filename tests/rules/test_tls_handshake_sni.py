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


def _alert(number: int) -> str:
    return error(
        f"SSL_do_handshake() failed (SSL: error:0A000412:SSL routines::alert:SSL alert number {number}) while SSL handshaking to upstream",
        upstream="https://10.0.0.7:443/",
    )


_SENDS = "proxy_ssl_server_name on;"
ALERTS = {
    "version": (70, "proxy_ssl_protocols TLSv1.2;", "TLS versions", "proxy_ssl_protocols", True),
    "client certificate": (116, _SENDS, "asks nginx for a client certificate", "proxy_ssl_certificate", True),
    "refused": (48, "proxy_ssl_certificate /c.pem;", "unknown authority", "proxy_ssl_certificate", True),
    "no name": (112, "", "sends it none", "proxy_ssl_server_name on", True),
    "other name": (112, _SENDS, "no site of the name", "proxy_ssl_name", True),
    "any reason": (40, _SENDS, "although it is sent a name", "client certificate", False),
}


@pytest.mark.parametrize(("number", "config", "says", "mend", "sure"), ALERTS.values(), ids=ALERTS.keys())
def test_an_alert_is_taken_at_its_word(number: int, config: str, says: str, mend: str, sure: bool) -> None:
    answer = finding(ask("tls_handshake_sni", error_log=_alert(number), config=config))

    assert says in answer.says
    assert mend in (answer.mend or "")
    assert (answer.certainty is Certainty.CONFIRMED) is sure


def test_by_tls_13_a_client_certificate_is_missed_after_the_handshake() -> None:
    late = error(
        "SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116) while reading response header from upstream",
        upstream="https://10.0.0.7:443/",
    )

    assert "client certificate" in finding(ask("tls_handshake_sni", error_log=late, config=_SENDS)).says


def test_which_versions_nginx_offers_unless_told() -> None:
    assert "1.23.4" in (finding(ask("tls_handshake_sni", error_log=_alert(70), config=_SENDS)).mend or "")


_NOT_TRUSTED = error(
    "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream",
    upstream="https://10.0.0.7:443/",
).replace("11:59:58", "11:59:59")
NOT_SO = {
    "it shakes hands by now, and the certificate is refused": {"error_log": _alert(70) + _NOT_TRUSTED},
    "no handshake failed": {"error_log": error(REFUSED)},
    "a client could not shake hands": {
        "error_log": "2026/11/20 11:59:58 [info] 1#1: *2 SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: 10.0.0.9, server: 0.0.0.0:443\n"
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("tls_handshake_sni", **texts)

    assert not isinstance(answer, Finding), answer
