"""Which scheme a proxy uses and which one an app wants, in settings that are not nginx's and in sentences.

Source: Nginx Proxy Manager and Synology ("Scheme", "Forward Hostname"), IIS URL Rewrite, AWS target groups
("HTTP : 443"), OPNsense's HAProxy plugin ("SSL" box); Tomcat ProtocolHandler and Connector (AJP, https-jsse),
rtorrent scgi_port; Node https.createServer; Istio PeerAuthentication (mtls mode STRICT); HAProxy `proto h2`,
Google Cloud app-protocols and Cloud Run "Use HTTP/2 end-to-end", Kubernetes appProtocol kubernetes.io/h2c,
Traefik h2c.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "scheme_told": "a scheme by which a proxy dials, in words or settings; fields: protocol, target, port",
    "http2_told": "a proxy is set to speak HTTP/2 to its backend",
    "mutual_tls": "a mesh takes nothing but mutual TLS; fields: what",
}
_HOST = r"(?P<target>(?:\[[0-9a-f:]+\]|[\w.{}:-]+?):(?P<port>\d{2,5}))\b"
_DIALS = (
    r"(?:scheme|proxy_pass|proxypass|forward(?:s|ed|ing)?|rewrites?|prox(?:y|ies|ied)|points?|target|upstream"
    r"|backend|dials?)(?: (?:is|was|rule|server|set|it|requests?|traffic|everything|to|host)){0,3}"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "scheme_told",
        r"^(?!.{0,900}\b(?:upstream: \"|\[(?:error|warn|crit|info)\])).{0,900}?"
        rf"\b{_DIALS}[\s:='\"`(]{{1,4}}(?P<protocol>https?)(?:://|[,;]? +(?:to )?){_HOST}",
        *("scheme", "proxy", "proxies", "proxied", "forward", "rewrite", "point", "target", "upstream"),
        *("backend", "dial"),
    ),
    says(
        "scheme_told",
        r"\b(?:target group|backend setting|http setting|listener rule)s?\b.{0,40}?"
        r"\b(?P<protocol>https?)\b(?:[\s:/,-]|port){1,8}(?P<port>\d{2,5})\b",
        "target group",
        "setting",
        "listener rule",
    ),
    says(
        "scheme_told",
        r"\bscheme(?: is|:| =)? \"?(?P<protocol>https?)\b.{0,40}?\bport(?: is|:| =)? (?P<port>\d{2,5})\b",
        "scheme",
    ),
    says(
        "speaks",
        r"\b(?:set|switched|changed|moved|configured|runs?|running|serves?|listens?|listening)"
        r"(?: (?:to|on|with|as|only|by|via))? (?:HTTPS|TLS|SSL)(?: only)?,? (?:on|at)(?: port)? "
        r"(?P<port>\d{2,5})\b",
        "https",
        "tls",
        "ssl",
        protocol="https",
    ),
    says(
        "speaks",
        r"\b(?:serving|listening|started|running)\b.{0,20}(?:port |:)(?P<port>\d{2,5})\b.{0,80}"
        r"\btls\W{1,3}(?:true|enabled|on)\b",
        "tls",
        protocol="https",
    ),
    says(
        "speaks",
        r"\b--?urls?[ =]\"?http://[\w.*+\[\]:]{0,40}?:(?P<port>\d{2,5})\b",
        "http://",
        protocol="http",
    ),
    says(
        "speaks", r"\brunning on \[http://[^\]\s]{0,60}:(?P<port>\d{2,5})\]", "running on [", protocol="http"
    ),
    says("speaks", r"\bscgi(?:_port|\.open_port) ?= ?\S*?:(?P<port>\d{2,5})\b", "scgi", protocol="scgi"),
    says(
        "speaks",
        r"<Connector\b(?=[^>]{0,400}protocol=\"(?:AJP/|org\.apache\.coyote\.ajp))[^>]{0,400}?\bport=\"(?P<port>\d+)\"",
        "<connector",
        protocol="ajp",
    ),
    says(
        "speaks",
        r"ProtocolHandler \[\"ajp-\w+-(?:[\w.%-]{1,60}-)?(?P<port>\d+)\"\]",
        "protocolhandler",
        protocol="ajp",
    ),
    says(
        "speaks",
        r"ProtocolHandler \[\"https-[\w-]{1,40}?(?:-[\w.%]{1,60})?-(?P<port>\d+)\"\]",
        "protocolhandler",
        protocol="https",
    ),
    says(
        "http2_told",
        r"^(?!.{0,400}(?:\bssl\b|\balpn\b)).{0,300}\bproto h2\b|HTTP/2 end-to-end"
        r"|--use-http2\b|\buse http/?2 (?:is )?(?:on|set|enabled|ticked|checked)\b"
        r"|app-protocols.{0,40}\bHTTP2\b|appProtocol: ?\"?kubernetes\.io/h2c|\bh2c://|\bserver\.scheme=h2c\b",
        "proto h2",
        "end-to-end",
        "use-http2",
        "use http",
        "app-protocols",
        "appprotocol",
        "h2c",
    ),
)
_HTTPS_SERVER = re.compile(r"\bhttps\.createServer\(|\bhttp2\.createSecureServer\(")
_LISTENS = re.compile(r"\.listen\(\s*(?:\{\s*port:\s*)?(?P<port>\d{2,5})\b")
_STRICT = re.compile(r"\bmode\W{1,4}STRICT\b")


@given(_HTTPS_SERVER, _LISTENS)
def _https_server(piece: Piece) -> Iterator[Sign]:
    """Node's code that makes a server of TLS, and the port it listens on."""
    if _HTTPS_SERVER.search(piece.text) and "http.createServer(" not in piece.text:
        for line in piece.text.split("\n"):
            if found := _LISTENS.search(line):
                yield Sign(
                    kind="speaks", line=line.strip(), fields={"protocol": "https", "port": found["port"]}
                )


def _strict(piece: Piece) -> Iterator[Sign]:
    """A PeerAuthentication that wants mutual TLS."""
    if "PeerAuthentication" in piece.text:
        for line in piece.text.split("\n"):
            if _STRICT.search(line):
                yield Sign(kind="mutual_tls", line=line.strip(), fields={"what": "STRICT"})
                return


READERS: tuple[Reader, ...] = (_https_server, _strict)
