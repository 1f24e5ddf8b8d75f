"""nginx and the app speak different protocols."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _ajp,
    _fpm,
    _front,
    _http_only,
    _preamble,
    _quote,
    _speech,
    _speech_met,
    _speech_settings,
    _told,
    _uwsgi_and_http,
)


def protocol_mismatch(  # what each side says, and who listens
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    app_journal: Journal | None,
    php_fpm: PhpFpm | None,
    unit: UnitState | None,
    listeners: ListeningSockets | None,
) -> Finding | None:
    """TLS is spoken to a plain port, HTTP to a FastCGI, uWSGI or AJP socket, or the reverse.

    Why: nginx cannot make sense of the first bytes; asked directly, they are no HTTP, or the app hangs up and
    answers in another protocol; or it says so itself. Or nginx sends HTTP to where a pool of PHP-FPM
    listens, which closes the connection; or uwsgi to a server known to speak HTTP alone.
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
    by_http = _http_only.asked_by_uwsgi(unit, upstreams, listeners)
    if found := by_http or _ajp.asked_by_http(app_journal, upstreams):
        return found
    pool = _fpm.asked_by_http(php_fpm, upstreams, error_log)
    closed = error_log.of(Fault.RESET, Fault.CLOSED_EARLY) if error_log else ()
    if pool is not None and closed:
        return _speech_met.http_to_fpm(pool, closed[0], upstreams)
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
        return _speech_met.plain_to_tls(plain[0], error_log)
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
        next_check=None if settled else "what the app speaks on that port: HTTP(S), gRPC, FastCGI or uWSGI",
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
        return _told.confirmed("protocol_mismatch", 94, says, _speech_settings.SAME, block)
    listener = _speech.by_the_listener(signs)
    if listener is not None:
        says, weight, seen = listener
        return _told.likely(
            "protocol_mismatch", weight, says, _speech_settings.SAME, *seen, next_check=_speech_settings.CHECK
        )
    plain = signs.first("plain_to_tls")
    if plain is not None and not _speech.is_stray(signs, plain):
        says = "plain HTTP is sent to a port that wants TLS"
        return _told.likely(
            "protocol_mismatch", 82, says, _speech_settings.SAME, plain, next_check=_speech_settings.CHECK
        )
    other = signs.first("other_to_app")
    if other is not None and not _front.deeper(signs):
        says = "the app is spoken to in another protocol than its own"
        return _told.likely(
            "protocol_mismatch", 76, says, _speech_settings.SAME, other, next_check=_speech_settings.CHECK
        )
    return _speech_settings.by_settings(signs)


def _by_the_proxy(signs: Signs, said: Sign) -> Finding:
    """The proxy's own line, which settles it unless something else leaves the same line."""
    if "no valid HTTP/1.0 header" in said.line:
        says = "the answer does not begin as HTTP does: another protocol, or a broken status line"
        return _told.likely(
            "protocol_mismatch", 75, says, _speech_settings.SAME, said, next_check=_speech_settings.CHECK
        )
    no_tls = ": no TLS" if said.kind == "tls_not_spoken" else ""
    says = f"the far end speaks another protocol than the proxy{no_tls}"
    if _ANY_HANDSHAKE.search(said.line):
        says = "the far end's TLS could not be begun: it may be a plain port"
        return _told.likely(
            "protocol_mismatch", 72, says, _speech_settings.SAME, said, next_check=_speech_settings.CHECK
        )
    if alert := signs.first("tls_alert"):  # it does speak TLS, at least to somebody
        return _told.likely(
            "protocol_mismatch",
            78,
            says,
            _speech_settings.SAME,
            said,
            alert,
            next_check=_speech_settings.CHECK,
        )
    if taken := signs.first("port_taken"):
        return _told.likely(
            "protocol_mismatch",
            75,
            says,
            _speech_settings.SAME,
            said,
            taken,
            next_check=_speech_settings.CHECK,
        )
    if said["wants"] == "banner":  # first of all a wrong port
        says = "what is dialled greets as another program does: no HTTP is spoken there"
        return _told.likely(
            "protocol_mismatch", 74, says, _speech_settings.SAME, said, next_check=_speech_settings.CHECK
        )
    if crash := signs.first("crashed"):  # what dies in the middle of an answer sends half a record
        return _told.likely(
            "protocol_mismatch",
            70,
            says,
            _speech_settings.SAME,
            said,
            crash,
            next_check=_speech_settings.CHECK,
        )
    return _told.confirmed("protocol_mismatch", 93, says, _speech_settings.SAME, said)


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
        return _told.likely(
            "protocol_mismatch", 88, says, _speech_settings.SAME, broken, plain, next_check=_NAME
        )
    if ports:
        return None
    says = "the backend needs HTTP/2; it may be that the proxy speaks HTTP/1.1 to the backend's port"
    weight = 70 if broken["proxy"] else 76  # Envoy calls more than the first bytes so
    return _told.likely(
        "protocol_mismatch", weight, says, _speech_settings.SAME, broken, call, next_check=_NAME
    )


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
