"""The app's answer is not proper HTTP."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _proxy_release, _quote, _told


def invalid_header(error_log: NginxErrorLog | None, upstreams: HttpProbes | None) -> Finding | None:
    """The app sends a header that violates HTTP, and nginx refuses the answer.

    Why: nginx names the header it refused.
    Ruled out when: nginx names none.
    Mistaken when: another protocol is spoken on that port (protocol_mismatch).
    Mended by: the app, or what adds the header: one value, no control characters, no space in a name, not
    both Content-Length and Transfer-Encoding; for a stop, proxy_hide_header does not help, an older nginx
    may.
    Not mended by: a restart of anything, larger buffers, longer time-outs.
    Source: ngx_http_parse.c, RFC 9112 section 5; newer nginx versions refuse more than older ones.
    """
    logged = error_log.of(Fault.HEADER_INVALID) if error_log else ()
    if not logged:
        return None
    seen = [p for p in upstreams.probes if p.detail.startswith("header name")] if upstreams else []
    return Finding(
        cause="invalid_header",
        certainty=Certainty.CONFIRMED,
        says=f"nginx refuses the app's answer: {logged[0].message.split(' while ')[0]}",
        because=(_quote.error(logged[0]), *(_quote.probe(probe) for probe in seen[:1])),
        restart=_quote.useless("app", "it sends the same header again"),
        weight=66,
    )


def told(signs: Signs) -> Finding | None:
    """nginx's own sentence settles it, unless the far end speaks no HTTP at all."""
    if signs.has("greeted") or (signs.has("header_too_big") and not _names_a_header(signs)):
        return None
    said = next((s for s in signs.of("answer_invalid") if s["proxy"] != "envoy"), None)
    if said is None:
        weak = signs.first("answer_invalid")
        seen = signs.first("answer_breach")
        if seen is not None:
            says = f"the app's answer has the field {seen['header']} twice, or in a pair that is not allowed"
            return _told.likely("invalid_header", 84, says, _SAME, seen, weak, next_check=_CHECK)
        page = next((s for s in signs.of("incomplete_answer")), None)
        if weak is None and page is not None:
            says = "HAProxy calls the answer invalid or incomplete"
            return _told.possible("invalid_header", 47, says, _SAME, page, next_check=_CHECK)
        if weak is None:
            return _no_status_line(signs)
        says = "the proxy calls the app's answer a breach of the protocol"
        return _told.likely("invalid_header", 66, says, _SAME, weak, next_check=_CHECK)
    if signs.has("answer_not_protocol", "tls_not_spoken", "other_to_app"):
        says = "nginx cannot read the app's answer; it may be another protocol"
        return _told.possible("invalid_header", 36, says, _SAME, said, next_check=_CHECK)
    if _FRAMES.search(said.line) and not said["header"]:
        says = "the proxy cannot read the frames of the answer: its heads, or another protocol"
        return _told.likely("invalid_header", 70, says, _SAME, said, next_check=_CHECK)
    if _FIRST_BYTES.search(said.line) and not said["header"]:
        says = "the answer does not begin as HTTP does; its status line may be broken"
        return _told.likely("invalid_header", 70, says, _SAME, said, next_check=_CHECK)
    if said["proxy"] == "haproxy" and not said["header"]:
        says = "HAProxy refuses the app's answer: its header is broken, or larger than tune.bufsize"
        return _told.likely("invalid_header", 74, says, _SAME, said, next_check=_CHECK)
    if said["proxy"] == "cloud" and not said["header"]:  # WinHTTP's 12152 is any answer that it cannot parse
        says = "the proxy cannot parse the app's answer: a broken header, or no HTTP"
        weight = 66 if signs.has("went_back") else 84
        return _told.likely("invalid_header", weight, says, _SAME, said, next_check=_CHECK)
    name = f" ({said['header']})" if said["header"] else ""
    says = f"the proxy refuses a header of the app's answer{name}"
    older = _proxy_release.older_works(signs)
    if older is not None and not _proxy_release.names_header(signs):
        says = f"{says}; an older version of the proxy takes it"
        return _told.likely("invalid_header", 78, says, _SAME, said, older, next_check=_CHECK)
    if (release := signs.first("went_back")) is not None and older is None:
        says = f"{says}, which an older release did not send"
        return _told.likely("invalid_header", 78, says, _SAME, said, release, next_check=_CHECK)
    return _told.confirmed("invalid_header", 94, says, _SAME, said)


def _names_a_header(signs: Signs) -> bool:
    """What is too large to read is called invalid as well; a header that is named is so in itself."""
    return any(sign["header"] for sign in signs.of("answer_invalid"))


def _no_status_line(signs: Signs) -> Finding | None:
    """What does not begin with `HTTP/1.` may be a status line without its version or text."""
    said = next((s for s in signs.of("answer_not_protocol") if "no valid HTTP/1.0" in s.line), None)
    if said is None:
        return None
    says = "the answer does not begin as HTTP does; its status line may be broken"
    return _told.likely("invalid_header", 66, says, _SAME, said, next_check=_CHECK)


#: nginx of an answer in HTTP/2 (ngx_http_grpc_module.c, ngx_http_proxy_v2_module.c).
_FRAMES = re.compile(r"http2|\bframe for unknown stream\b", re.IGNORECASE)
#: llhttp's words for an answer whose first bytes are not `HTTP/`.
_FIRST_BYTES = re.compile(r"Expected HTTP/|HPE_INVALID_CONSTANT")
_SAME = _quote.useless("app", "it sends the same header again")
_CHECK = "`curl -sv` straight to the app: which header is not as RFC 9112 wants it?"
