"""The PROXY protocol's first line: awaited and not sent, or sent to who does not know it. And evicted pods.

Source: ngx_proxy_protocol.c ("broken header … while reading PROXY protocol"), ngx_http_request.c
("client sent invalid method"); haproxy doc/proxy-protocol.txt; Apache mod_remoteip (AH03507,
RemoteIPProxyProtocol); gunicorn http/errors.py ("Invalid request line"); kubelet pkg/kubelet/eviction
("The node was low on resource"); docs.aws.amazon.com "Amazon ECS stopped tasks error messages".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "preamble": "the PROXY protocol's first line is awaited or sent in vain; fields: what (missing, unknown)",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "preamble",
        r"\bwhile reading PROXY protocol\b|\bRemoteIPProxyProtocol data is missing\b"
        r"|\bnot look like a PROXY protocol header\b|\bproxy protocol signature not present\b"
        r"|\b(?:missing|no) (?:a )?(?:valid )?PROXY protocol (?:header|preamble)\b",
        "proxy protocol",
        "remoteipproxyprotocol",
        what="missing",
    ),
    says(
        "preamble",
        r"(?:invalid method|Invalid request line|invalid request|malformed|\" 400 |Bad Request).{0,160}"
        r"\bPROXY (?:TCP[46]|UNKNOWN)\b"
        r"|\bPROXY (?:TCP[46]|UNKNOWN)\b[^\n]{0,160}(?:\" 400 |invalid|malformed|Bad Request)",
        "proxy tcp",
        "proxy unknown",
        what="unknown",
    ),
    says(
        "out_of_memory",
        r"\bThe node was low on resource: memory\b(?:.{0,120}\bContainer (?P<who>[\w.-]{1,80}) was using)?",
        "low on resource: memory",
        limit="node",
    ),
    # Amazon ECS' reason of a stopped task.
    says(
        "out_of_memory",
        r"\bOutOfMemoryError: Container killed due to memory usage",
        "killed due to memory usage",
        limit="cgroup",
    ),
)

READERS: tuple[Reader, ...] = ()
