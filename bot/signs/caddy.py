"""Caddy: reverse_proxy and php_fastcgi; dial errors are Go's (go_net.py).

Source: caddy's modules/caddyhttp/reverseproxy/reverseproxy.go, healthchecks.go, fastcgi/client.go;
caddyconfig/caddyfile/adapter.go.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
_CA = {"proxy": "caddy"}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "network_unknown",
        r"IngressNetworksMap\W{1,6}ingres\w*\W{1,4}map\[\]",
        "ingressnetworksmap",
    ),
    says(
        "dials",
        r"^\s*(?P<directive>reverse_proxy|php_fastcgi|proxy|fastcgi|to)\s+(?:[/@*]\S*\s+)?(?:"
        r"(?P<protocol>https?|h2c)://)?"
        r"(?P<target>(?:[\w.-]+|\[[^\]]+\]):\d+)",
        "reverse_proxy",
        "fastcgi",
        "proxy ",
        "to ",
    ),
    says(
        "dials", r"^\s*(?P<directive>reverse_proxy)\s+(?:[/@*]\S*\s+)?(?P<target>unix//\S+)", "reverse_proxy"
    ),
    says("no_live", r"no upstreams available", "no upstreams available", **_CA),
    says(
        "no_live",
        r"(?:status code out of tolerances|HTTP request failed).{0,200}health_checker"
        r"|health_checker\.active.{0,80}(?:HTTP request failed|out of tolerances)",
        "health_checker",
        **_CA,
    ),
    says(
        "answer_cut",
        r"aborting with incomplete response(?!.{0,200}(?:context canceled|H3_REQUEST|stream closed"
        r"|broken pipe))",
        "aborting with incomplete",
        **_CA,
    ),
    says(
        "client_gone",
        r"aborting with incomplete response.{0,200}(?:context canceled|H3_REQUEST|stream closed|broken pipe)",
        "aborting with incomplete",
        **_CA,
    ),
    says(
        "client_gone",
        r"^(?!.*\b50\d\b).*net/http: request cancel+ed(?! while waiting| \(Client)",
        "request cancel",
        **_CA,
    ),
    says("answer_timeout", r"reading (?:response )?headers?.{0,40}(?:timeout|deadline)", "reading", **_CA),
    says("answer_invalid", r"\"msg\":\s?\"(?:invalid|malformed) (?:header|response)", '"msg"', **_CA),
    says("status", r"\"(?:logger|msg)\":.{0,2000}\"status\":\s?(?P<status>50[0234])\b", '"status"', **_CA),
    says(
        "config_invalid",
        r"(?:Error: )?adapting config using caddyfile: (?P<text>.{0,200})",
        "adapting config",
    ),
    says(
        "config_invalid",
        r"(?P<file>Caddyfile):\d+:? ?-? ?(?P<text>(?:Error during|unrecognized|unknown|unexpected"
        r"|wrong)[^\n]{0,160})",
        "caddyfile",
    ),
    says(
        "config_invalid",
        r"loading (?:initial|new) config: (?P<text>.{0,200})",
        "loading initial config",
        "loading new config",
    ),
    says("config_valid", r"\bValid configuration\b", "valid configuration"),
    says(
        "noise",
        r"Caddyfile input is not formatted",
        "not formatted",
        what="a hint about the Caddyfile's form",
    ),
    says(
        "noise",
        r"failed to sufficiently increase receive buffer size",
        "receive buffer size",
        what="a hint about UDP buffers",
    ),
)
_OWN_PORT = re.compile(
    r"^\s*(?P<directive>reverse_proxy|php_fastcgi)\s+(?:[/@*]\S*\s+)?(?P<port>:\d{2,5})\s*$"
)


@given(_OWN_PORT)
def _without_host(piece: Piece) -> Iterator[Sign]:
    """`reverse_proxy :8080` dials Caddy's own host."""
    for line in piece.text.split("\n"):
        if found := _OWN_PORT.match(line):
            fields = {"target": f"localhost{found['port']}", "directive": found["directive"]}
            yield Sign(kind="dials", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_without_host,)
