"""ping, nc, telnet, curl, wget, traceroute and ip as people run them by hand.

Source: curl's lib/connect.c and lib/strerror.c ("Failed to connect to", exit codes 6, 7, 28, 35, 52, 56),
netcat-openbsd netcat.c, nmap's ncat, inetutils telnet, iputils ping.c, busybox nc and wget, GNU wget
connect.c, ip-route(8), Windows Test-NetConnection.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "reached": "a connection or ping by hand came through; fields: target, port",
    "not_reached": "a ping or connection by hand did not come through; fields: target, reason",
    "route": "a route or its absence; fields: target, reason",
}

_TO = r"(?P<target>[\w.:\[\]-]+)"
_PORT = r"(?P<port>\d+)"
_REASON = (
    r"(?P<reason>Connection refused|No route to host|Host is unreachable|Network is unreachable|"
    r"Connection timed out"
    r"|Operation timed out|Permission denied|Connection reset by peer|Could(?:n't| not) connect to server)"
)

PATTERNS: tuple[Pattern, ...] = (
    says("answers_not", r"curl: \(52\) (?P<reason>Empty reply from server)", "empty reply"),
    says(
        "answers_not", r"curl: \(56\) .{0,40}(?P<reason>Connection reset by peer|Recv failure)", "curl: (56)"
    ),
    says(
        "not_reached",
        r"curl: \(28\) (?:Failed to connect|Connection|connect\(\)) (?P<reason>timed out|.{0,60}[Tt]ime)",
        "curl: (28)",
    ),
    says("answers_not", r"curl: \(28\) Operation (?P<reason>timed out)", "curl: (28)"),
    says("answers_not", rf"wget: can't connect to remote host \(?{_TO}\)?: {_REASON}", "wget: can't connect"),
    says("answers_not", rf"Connecting to {_TO}.{{0,80}}(?:\.\.\.|:) ?failed: {_REASON}", "connecting to"),
    says("answers", rf"Connecting to {_TO}.{{0,80}}\.\.\. connected", "connecting to"),
    says("answers_not", r"\* Empty reply from server", "empty reply", reason="Empty reply from server"),
    says(
        "not_reached",
        rf"(?:nc|ncat|Ncat|netcat): connect to {_TO} port \d+ \(tcp\) (?:failed|timed out): {_REASON}",
        "nc: connect",
        "ncat: connect",
        "netcat: connect",
    ),
    says("not_reached", rf"\(?UNKNOWN\)? \[{_TO}\] \d+ \([^)]*\) : {_REASON}", "(unknown)"),
    says("not_reached", rf"Unable to connect to remote host: {_REASON}", "unable to connect to remote"),
    says("not_reached", rf"Ncat: {_REASON}", "ncat: "),
    says("not_reached", rf"(?:nc|netcat): {_TO} \(.{{1,60}}\): {_REASON}", "nc: ", "netcat: "),
    says(
        "not_reached",
        r"From \S+.{0,40}(?P<reason>Destination Host Unreachable|Destination Net Unreachable)",
        "unreachable",
    ),
    says("not_reached", r"(?P<reason>100(?:\.0)?% packet loss)", "100% packet", "100.0% packet"),
    says("not_reached", r"TcpTestSucceeded\s*:\s*(?P<reason>False)", "tcptestsucceeded"),
    says("reached", r"TcpTestSucceeded\s*:\s*True", "tcptestsucceeded"),
    says(
        "reached",
        rf"Connection to {_TO} (?:\(.{{1,60}}\) )?(?P<port>\d+) port \[.{{1,30}}\] succeeded",
        "succeeded",
    ),
    says("reached", rf"{_TO} \(.{{1,60}}:\d+\) open\b", " open"),
    says("reached", rf"(?-i:Connected to) {_TO}[. ]", "connected to"),
    says("reached", r"\b[1-9]\d* (?:packets )?received, 0(?:\.0)?% packet loss", "0% packet loss"),
    says("route", r"RTNETLINK answers: (?P<reason>Network is unreachable|No route to host)", "rtnetlink"),
    says("route", r"^\s*(?:\d+)\s+\S+.{0,60}(?P<reason>!H|!N|!X)\b", "!h", "!n", "!x"),
)

_PROMPT = re.compile(r"(?:[$#>%]|\A)\s*(?:sudo )?(?P<tool>curl|wget|http|https)\b(?P<rest>.*)")
_URL = re.compile(r"(?:https?://)?(?P<target>(?:\[[0-9a-fA-F:]+\]|[\w.-]+)(?::\d+)?)(?:/\S*)?")
_STATUS = re.compile(r"\A\s*<? ?HTTP/[\d.]+ (?P<status>\d{3})\b")
_FAILED = re.compile(
    r"(?:Failed to connect to|Failed connect to|connect to|could ?n.t connect to host)"
    r" (?P<host>[\w.:\[\]-]+?)(?: port |:)(?P<port>\d+)"
    r".{0,60}?(?P<reason>Connection refused|No route to host|Host is unreachable|Connection timed out|"
    r"Operation timed out"
    r"|Network is unreachable|Permission denied|Could(?:n't| not) connect to server|Timeout)",
    re.IGNORECASE,
)

#: A site's public name at a browser's port: it is the proxy that answers there.
_AT_FRONT = re.compile(
    r"(?=[^:]*[a-z])(?![^:]*\.(?:local|internal|lan|svc|test)\b)[\w-]+(?:\.[\w-]+)+:(?:80|443)\Z",
    re.IGNORECASE,
)
#: curl's 28: connected, and nothing came.
_SILENT = re.compile(r"Operation timed out after \d+ milliseconds with 0 (?:out of 0 )?bytes received")


@given((_FAILED, _SILENT, _STATUS))
def _asked(piece: Piece) -> Iterator[Sign]:
    """curl and wget with what they were answered: the command's line names the target, later ones the end."""
    target = ""
    for line in piece.text.split("\n"):
        if found := _FAILED.search(line):
            fields = {"target": f"{found['host']}:{found['port']}", "reason": found["reason"]}
            is_refused = (
                "refused" in found["reason"].lower() or "connect to server" in found["reason"].lower()
            )
            kind = "answers_not" if is_refused else "not_reached"
            yield Sign(kind=kind, line=line.strip(), fields=fields)
        elif target and _SILENT.search(line):
            yield Sign(
                kind="answers_not", line=line.strip(), fields={"target": target, "reason": "timed out"}
            )
        elif ("://" in line or "localhost" in line) and (command := _PROMPT.search(line)):
            target = _target(command["rest"])
        elif (status := _STATUS.match(line)) and target:
            if not _AT_FRONT.match(target):
                fields = {"target": target, "status": status["status"]}
                yield Sign(kind="answers", line=line.strip(), fields=fields)
            target = ""


def _target(rest: str) -> str:
    words = [word.strip("'\"") for word in rest.split() if "://" in word or "localhost" in word]
    found = _URL.match(words[0]) if words else None
    if found is None:
        return ""
    is_plain = ":" not in found["target"].rpartition("]")[2]
    default = ":443" if words[0].startswith("https") else ":80"
    return found["target"] + (default if is_plain else "")


READERS: tuple[Reader, ...] = (_asked,)
