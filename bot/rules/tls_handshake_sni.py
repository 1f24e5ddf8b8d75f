"""The upstream refuses nginx's TLS handshake."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.rules import _quote, _tls_alerts, _told


def tls_handshake_sni(
    error_log: NginxErrorLog, config: NginxConfig | None, upstreams: HttpProbes | None
) -> Finding | None:
    """The upstream ends the TLS handshake, most often because nginx sends it no server name, or the
    wrong one.

    Why: nginx logs a TLS alert from upstream; its configuration sends no name.
    Ruled out when: no handshake with an upstream failed.
    Mistaken when: the two share no protocol version or cipher, or a client certificate is asked for.
    Mended by: proxy_ssl_server_name on; with proxy_ssl_name where the Host differs; else a common
    protocol version and cipher (proxy_ssl_protocols), or the client certificate that is asked for.
    Not mended by: a restart of either side, proxy_ssl_verify off, a longer time-out.
    Source: ngx_http_proxy_module proxy_ssl_server_name (off by default), RFC 6066 section 3.
    """
    logged = [e for e in error_log.of(Fault.TLS) if "upstream" in e.line]
    if not logged or not _tls_alerts.is_last(logged[0], error_log):
        return None
    if (alert := _tls_alerts.of(logged[0], config)) is not None:
        return _by_alert(logged[0], alert)
    sends = [d for d in config.named("proxy_ssl_server_name") if d.arguments == ("on",)] if config else []
    named = upstreams is not None and any(p.protocol == "https" and p.is_well for p in upstreams.probes)
    line = (Line(step="config", text=sends[0].text if sends else "proxy_ssl_server_name off (default)"),)
    return Finding(
        cause="tls_handshake_sni",
        certainty=Certainty.CONFIRMED if named and not sends else Certainty.LIKELY,
        says="the upstream refuses nginx's TLS handshake"
        + ("" if sends else "; nginx sends it no server name"),
        because=(_quote.error(logged[0]), *(line if config else ())),
        restart=_quote.useless("app", "nginx would shake hands in the same way again"),
        next_check="openssl s_client with and without -servername",
        weight=64,
    )


def _by_alert(entry: NginxError, alert: _tls_alerts.Alert) -> Finding:
    """The upstream's own word for what it did not take."""
    return Finding(
        cause="tls_handshake_sni",
        certainty=Certainty.CONFIRMED if alert.is_sure else Certainty.LIKELY,
        says=alert.says,
        because=(_quote.error(entry), *alert.because),
        restart=_quote.useless("app", "nginx would shake hands in the same way again"),
        mend=alert.mend,
        next_check=alert.next_check,
        weight=64,
    )


def told(signs: Signs) -> Finding | None:
    """The upstream's alert leads; which one, and whether a name is sent, tell how far."""
    alert = signs.first("tls_alert")
    sends = next(
        (s for s in signs.where("conf", directive="proxy_ssl_server_name") if s["value"] == "on"), None
    )
    named = _named(signs, sends)
    if named is not None:
        return named
    any_handshake = next((s for s in signs.of("tls_not_spoken") if _ANY.search(s.line)), None)
    others = signs.first("tls_to_others")
    if any_handshake is not None and others is not None and alert is None:
        says = "TLS to other servers works by the same proxy; this one refuses, most often for want of a name"
        return _told.likely("tls_handshake_sni", 80, says, _SAME, any_handshake, others, next_check=_CHECK)
    if signs.has("tls_unverified", "tls_not_spoken"):
        return None
    if alert is not None:
        return _alerted(signs, alert, sends)
    closed = signs.first("tls_closed")
    said = closed or signs.first("tls_failed")
    if said is None:
        return None
    says = "the TLS handshake with the upstream fails" + ("; it hangs up without an alert" if closed else "")
    return _told.likely(
        "tls_handshake_sni", 72 if closed else 64, says, _SAME, said, sends, next_check=_CHECK
    )


#: HAProxy's word for every handshake that fails; its checks send no name without `check-sni`.
_ANY = re.compile(r"layer6 invalid|\bL6RSP\b", re.IGNORECASE)
_SAME = _quote.useless("app", "nginx would shake hands in the same way again")
_CHECK = "`openssl s_client -connect HOST:443` with and without `-servername`, and proxy_ssl_server_name"


def _named(signs: Signs, sends: Sign | None) -> Finding | None:
    """The name is shown to decide: by openssl, by the server that turns a hello away, by its place holder."""
    failed = signs.first("tls_alert", "tls_closed", "tls_unverified", "tls_failed", "tls_not_spoken")
    decides = signs.first("sni_decides")
    if decides is not None and sends is None:
        says = "the far end answers in another way without the server name, which the proxy does not send"
        if failed is not None and failed.kind != "tls_not_spoken":
            return _told.confirmed("tls_handshake_sni", 96, says, _SAME, decides, failed)
        return _told.likely("tls_handshake_sni", 88, says, _SAME, decides, failed, next_check=_CHECK)
    refused = signs.first("sni_refused")
    if refused is not None and "via HTTP" in refused.line:
        says = f"the proxy's hello names {refused['name']}, its request another host: the far end refuses it"
        return _told.likely("tls_handshake_sni", 84, says, _SAME, refused, next_check=_CHECK)
    if refused is not None:
        says = "the far end has no certificate for the name in the proxy's hello" + (
            "" if refused["name"] else ", which gives none"
        )
        return _told.likely("tls_handshake_sni", 90, says, _SAME, refused, next_check=_CHECK)
    nameless = signs.first("check_nameless")
    failed_check = next((s for s in signs.of("tls_not_spoken") if _ANY.search(s.line)), None)
    if nameless is not None and failed_check is not None and not signs.has("tls_unverified"):
        says = "HAProxy's check sends no server name (check-sni), and the far end ends the handshake"
        return _told.likely("tls_handshake_sni", 80, says, _SAME, failed_check, nameless, next_check=_CHECK)
    holder = signs.first("default_cert")
    if holder is not None and failed is not None and sends is None:
        says = "the far end shows the certificate that it has for no name: the proxy sends it none"
        return _told.likely("tls_handshake_sni", 97, says, _SAME, holder, failed, next_check=_CHECK)
    return None


def _alerted(signs: Signs, alert: Sign, sends: Sign | None) -> Finding:
    """`unrecognized name` is about the name alone; other alerts may be about versions or certificates."""
    kind = alert["alert"].lower()
    says = f"the upstream refuses the TLS handshake ({kind or 'alert'}), most often for want of a server name"
    whole = signs.first("dials") is not None and sends is None
    if ("unrecognized" in kind or kind == "112") and sends is not None:
        says = (
            "a name is sent, and the far end has no such: another name is meant, or it is another host by now"
        )
        return _told.likely("tls_handshake_sni", 84, says, _SAME, alert, sends, next_check=_CHECK)
    if "unrecognized" in kind or kind == "112":
        return _told.confirmed("tls_handshake_sni", 93, says, _SAME, alert)
    if whole and kind in ("handshake failure", "40", "internal error", "80") and not signs.has("sni_needed"):
        return _told.likely(
            "tls_handshake_sni", 89, says, _SAME, alert, signs.first("dials"), next_check=_CHECK
        )
    weight = 60 if sends else 72 if kind in ("protocol version", "70", "certificate required") else 86
    return _told.likely("tls_handshake_sni", weight, says, _SAME, alert, sends, next_check=_CHECK)
