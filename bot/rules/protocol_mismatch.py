"""nginx and the app speak different protocols."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxError, NginxErrorLog
from bot.parsers.php_fpm import FpmPool, PhpFpm
from bot.rules import _fpm, _fpm_by_http, _front, _preamble, _quote, _speech, _told, _uwsgi_and_http


def protocol_mismatch(
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    app_journal: Journal | None,
    php_fpm: PhpFpm | None,
) -> Finding | None:
    """TLS is spoken to a plain port, HTTP to a FastCGI or uWSGI socket, or the reverse.

    Why: nginx cannot make sense of the first bytes; asked directly, they are no HTTP, or the app hangs up and
    answers in another protocol; or it says so itself. Or nginx sends HTTP to where a pool of PHP-FPM
    listens, which closes the connection.
    Ruled out when: the app answers with HTTP and nginx does not complain of the protocol.
    Mistaken when: the app is broken and sends rubbish.
    Mended by: the right directive or scheme: https:// to a TLS port and http:// to a plain one,
    uwsgi_pass to a uwsgi socket, fastcgi_pass to FPM, grpc_pass to gRPC; or the app told to speak HTTP
    (uWSGI http-socket).
    Not mended by: a restart of anything, longer time-outs, larger buffers.
    Source: ngx_http_upstream.c, OpenSSL "wrong version number" (the peer did not answer with TLS).
    """
    if (found := _uwsgi_and_http.finding(error_log, upstreams, app_journal)) is not None:
        return found
    pool = _fpm.asked_by_http(php_fpm, upstreams, error_log)
    closed = error_log.of(Fault.RESET, Fault.CLOSED_EARLY) if error_log else ()
    if pool is not None and closed:
        return _http_to_fpm(pool, closed[0], upstreams)
    logged = error_log.of(Fault.TLS_PROTOCOL, Fault.WRONG_PROTOCOL) if error_log else ()
    odd = upstreams.that(Answer.NOT_HTTP) if upstreams else ()
    tls = (
        [p for p in upstreams.that(Answer.TLS_FAILED) if "WRONG_VERSION" in p.detail.upper()]
        if upstreams
        else []
    )
    if not logged and not odd and not tls:
        return None
    if plain := [probe for probe in odd if probe.detail.startswith("speaks TLS")]:
        return _plain_to_tls(plain[0], error_log)
    both = bool(logged) and bool(odd or tls)
    settled = both or any(entry.fault is Fault.TLS_PROTOCOL for entry in logged)
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED if settled else Certainty.LIKELY,
        says="nginx and the app do not speak the same protocol",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in (*odd, *tls)[:1]),
        ),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        next_check=None if settled else "what the app speaks on that port: HTTP, HTTPS, FastCGI or uWSGI",
        weight=67,
    )


def _plain_to_tls(probe: Probe, error_log: NginxErrorLog | None) -> Finding:
    """Asked in HTTP the far end hangs up or answers 400, and then takes a TLS handshake."""
    logged = (
        [e for e in error_log.of(Fault.CLOSED_EARLY, Fault.RESET) if e.address == probe.address]
        if error_log
        else []
    )
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED,
        says=f"nginx speaks plain HTTP to {probe.address}, which wants TLS",
        because=(_quote.probe(probe), *(_quote.error(entry) for entry in logged[:1])),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        mend=f"https:// in place of http:// where nginx passes to {probe.address}, or the app told to speak "
        "plain HTTP there; then a reload of nginx",
        weight=87,
    )


def _http_to_fpm(pool: FpmPool, closed: NginxError, upstreams: HttpProbes | None) -> Finding:
    broken = upstreams.that(Answer.RESET, Answer.CLOSED) if upstreams else ()
    return Finding(
        cause="protocol_mismatch",
        certainty=Certainty.CONFIRMED,
        says=f"nginx sends HTTP to {pool.listen}, where PHP-FPM's pool {pool.name} speaks FastCGI",
        because=(
            _quote.error(closed),
            *(_quote.probe(probe) for probe in broken[:1]),
            _fpm.counted(pool),
        ),
        restart=_quote.useless("app", "both keep speaking what they are set to speak"),
        mend="fastcgi_pass instead of proxy_pass for that place, with fastcgi_params and SCRIPT_FILENAME",
        weight=67,
    )


def told(signs: Signs) -> Finding | None:
    """The first bytes are of another protocol: the proxy, the app or the two settings say so."""
    if preamble := _preamble.told(signs):
        return preamble
    said = next((s for s in signs.of(*_SAYS) if not _OTHERS.search(s.line)), None)
    if said is not None:
        return _by_the_proxy(signs, said)
    named = _grpc_by_http(signs)
    if named is not None:
        return named
    block = next((s for s in signs.of("request_too_big") if s["size"] in _FIRST_LETTERS), None)
    if block is not None:
        says = f"HTTP comes to a uwsgi socket: the size {block['size']} is letters of a request's first word"
        return _told.confirmed("protocol_mismatch", 94, says, _SAME, block)
    listener = _speech.by_the_listener(signs)
    if listener is not None:
        says, weight, seen = listener
        return _told.likely("protocol_mismatch", weight, says, _SAME, *seen, next_check=_CHECK)
    plain = signs.first("plain_to_tls")
    if plain is not None and not _speech.is_stray(signs, plain):
        says = "plain HTTP is sent to a port that wants TLS"
        return _told.likely("protocol_mismatch", 82, says, _SAME, plain, next_check=_CHECK)
    other = signs.first("other_to_app")
    if other is not None and not _front.deeper(signs):
        says = "the app is spoken to in another protocol than its own"
        return _told.likely("protocol_mismatch", 76, says, _SAME, other, next_check=_CHECK)
    return _by_settings(signs)


def _by_the_proxy(signs: Signs, said: Sign) -> Finding:
    """The proxy's own line, which settles it unless something else leaves the same line."""
    if "no valid HTTP/1.0 header" in said.line:
        says = "the answer does not begin as HTTP does: another protocol, or a broken status line"
        return _told.likely("protocol_mismatch", 75, says, _SAME, said, next_check=_CHECK)
    no_tls = ": no TLS" if said.kind == "tls_not_spoken" else ""
    says = f"the far end speaks another protocol than the proxy{no_tls}"
    if _ANY_HANDSHAKE.search(said.line):
        says = "the far end's TLS could not be begun: it may be a plain port"
        return _told.likely("protocol_mismatch", 72, says, _SAME, said, next_check=_CHECK)
    if alert := signs.first("tls_alert"):  # it does speak TLS, at least to somebody
        return _told.likely("protocol_mismatch", 78, says, _SAME, said, alert, next_check=_CHECK)
    if taken := signs.first("port_taken"):
        return _told.likely("protocol_mismatch", 75, says, _SAME, said, taken, next_check=_CHECK)
    if said["wants"] == "banner":  # first of all a wrong port
        says = "what is dialled greets as another program does: no HTTP is spoken there"
        return _told.likely("protocol_mismatch", 74, says, _SAME, said, next_check=_CHECK)
    if crash := signs.first("crashed"):  # what dies in the middle of an answer sends half a record
        return _told.likely("protocol_mismatch", 70, says, _SAME, said, crash, next_check=_CHECK)
    return _told.confirmed("protocol_mismatch", 93, says, _SAME, said)


def _grpc_by_http(signs: Signs) -> Finding | None:
    """A call of gRPC whose answer Envoy calls a breach: HTTP/1.1 is spoken to an HTTP/2 port, or back."""
    broken = next((s for s in signs.of("answer_invalid") if _NO_HTTP_1.search(s.line + s["proxy"])), None)
    call = signs.first("grpc_call", "http2_meant")
    if broken is None or call is None:
        return None
    ports = signs.of("port_protocol")
    plain = next((s for s in ports if s["protocol"] in ("http", "https") and s["port"] in broken.line), None)
    if plain is not None:
        says = f"gRPC needs HTTP/2, and the service's port {plain['port']} is named for {plain['protocol']}"
        return _told.likely("protocol_mismatch", 88, says, _SAME, broken, plain, next_check=_NAME)
    if ports:
        return None
    says = "the backend needs HTTP/2; it may be that the proxy speaks HTTP/1.1 to the backend's port"
    weight = 70 if broken["proxy"] else 76  # Envoy calls more than the first bytes so
    return _told.likely("protocol_mismatch", weight, says, _SAME, broken, call, next_check=_NAME)


#: Envoy in all cases, and the words of llhttp for an answer whose first bytes are not `HTTP/`.
_NO_HTTP_1 = re.compile(r"envoy\Z|HPE_INVALID_CONSTANT")
_NAME = "the name (grpc-…, http2-…) or appProtocol of the service's port, and what the backend speaks"
#: HAProxy's word for every handshake that fails, also over a certificate or a server name.
_ANY_HANDSHAKE = re.compile(r"layer6 invalid|\bL6RSP\b", re.IGNORECASE)
#: A client's handshake, or one that failed over the certificate.
_OTHERS = re.compile(r"SSL handshaking, client|certificate verify failed")
_SAYS = ("tls_not_spoken", "answer_not_protocol")
#: uwsgi's packet size read from `GET `, `POST`, `HEAD`, `PUT `, … and from a TLS hello, little endian.
_FIRST_LETTERS = (
    "21573",
    "21327",
    "16709",
    "21589",
    "21584",
    "19525",
    "21569",
    "20047",
    "18770",
    "259",
    "769",
)
_SAME = _quote.useless("app", "both would speak as before")
_CHECK = "the scheme and directive of the proxy against the protocol of the app's socket"
#: Ports that by custom speak one protocol.
_FPM = "9000"
_NAMED = re.compile(r"uwsgi|php\S*fpm|fastcgi|fcgi|\bphp[\w-]*:9000\Z|:3031\Z")
_TLS = ("443", "4443", "6443", "8006", "8007", "8443", "8834", "8920", "9443", "10443", "16443")
_WEB = ("80", "81", "3000", "3001", "5000", "8000", "8080", "8081", "8088", "8096", "8123", "8888")


def _by_settings(signs: Signs) -> Finding | None:
    """What the configuration speaks, held against what the socket is known to speak."""
    broken = signs.first("answer_closed", "answer_reset")
    dials = [*signs.of("answer_closed", "answer_reset", "answer_timeout"), *signs.of("dials")]
    for speaks in signs.of("speaks"):
        other = next((d for d in dials if _is_same(d, speaks) and _differs(d, speaks)), None)
        if other is not None:
            says = f"the proxy speaks {other['protocol']}, the app {speaks['protocol']}"
            weight = 90 if signs.has("worker_timeout", "answer_timeout") else 86  # it waits for its own
            return _told.likely("protocol_mismatch", weight, says, _SAME, other, speaks, next_check=_CHECK)
    schemes = _speech.by_schemes(signs)
    if schemes is not None:
        says, weight, seen = schemes
        return _told.likely("protocol_mismatch", weight, says, _SAME, *seen, next_check=_CHECK)
    fpm = _fpm_by_http.found_by_http(signs)
    if fpm is not None:
        says = "HTTP is spoken to a container whose image is PHP-FPM alone, which speaks FastCGI"
        return _told.likely("protocol_mismatch", 80, says, _SAME, *fpm, next_check=_CHECK)
    told = _by_hand(signs)
    if told is not None:
        says = f"the proxy speaks {told[0]['protocol']} to a place that answers a browser or curl, so HTTP"
        return _told.likely("protocol_mismatch", 82, says, _SAME, *told, next_check=_CHECK)
    for dial in dials:
        is_http = dial["protocol"] == "http" or dial["directive"] == "reverse_proxy"
        named = broken is not None and is_http and _NAMED.search(dial["target"])
        if named:
            says = f"HTTP is spoken to {dial['target']}, whose name is of another protocol"
            return _told.likely("protocol_mismatch", 68, says, _SAME, dial, broken, next_check=_CHECK)
        port = dial["target"].rpartition(":")[2]
        odd = (dial["protocol"] == "http" and port in (_FPM, *_TLS)) or (
            dial["protocol"] == "fastcgi" and port in _WEB
        )
        if broken is not None and odd:
            says = f"{dial['protocol']} is spoken to port {port}, which by custom speaks another protocol"
            return _told.likely("protocol_mismatch", 64, says, _SAME, dial, broken, next_check=_CHECK)
    return _by_port_name(signs) or _by_custom(signs)


#: Istio and others take the protocol from the beginning of a service port's name.
_NAMED_LAST = re.compile(r"[a-z0-9-]+-(?:http|https|http2|grpc|tcp|mongo|redis|tls)\Z")


def _by_port_name(signs: Signs) -> Finding | None:
    """A mesh breaks the connection, and the port's name has its protocol at the end.

    Source: istio.io "Protocol Selection": name: <protocol>[-<suffix>].
    """
    broken = next((s for s in signs.of("answer_closed", "answer_reset") if s["proxy"] == "envoy"), None)
    port = next((s for s in signs.of("service") if _NAMED_LAST.match(s["name"])), None)
    if broken is None or port is None:
        return None
    says = f"the port is named {port['name']}; a mesh takes the protocol from the name's beginning"
    return _told.likely("protocol_mismatch", 64, says, _SAME, port, broken, next_check=_CHECK)


def _by_hand(signs: Signs) -> tuple[Sign, Sign] | None:
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


def _by_custom(signs: Signs) -> Finding | None:
    """Only a configuration is shown: its scheme, held against what by custom speaks on that port."""
    if signs.has(*_SAYS_MORE):
        return None
    for dial in signs.of("dials"):
        port = dial["target"].rpartition(":")[2]
        is_plain = dial["protocol"] == "http" and dial["directive"] != "server" and port in _TLS
        if is_plain or (dial["protocol"] == "https" and port in _WEB):
            says = f"{dial['protocol']} is spoken to port {port}, which by custom speaks another protocol"
            weight = 66 if is_plain else 58
            return _told.likely("protocol_mismatch", weight, says, _SAME, dial, next_check=_CHECK)
    return None


#: What tells more of an outage than a custom does.
_SAYS_MORE = (
    *("dial_refused", "dial_timeout", "dial_no_route", "dial_denied", "dial_missing", "dial_busy", "no_live"),
    *("name_unresolved", "name_at_start", "config_invalid", "tls_alert", "tls_unverified", "tls_closed"),
    *("answer_timeout", "header_too_big", "answer_invalid", "app_failed", "app_error", "networks_told"),
)


def _is_same(dial: Sign, speaks: Sign) -> bool:
    target = dial["target"]
    if speaks["port"]:
        return target.endswith(f":{speaks['port']}")
    return bool(speaks["path"]) and target.endswith(speaks["path"])


def _differs(dial: Sign, speaks: Sign) -> bool:
    return bool(dial["protocol"]) and dial["protocol"] != speaks["protocol"]
