"""Protocols as settings, port names and custom tell of them."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import (
    _fpm_by_http,
    _quote,
    _speech,
    _told,
)

SAME = _quote.useless("app", "both would speak as before")
CHECK = "the scheme and directive of the proxy against the protocol of the app's socket"
#: Ports that by custom speak one protocol.
_FPM = "9000"
_NAMED = re.compile(r"uwsgi|php\S*fpm|fastcgi|fcgi|\bphp[\w-]*:9000\Z|:3031\Z")
_TLS = ("443", "4443", "6443", "8006", "8007", "8443", "8834", "8920", "9443", "10443", "16443")
_WEB = ("80", "81", "3000", "3001", "5000", "8000", "8080", "8081", "8088", "8096", "8123", "8888")


def by_settings(signs: Signs) -> Finding | None:
    """What the configuration speaks, held against what the socket is known to speak."""
    broken = signs.first("answer_closed", "answer_reset")
    dials = [*signs.of("answer_closed", "answer_reset", "answer_timeout"), *signs.of("dials")]
    for speaks in signs.of("speaks"):
        other = next((d for d in dials if is_same(d, speaks) and differs(d, speaks)), None)
        if other is not None:
            says = f"the proxy speaks {other['protocol']}, the app {speaks['protocol']}"
            weight = 90 if signs.has("worker_timeout", "answer_timeout") else 86  # it waits for its own
            return _told.likely("protocol_mismatch", weight, says, SAME, other, speaks, next_check=CHECK)
    schemes = _speech.by_schemes(signs)
    if schemes is not None:
        says, weight, seen = schemes
        return _told.likely("protocol_mismatch", weight, says, SAME, *seen, next_check=CHECK)
    fpm = _fpm_by_http.found_by_http(signs)
    if fpm is not None:
        says = "HTTP is spoken to a container whose image is PHP-FPM alone, which speaks FastCGI"
        return _told.likely("protocol_mismatch", 80, says, SAME, *fpm, next_check=CHECK)
    told = by_hand(signs)
    if told is not None:
        says = f"the proxy speaks {told[0]['protocol']} to a place that answers a browser or curl, so HTTP"
        return _told.likely("protocol_mismatch", 82, says, SAME, *told, next_check=CHECK)
    for dial in dials:
        is_http = dial["protocol"] == "http" or dial["directive"] == "reverse_proxy"
        named = broken is not None and is_http and _NAMED.search(dial["target"])
        if named:
            says = f"HTTP is spoken to {dial['target']}, whose name is of another protocol"
            return _told.likely("protocol_mismatch", 68, says, SAME, dial, broken, next_check=CHECK)
        port = dial["target"].rpartition(":")[2]
        odd = (dial["protocol"] == "http" and port in (_FPM, *_TLS)) or (
            dial["protocol"] == "fastcgi" and port in _WEB
        )
        if broken is not None and odd:
            says = f"{dial['protocol']} is spoken to port {port}, which by custom speaks another protocol"
            return _told.likely("protocol_mismatch", 64, says, SAME, dial, broken, next_check=CHECK)
    return by_port_name(signs) or by_custom(signs)


#: Istio and others take the protocol from the beginning of a service port's name.
NAMED_LAST = re.compile(r"[a-z0-9-]+-(?:http|https|http2|grpc|tcp|mongo|redis|tls)\Z")


def by_port_name(signs: Signs) -> Finding | None:
    """A mesh breaks the connection, and the port's name has its protocol at the end.

    Source: istio.io "Protocol Selection": name: <protocol>[-<suffix>].
    """
    broken = next((s for s in signs.of("answer_closed", "answer_reset") if s["proxy"] == "envoy"), None)
    port = next((s for s in signs.of("service") if NAMED_LAST.match(s["name"])), None)
    if broken is None or port is None:
        return None
    says = f"the port is named {port['name']}; a mesh takes the protocol from the name's beginning"
    return _told.likely("protocol_mismatch", 64, says, SAME, port, broken, next_check=CHECK)


def by_hand(signs: Signs) -> tuple[Sign, Sign] | None:
    """Spoken to in an app server's protocol it hangs up, and asked by hand at that very place it answers."""
    asked = [s for s in signs.of("answers", "opened_as") if s["target"] and not s["status"].startswith("5")]
    for broken in signs.of("answer_closed", "answer_reset", "answer_invalid"):
        if broken["protocol"] not in ("uwsgi", "fastcgi", "scgi"):
            continue
        place = broken["target"]
        well = next((s for s in asked if ":" in place and s["target"] == place), None) or signs.first(
            "asked_same"
        )
        if well is not None:
            return broken, well
    return None


def by_custom(signs: Signs) -> Finding | None:
    """Only a configuration is shown: its scheme, held against what by custom speaks on that port."""
    if signs.has(*SAYS_MORE):
        return None
    for dial in signs.of("dials"):
        port = dial["target"].rpartition(":")[2]
        is_plain = dial["protocol"] == "http" and dial["directive"] != "server" and port in _TLS
        if is_plain or (dial["protocol"] == "https" and port in _WEB):
            says = f"{dial['protocol']} is spoken to port {port}, which by custom speaks another protocol"
            weight = 66 if is_plain else 58
            return _told.likely("protocol_mismatch", weight, says, SAME, dial, next_check=CHECK)
    return None


#: What tells more of an outage than a custom does.
SAYS_MORE = (
    *("dial_refused", "dial_timeout", "dial_no_route", "dial_denied", "dial_missing", "dial_busy", "no_live"),
    *("name_unresolved", "name_at_start", "config_invalid", "tls_alert", "tls_unverified", "tls_closed"),
    *("answer_timeout", "header_too_big", "answer_invalid", "app_failed", "app_error", "networks_told"),
)


def is_same(dial: Sign, speaks: Sign) -> bool:
    target = dial["target"]
    if speaks["port"]:
        return target.endswith(f":{speaks['port']}")
    return bool(speaks["path"]) and target.endswith(speaks["path"])


def differs(dial: Sign, speaks: Sign) -> bool:
    return bool(dial["protocol"]) and dial["protocol"] != speaks["protocol"]
