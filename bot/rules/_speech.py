"""Two protocols that do not meet: what a listener complains of, and schemes held against each other."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _outage
from bot.rules._once import lines_of

#: A verdict's words and weight, and the signs for it.
Told = tuple[str, int, tuple[Sign, ...]]
#: Servers at which scanners knock -> the port by custom, which the proxy has to dial.
_PORTS = {
    "postgres": "5432",
    "mosquitto": "1883",
    "redis": "6379",
    "ssh": "22",
    "rabbitmq": "5672",
    "mongodb": "27017",
}
_OUTSIDE = re.compile(
    r"\b(?:no|not|without|missing|lacks?|disabled)\b.{0,30}(?:sidecar|istio-injection|inject|\bmesh\b)"
    r"|\boutside (?:of )?the mesh\b|istio-injection[=: ]+\"?disabled",
    re.IGNORECASE,
)
_CUT = ("answer_closed", "answer_reset", "answer_invalid", "cut_off")


def by_the_listener(signs: Signs) -> Told | None:
    """A server of another kind says that HTTP came."""
    other = signs.first("http_to_other")
    if other is not None:
        dials = _outage.any_sign(signs), *signs.of("dials", "scheme_told", "proxy_setting")
        port = _PORTS.get(other["app"], "")
        is_dialled = not port or any(s is not None and _port(s) == port for s in dials)
        weight = 86 if is_dialled and _outage.any_sign(signs) else 72 if is_dialled else 50
        if weight == 50 and _outage.any_sign(signs):
            return None  # scanners knock at such ports every day
        return f"HTTP is spoken to {other['app']}, which awaits another protocol there", weight, (other,)
    return None


def is_stray(signs: Signs, plain: Sign) -> bool:
    """Somebody's plain request to a public TLS port: no proxy of ours is seen to fail."""
    return "AH01996" in plain.line and _outage.any_sign(signs) is None


def by_schemes(signs: Signs) -> Told | None:
    """The scheme that is dialled against the one that works by hand or that the app names."""
    return _opened(signs) or _said(signs) or _labelled(signs) or _meshed(signs) or _http2(signs)


def _fails(signs: Signs) -> Sign | None:
    """Requests break at the proxy, in whatever way a wrong protocol breaks them."""
    page = next((s for s in signs.of("page", "status") if s["status"].startswith(("400", "502"))), None)
    check = next((s for s in signs.of("answers", "check_wants_more") if s["status"] == "400"), None)
    told = signs.first("tls_unverified", "no_live", "dial_failed")
    return signs.first(*_CUT) or page or check or told


def _dialled(signs: Signs) -> tuple[Sign, ...]:
    """Places with the scheme by which a proxy dials them."""
    return tuple(
        s
        for s in signs.of("scheme_told", "dials", "answer_closed", "answer_reset", "answer_invalid")
        if s["protocol"].lower() in ("http", "https")
    )


def _port(sign: Sign) -> str:
    return sign["port"] or sign["target"].rpartition(":")[2]


def _opened(signs: Signs) -> Told | None:
    """By hand it works with the other scheme at the same port."""
    fails = _fails(signs)
    if fails is None or signs.has("dial_refused", "dial_timeout", "dial_no_route", "answer_timeout"):
        return None
    for opened in signs.of("opened_as"):
        same = [d for d in _dialled(signs) if _port(d) == _port(opened) and d["directive"] != "server"]
        both = {d["protocol"].lower() for d in same}
        if same and opened["protocol"] not in both:
            says = f"the proxy dials by {same[0]['protocol']}, and that port works by {opened['protocol']}"
            return says, 82, (same[0], opened)
    return None


def _said(signs: Signs) -> Told | None:
    """The app says that its port is of TLS, and the proxy's check or request gets 400 there."""
    refused = next((s for s in signs.of("answers", "check_wants_more") if s["status"] == "400"), None)
    if refused is None:
        return None
    speaks = next(iter(signs.where("speaks", protocol="https")), None)
    if speaks is not None:
        return f"port {speaks['port']} speaks TLS, and a plain request gets 400 there", 82, (refused, speaks)
    plain = next(
        (
            s
            for s in signs.of("scheme_told")
            if s["protocol"].lower() == "http" and _port(s) in ("443", "8443")
        ),
        None,
    )
    if plain is not None:
        return f"plain HTTP is sent to port {_port(plain)}, which by custom wants TLS", 80, (refused, plain)
    return None


def _labelled(signs: Signs) -> Told | None:
    """A label sends HTTP to a port where the image speaks FastCGI."""
    for setting in signs.of("proxy_setting"):
        speaks = next(
            (s for s in signs.where("speaks", protocol="fastcgi") if s["port"] == setting["port"]), None
        )
        if speaks is not None and setting["port"]:
            return (
                f"the proxy sends HTTP to port {setting['port']}, where FPM speaks FastCGI",
                78,
                (setting, speaks),
            )
    return None


def _meshed(signs: Signs) -> Told | None:
    """A mesh takes nothing but mutual TLS, and a caller from outside of it is cut off."""
    strict = signs.first("mutual_tls")
    cut = signs.first(*_CUT)
    if strict is None or cut is None:
        return None
    if not any(_OUTSIDE.search(line) for line in lines_of(signs)):
        return None
    return "the mesh wants mutual TLS, and the caller outside of it speaks plainly", 80, (strict, cut)


def _http2(signs: Signs) -> Told | None:
    """The proxy is told to speak HTTP/2, and answers break off at once."""
    told = signs.first("http2_told")
    cut = signs.first("answer_closed", "answer_reset", "answer_invalid")
    if told is None or cut is None or signs.has("grpc_call"):
        return None
    return "the proxy is set to speak HTTP/2 to an app that may know HTTP/1.1 alone", 70, (told, cut)
