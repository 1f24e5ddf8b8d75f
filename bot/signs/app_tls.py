"""Apps that speak TLS themselves: by their own settings, and by what people open in a browser.

A proxy that sends plain HTTP to such a port is cut off or told that the request was plain.

Source: Home Assistant "HTTP" integration (ssl_certificate, server_port 8123); Grafana and Gitea (protocol,
http_port 3000); Kibana server.ssl.enabled (5601); Elasticsearch xpack.security.http.ssl (9200); Spring Boot
server.ssl.key-store (8080); Jupyter certfile (8888); gunicorn certfile (8000), uvicorn --ssl-keyfile (8000);
code-server `cert: true` (8080); Vault tls_cert_file (8200); RFC 9110 4.2.2.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "opened_as": "asked past the proxy it works by this scheme; fields: protocol, target",
}
PATTERNS: tuple[Pattern, ...] = ()

#: The line that turns its TLS on, where it gives its port, and the port it has without that.
_SETTINGS: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    (re.compile(turns_on, re.MULTILINE), re.compile(port, re.MULTILINE), default)
    for turns_on, port, default in (
        (
            r"^http:\n(?:[ \t]+\S.*\n){0,12}?(?P<line>[ \t]+ssl_certificate:.*)",
            r"^[ \t]+server_port: ?(\d+)",
            "8123",
        ),
        (
            r"^(?P<line>(?:PROTOCOL|protocol)[ \t]*=[ \t]*https)[ \t]*$",
            r"^(?:HTTP_PORT|http_port)[ \t]*=[ \t]*(\d+)",
            "3000",
        ),
        (
            r"^(?P<line>\s*-?\s*GF_SERVER_PROTOCOL[=:] ?[\"']?https)",
            r"GF_SERVER_HTTP_PORT[=:] ?[\"']?(\d+)",
            "3000",
        ),
        (r"^(?P<line>server\.ssl\.enabled: ?true)", r"^server\.port: ?(\d+)", "5601"),
        (r"^(?P<line>xpack\.security\.http\.ssl\.enabled: ?true)", r"^http\.port: ?(\d+)", "9200"),
        (r"^(?P<line>server\.ssl\.key-?[sS]tore ?[=:].*)", r"^server\.port ?[=:] ?(\d+)", "8080"),
        (
            r"^(?P<line>c\.(?:Server|Notebook)App\.certfile ?=.*)",
            r"^c\.(?:Server|Notebook)App\.port ?= ?(\d+)",
            "8888",
        ),
        (r"^(?P<line>certfile ?= ?[\"'].*)", r"^bind ?= ?\[?[\"'][^\"']{0,60}:(\d+)", "8000"),
        (r"^(?P<line>.*\buvicorn\b.*--ssl-(?:keyfile|certfile)\b.*)", r"--port[= ](\d+)", "8000"),
        (r"^(?P<line>.*\bgunicorn\b.*--certfile\b.*)", r"(?:--bind|-b)[= ]\S{0,60}:(\d+)", "8000"),
        (r"^(?P<line>cert: ?true)\s*$", r"^bind-addr: ?\S{0,60}:(\d+)", "8080"),
        (r"^(?P<line>\s*tls_cert_file\s*=.*)", r"^\s*address\s*=\s*\"[^\"]{0,60}:(\d+)\"", "8200"),
    )
)


#: One of them is in every setting that turns TLS on.
_CERTIFIES = ("cert", "ssl", "tls", "https")


@given(_CERTIFIES, tuple(turns_on for turns_on, _, _ in _SETTINGS))
def _by_settings(piece: Piece) -> Iterator[Sign]:
    """A file of the app's own that names its certificate."""
    if not any(word in piece.text.lower() for word in _CERTIFIES):
        return
    for turns_on, port, default in _SETTINGS:
        if found := turns_on.search(piece.text):
            said = port.search(piece.text)
            fields = {"protocol": "https", "port": said[1] if said else default}
            yield Sign(kind="speaks", line=found["line"].strip(), fields=fields)


_URL = re.compile(
    r"(?<![\w\"=/])(?P<protocol>https?)://(?P<target>(?:\[[0-9a-f:]+\]|[\w.-]+):\d{2,5})(?![\w.-])", re.I
)
_WELL = re.compile(
    r"\b(?:works?|working|loads?|opens?|reachable|accessible|fine|ok|okay|läuft|funktioniert|klappt|geht"
    r"|erreichbar|marche|fonctionne|funciona|funziona|werkt|fungerar|działa)\b|работает",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|never|cannot|nor|expect\w*|should|supposed"
    r"|nicht|kein\w*|nie|pas|non|niet|inte|fails?|error|refused|50\d|no (?:answer"
    r"|response|funciona|carga))\b|n't\b|\bне ",
    re.IGNORECASE,
)
#: A proxy's own lines, and its settings.
_NO_PROSE = re.compile(r"\[(?:error|warn|crit|info)\]|upstream: |^\s*server\s|[;{}]\s*\Z")
_SETTING = re.compile(r"_pass\b|\breverse_proxy\b")
_LONGEST = 600


@given(_URL, _WELL)
def _in_words(piece: Piece) -> Iterator[Sign]:
    """Clauses that name an address with its scheme and say that it works so."""
    for line in piece.text.split("\n"):
        if _NO_PROSE.search(line) or len(line) > _LONGEST:
            continue
        for said in re.split(r"[.;,!]\s+|\s(?:but|while|whereas|aber|pero|mais|ma)\s", line):
            found = _URL.search(said)
            if found and _WELL.search(said) and not (_NOT.search(said) or _SETTING.search(said)):
                fields = {"protocol": found["protocol"].lower(), "target": found["target"].lower()}
                yield Sign(kind="opened_as", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_by_settings, _in_words)
