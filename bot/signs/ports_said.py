"""Ports in the start lines, settings and control interfaces of single programs, and by hand in a sentence.

Source: prosody core/portmanager.lua ("Activated service '%s' on %s"); falcon lib/falcon/command/host.rb
("Binding to:"); unit.nginx.org "Control API" (config/listeners); mono fastcgi-mono-server(1) (/socket=tcp:);
docs.gitlab.com "GitLab Workhorse" (listen_addr); OpenLiteSpeed src/extensions (connect to [..] failed);
Rocket.Chat's start box ("Process Port"); ngx_http_log_module ($upstream_addr in a log_format); curl(1).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "listening",
        r"\bActivated service 'https?' on \[(?P<address>[\w.:*]+)\]:(?P<port>\d{2,5})",
        "activated service",
        inside="app",
        process="prosody",
    ),
    says(
        "listening",
        r"\bBinding to: #<Async::HTTP::Endpoint https?://(?P<address>[\w.-]+|\[[0-9a-f:]+\]):(?P<port>\d{2,5})",
        "async::http::endpoint",
        inside="app",
        process="falcon",
    ),
    says(
        "listening",
        r"\"(?P<address>\*|[\d.]+|\[[0-9a-f:]+\]):(?P<port>\d{2,5})\":\s?\{\s?\"(?:pass|tls)\"",
        '"pass"',
        '"tls"',
        process="unit",
    ),
    says(
        "listening",
        r"fastcgi-mono-server\S{0,20}.{0,200}/socket=tcp:(?P<address>[\d.]+):(?P<port>\d{2,5})",
        "/socket=tcp:",
        process="mono",
    ),
    says(
        "listening",
        r"\blisten_?addr(?:ess)?['\"\]]{0,3}\s?[=:]\s?['\"](?P<address>[\d.]*|localhost|\[[0-9a-f:]*\])"
        r":(?P<port>\d{2,5})",
        "listen_addr",
        "listenaddr",
        process="app",
    ),
    says("listening", r"\bProcess Port:\s{1,6}(?P<port>\d{2,5})\b", "process port", inside="app"),
    says(
        "listening",
        r"\b(?:ss|netstat) -\w{1,8} (?:shows|says|lists|gives|has)(?: only)? "
        r"(?P<address>\*|0\.0\.0\.0|127\.0\.0\.1|\[::\]):(?P<port>\d{2,5})\b",
        "ss -",
        "netstat -",
    ),
    # certbot's standalone server.
    says("port_taken", r"Problem binding to port (?P<port>\d+): Could not bind", "problem binding to port"),
    says(
        "dial_refused",
        r"\bconnect to \[(?:https?://)?(?P<target>[\d.]+:\d{2,5})\] failed: Connection refused",
        "failed: connection refused",
    ),
    says(
        "dials",
        r"\b50[24]\b.{0,20}\bupstream(?:_addr)?[=:] ?\"?(?P<target>[\d.]+:\d{2,5})\b",
        "upstream",
        directive="logged",
        protocol="http",
    ),
    says(
        "listening",
        r"\.listen\(\s?process\.argv\[\d\]\s?(?:\|\||\?\?)\s?(?P<port>\d{2,5})\b",
        "process.argv",
        inside="app",
    ),
    # "I get there without trouble by http://…", in other languages.
    says(
        "answers",
        r"\b(?:acc[èe]de|fonctionne|marche|erreich\w+|funktioniert|l[äa]uft|[öo]ffnet|funciona|abre|responde|funziona|apre"
        r"|dzia[łl]a|otwiera|работает|открывается)\b[^.]{0,60}?(?:https?://)?(?P<target>\d{1,3}(?:\.\d{1,3}){3}:\d{2,5})\b",
        *("accede", "accède", "fonctionne", "marche", "erreich", "funktioniert", "läuft", "lauft", "öffnet"),
        *("offnet", "funciona", "abre", "responde", "funziona", "apre", "działa", "dziala", "otwiera"),
        *("работает", "открывается"),
    ),
)

_CURL = re.compile(
    r"(?:\A|[$#>%] )\s*curl (?:-[a-zA-Z]{1,5} ){0,4}(?:https?://)?(?P<target>\d{1,3}(?:\.\d{1,3}){3}:\d{2,5})(?:/\S{0,100})?\s*\Z"
)
_WELL = re.compile(r"\A\s*(?:\{\"|\[\{|<!doctype html|<html)", re.IGNORECASE)


@given(_CURL, _WELL)
def _answered(piece: Piece) -> Iterator[Sign]:
    """`curl 192.0.2.7:5984` with a page or JSON below."""
    lines = piece.text.split("\n")
    for at, line in enumerate(lines[:-1]):
        found = _CURL.search(line)
        if found and _WELL.match(lines[at + 1]):
            yield Sign(kind="answers", line=line.strip(), fields={"target": found["target"], "status": "200"})


READERS: tuple[Reader, ...] = (_answered,)
