"""Which protocol is meant or works, by labels, by a gateway's settings and by what people opened by hand.

Source: nginx-proxy README "VIRTUAL_PROTO"; Envoy api HttpProtocolOptions (typed_extension_protocol_options,
http2_protocol_options), gateway.envoyproxy.io BackendTrafficPolicy (http2), kubernetes.io "Application
protocol" (kubernetes.io/h2c); HAProxy "check-sni", "sni"; common English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "label_protocol": "a container's label or variable says which protocol it speaks; fields: protocol",
    "http2_meant": "a setting or a person says that the backend is to be spoken to by HTTP/2; fields: what",
    "verify_off_meant": "a setting is to keep a proxy from checking its backend's certificate; fields: where",
    "tls_to_others": "somebody writes that TLS to other servers works, by the same proxy; fields: what",
}
_SERVERS = r"(?:servers?|backends?|hosts?|sites?|upstreams?|services?|endpoints?|targets?)"
_OTHER = r"(?:other|another|different|all other|the other|most)"
_TLS = r"(?:TLS|SSL|https)"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "label_protocol", r"\bVIRTUAL_PROTO\W{1,4}(?P<protocol>fastcgi|uwsgi|grpcs?|https)\b", "virtual_proto"
    ),
    says(
        "http2_meant",
        r"(?P<what>\btyped_extension_protocol_options\b|\bhttp2_protocol_options\b|\bhttp2: ?\{\}"
        r"|\bhttp2PriorKnowledge\b|\bappProtocol:? \W?(?:kubernetes\.io/)?h2c\b"
        r"|\b(?:HTTP/2|h2c?) (?:with |by )?prior knowledge\b"
        r"|\b(?:speaks?|(?:is |are )?(?:sending|serving|answering)|sends|serves|answers)(?: \w+){0,2}?"
        r" (?:(?:only|in|by|over|with|via) )?(?:h2c?|HTTP/2|gRPC)\b"
        r"|\bgRPC (?:backend|upstream|server|service)\b)",
        *("protocol_options", "http2", "h2", "prior knowledge", "http/2", "grpc"),
    ),
    says(
        "opened_as",
        r"\b(?:connect|go|goes|going|went|brows\w{1,3}|navigat\w{1,3}|visit|open|point|access)\w{0,3}\b.{0,60}?"
        r"\b(?P<protocol>https)://(?P<target>[\w.-]{1,80}:\d{2,5})\b\S{0,60},? (?:and |then )?(?:I|we|it|you)"
        r"(?:'m| am| can| could| get| got| see| saw| reach\w*| do| is| are| was)\b"
        r"(?!.{0,80}(?:\b(?:not|error|50\d|refused|blank|nothing)\b|n't\b)).{0,60}\b(?:page|log-?in|ui|app|site"
        r"|dashboard|form|screen|directed|interface|console|answer|response)\b",
        "https://",
    ),
    # Traefik: of the static configuration or a serversTransport, and not of a router.
    says(
        "verify_off_meant",
        r"(?P<where>\binsecure_?-?skip_?-?verify\b|\btls_insecure_skip_verify\b|\bproxy_ssl_verify\s+off\b"
        r"|\bSSLProxyVerify\s+none\b|\bssl verify none\b)",
        *("insecure", "proxy_ssl_verify", "sslproxyverify", "ssl verify none"),
    ),
    # A directive of a file, quoted in a sentence.
    says(
        "dials",
        r"[`'\"](?P<directive>reverse_proxy|proxy_pass|fastcgi_pass|uwsgi_pass)\s+(?:(?P<protocol>https?)://)?"
        r"(?P<target>[\w.-]{1,80}:\d{2,5})/?;?[`'\"]",
        "reverse_proxy",
        "_pass",
    ),
    says(
        "tls_to_others",
        rf"(?P<what>(?:\bnot|n't|\bonly) (?:happen\w* |fail\w* |the case |occur\w* )?(?:with|for|on|to|at) "
        rf"(?:every|all|some|one|certain|particular)\b.{{0,20}}\b{_SERVERS}\b.{{0,60}}\b{_TLS}\b"
        rf"|\b{_OTHER} {_TLS}(?:-\w{{1,10}})? {_SERVERS}\b.{{0,40}}"
        r"\b(?:works?|fine|ok|okay|up|healthy|pass\w*|succeed\w*)\b"
        rf"|\b{_OTHER} {_SERVERS}\b.{{0,30}}\b{_TLS}\b.{{0,40}}"
        r"\b(?:works?|fine|ok|okay|up|healthy|pass\w*|succeed\w*)\b)",
        *("tls", "ssl", "https"),
    ),
)
READERS: tuple[Reader, ...] = ()
