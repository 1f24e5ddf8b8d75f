"""Access logs in common, combined and custom forms, and what curl or a browser was answered.

Source: ngx_http_log_module (log_format, "combined"), ingress-nginx's log-format-upstream, Apache's
mod_log_config; ngx_http_special_response.c (error pages), curl(1), Cloudflare's and browsers' error pages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "took": "how long the upstream took for a request, in seconds; fields: seconds, status, path",
    "answer_breach": "an answer asked by hand has a field twice that may stand once; fields: header",
    "gateway_late": "somebody writes of a gateway's time-out; fields: what",
    "page": "an error page as a browser or client was shown; fields: status, server",
}
_NX = {"proxy": "nginx"}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "page",
        r"(?:<(?:title|h1|center)>\s*){1,3}(?P<status>[45]\d\d) (?:Bad Gateway|Gateway Time-?out"
        r"|Service (?:Temporarily )?"
        r"Unavailable|Internal Server Error|Request Entity Too Large|Too Many Requests|Forbidden"
        r"|Bad Request)",
        "<title>",
        "<h1>",
        "<center>",
    ),
    says(
        "page",
        r"(?:\A|[\s\"'#>:*(\u3001-\u9fff\uff0c])(?P<status>502 Bad Gateway|504 Gateway Time-?out"
        r"|503 Service (?:Temporarily )?Unavailable"
        r"|500 Internal Server Error|413 Request Entity Too Large)(?:\s{0,8}(?P<server>(?:nginx"
        r"|openresty|tengine)(?:/[\d.]+)?))?",
        "bad gateway",
        "gateway time",
        "unavailable",
        "internal server error",
        "too large",
    ),
    says("gateway_late", r"(?<!not a )(?<!no )(?P<what>\bgateway[- ]time-?out\b)", "gateway"),
    # A time-out that somebody measured: "504 after exactly 60 s".
    says(
        "page",
        r"\b(?P<status>504)\b(?: error)?,? (?:\w+ )?after (?:\w+ )?(?:\d{1,4}|one|two|three|five|ten|a) ?"
        r"(?:s\b|secs?\b|seconds?\b|m\b|mins?\b|minutes?\b)",
        "504",
    ),
    says("client_gone", r"\" 499 (?:\d+|-) ", '" 499 ', **_NX),
    says("client_gone", r"\bstatus\W{1,4}499\b", "status", **_NX),
)
#: `"GET /x HTTP/1.1" 502 157 "referrer" "agent"` and what stands behind it.
_REQUEST = re.compile(
    r"\"(?:[A-Z]{3,10} (?P<path>[^\s?\"]+)[^\"]*)\"\s+(?P<status>[1-5]\d\d)\s+(?:\d+|-)(?P<rest>.*)\Z"
)
_KEYS = {
    "status": re.compile(
        # The unexpected status is that of a subrequest, auth_request's.
        r"[\"']?\b(?<!unexpected )(?:status|response_code|http_status)[\"']?\s*[:=]\s*[\"']?"
        r"(?P<v>[1-5]\d\d)\b"
    ),
    "upstream_status": re.compile(
        r"[\"']?\bupstream_(?:response_)?status[\"']?\s*[:=]\s*[\"']?(?P<v>[\d, -]*\d{3}|-)"
    ),
    "target": re.compile(
        r"[\"']?\bupstream(?:_addr|_host|Addr)?[\"']?\s*[:=]\s*[\"']?(?P<v>unix:[^\s\",]+|[\w.:\[\]-]+:\d+)"
    ),
    "path": re.compile(
        r"[\"']?\b(?:request_)?(?:uri|path|request)[\"']?\s*[:=]\s*[\"'](?:[A-Z]+ )?(?P<v>/[^\s?\"]*)"
    ),
}
_OF_UPSTREAM = frozenset({"upstream_status", "target"})
_TOOK = re.compile(
    r"[\"']?\b(?:upstream_response_time|urt|rt|request_time)[\"']?\s*[:=]\s*[\"']?(?P<v>\d+\.\d+)"
)
#: ingress-nginx: length time [service] [] addr length time status id
_INGRESS = re.compile(
    r"\[(?P<service>[\w.-]*)\] \[[^\]]*\] (?P<target>[\d.:a-f\[\], -]+?) (?:\d+|-)(?:, (?:\d+|-))* "
    r"(?P<took>(?:\d+\.\d+|-)(?:, (?:\d+\.\d+|-))*)"
    r" (?P<status>[1-5]\d\d(?:, [1-5]\d\d)*|-) [0-9a-f]{32}"
)
_FEW = 200


def _requests(piece: Piece) -> Iterator[Sign]:
    """Requests that failed at the front; good ones only as far as they are the last."""
    good: Sign | None = None
    bad = 0
    for line in piece.text.split("\n"):
        found = _of_line(line)
        if found is None:
            continue
        if found["status"][0] in "123":
            good = found
            continue
        bad += 1
        if bad <= _FEW:
            yield found
            yield from _took(line, found)
    if good is not None:
        yield good


def _of_line(line: str) -> Sign | None:
    quoted = _REQUEST.search(line)
    fields: dict[str, str] = {}
    if quoted:
        fields = {"status": quoted["status"], "path": quoted["path"]}
        ingress = _INGRESS.search(quoted["rest"])
        if ingress:
            fields |= {"target": ingress["target"].split(", ")[-1], "upstream_status": ingress["status"]}
    elif "status" not in line:
        return None
    of_upstream = "upstream" in line
    for name, key in _KEYS.items():
        may_stand = name not in fields and (of_upstream or name not in _OF_UPSTREAM)
        if may_stand and (found := key.search(line)):
            fields[name] = found["v"].strip()
    if "status" not in fields or (not quoted and "path" not in fields and "upstream_status" not in fields):
        return None
    fields = {name: value for name, value in fields.items() if value not in ("", "-")}
    return Sign(kind="status", line=line.strip(), fields=fields)


def _took(line: str, request: Sign) -> Iterable[Sign]:
    found = _TOOK.search(line)
    ingress = _INGRESS.search(line)
    # One time for each server that was tried: the request took all of them.
    tries = [found["v"]] if found else [s for s in ingress["took"].split(", ") if s != "-"] if ingress else []
    seconds = tries[0] if len(tries) == 1 else f"{sum(map(float, tries)):.3f}"
    if tries:
        fields = {"seconds": seconds, "status": request["status"], "path": request["path"]}
        yield Sign(kind="took", line=line.strip(), fields=fields)


_STATUS_LINE = re.compile(r"\A(?:[<+\s]*)HTTP/[\d.]+ (?P<status>\d{3})\b")
_FIELD = re.compile(r"\A(?:<\s?|\s*)(?P<name>[A-Za-z][\w-]{1,60}):\s")
#: Fields that may stand once in an answer; RFC 9110 section 5.3, RFC 9112 section 6.
_ONCE = frozenset({"transfer-encoding", "content-length", "content-type", "location", "host"})


@given(_STATUS_LINE)
def _answers(piece: Piece) -> Iterator[Sign]:
    """Heads of answers as curl or a browser shows them, in which a field stands twice that may stand once."""
    seen: set[str] = set()
    is_head = False
    for line in piece.text.split("\n"):
        if _STATUS_LINE.match(line):
            seen, is_head = set(), True
            continue
        field = _FIELD.match(line)
        if not is_head or field is None:
            is_head = is_head and not _ends(line)
            continue
        name = field["name"].lower()
        both = {"transfer-encoding", "content-length"} <= seen | {name} and name not in seen
        if (name in _ONCE and name in seen) or both:
            yield Sign(kind="answer_breach", line=line.strip(), fields={"header": name})
        seen.add(name)


def _ends(line: str) -> bool:
    return not line.strip(" <>\t")


READERS: tuple[Reader, ...] = (_requests, _answers)
