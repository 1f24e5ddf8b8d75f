"""What an alert says by which the upstream ends nginx's TLS handshake, and which complaint of it is last.

Source: RFC 8446 section 6.2 and RFC 5246 section 7.2.2 (numbers of alerts); ngx_http_proxy_module
proxy_ssl_protocols, proxy_ssl_certificate, proxy_ssl_name; ngx_http_upstream.c
ngx_http_upstream_ssl_handshake: a certificate is looked at only after the handshake. By TLSv1.3 a client
certificate is missed only once the client has ended its handshake: SSL_read() fails.
"""

import re
from dataclasses import dataclass

from bot.model.verdict import Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog


@dataclass(frozen=True, kw_only=True)
class Alert:
    """What the upstream did not take, what mends it, and nginx's directive that decides."""

    says: str
    mend: str
    next_check: str
    because: tuple[Line, ...]
    #: The alert says it without doubt.
    is_sure: bool = True


def of(entry: NginxError, config: NginxConfig | None) -> Alert | None:
    """None of one that may mean several things, unless a name is sent."""
    found = _NUMBER.search(entry.message)
    number = int(found[1]) if found else 0
    asks = f"openssl s_client -connect {entry.address}"
    if number == _VERSION:
        set_to = _lines(config, "proxy_ssl_protocols")
        return Alert(
            says="the upstream speaks none of the TLS versions that nginx offers",
            mend="proxy_ssl_protocols with a version that the upstream speaks, or that one switched on there"
            + ("" if set_to or config is None else "; unset, nginx before 1.23.4 offers no TLSv1.3"),
            next_check=f"`{asks} -tls1_3` and `-tls1_2`",
            because=set_to,
        )
    if number == _WANTED:
        return Alert(
            says="the upstream asks nginx for a client certificate",
            mend="proxy_ssl_certificate and proxy_ssl_certificate_key with a pair that the upstream trusts",
            next_check=f"`{asks}`: whose certificates does it take (Acceptable client certificate CA names)?",
            because=_lines(config, "proxy_ssl_certificate"),
        )
    if number in _REFUSED and (shown := _lines(config, "proxy_ssl_certificate")):
        return Alert(
            says=f"the upstream refuses the client certificate that nginx shows ({_REFUSED[number]})",
            mend="a certificate in proxy_ssl_certificate that is valid and of an authority that it trusts",
            next_check="`openssl x509 -noout -dates -issuer -in FILE` of the certificate that nginx shows",
            because=shown,
        )
    if number == _NAME:
        sends = any(line.text.endswith(" on;") for line in _lines(config, "proxy_ssl_server_name"))
        return Alert(
            says="the upstream has no site of the name that nginx sends it in the TLS handshake"
            if sends
            else "the upstream wants a server name in the TLS handshake; nginx sends it none",
            mend="proxy_ssl_name with a name that the upstream has"
            + ("" if sends else ", and proxy_ssl_server_name on"),
            next_check=f"`{asks} -servername NAME`",
            because=_lines(config, "proxy_ssl_name"),
        )
    if number == _FAILED and any(d.text.endswith(" on;") for d in _lines(config, "proxy_ssl_server_name")):
        return Alert(
            says="the upstream refuses nginx's TLS handshake, although it is sent a name: another name, a "
            "client certificate or other ciphers are wanted",
            mend="proxy_ssl_name with a name that the upstream has, the client certificate that it asks for "
            "(proxy_ssl_certificate), or a cipher of both (proxy_ssl_ciphers)",
            next_check=f"`{asks} -servername NAME`: does it list Acceptable client certificate CA names?",
            because=(),
            is_sure=False,
        )
    return None


_NUMBER = re.compile(r"SSL alert number (\d{1,3})")
_FAILED, _VERSION, _NAME, _WANTED = 40, 70, 112, 116
_REFUSED = {
    42: "bad certificate",
    43: "unsupported",
    44: "revoked",
    45: "expired",
    46: "not accepted",
    48: "unknown authority",
}


def _lines(config: NginxConfig | None, name: str) -> tuple[Line, ...]:
    found = config.named(name) if config else ()
    return tuple(Line(step="config", text=directive.text) for directive in found[-1:])


def is_last(entry: NginxError, error_log: NginxErrorLog) -> bool:
    """Nothing else of TLS was complained of the same address since: the two sides get no further by now."""
    since = error_log.of(Fault.TLS, Fault.TLS_PROTOCOL, Fault.TLS_VERIFY)
    later = (e for e in since if e.at and entry.at and e.at > entry.at and e.address == entry.address)
    return not any(e.fault is not entry.fault and "upstream" in e.line for e in later)


def connected_since(entry: NginxError, error_log: NginxErrorLog) -> bool:
    """The address that could not be connected to was reached later, and something else went wrong."""
    reached = error_log.of(*_REACHED)
    return any(e.at and entry.at and e.at > entry.at and e.address == entry.address for e in reached)


#: What nginx can only say of a connection that was made.
_REACHED = (
    Fault.TLS,
    Fault.TLS_PROTOCOL,
    Fault.TLS_VERIFY,
    Fault.READ_TIMEOUT,
    Fault.HEADER_INVALID,
    Fault.HEADER_TOO_BIG,
    Fault.CLOSED_EARLY,
    Fault.CUT_SHORT,
)
