"""A name that others resolve and the proxy does not, as reports tell it, and names that stand in /etc/hosts.

nginx looks a name in a variable up with its own `resolver`, which asks DNS alone: it reads neither /etc/hosts
nor resolv.conf, so that curl in the same container reaches what nginx does not find.

Source: ngx_http_core_module (resolver), ngx_resolver.c; docs.docker.com "Compose file: extra_hosts" and
`docker run --add-host` (lines of /etc/hosts), kubernetes.io "Adding entries to Pod /etc/hosts" (hostAliases);
common English.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "resolves_beside": "somebody writes that a name resolves beside the proxy and not by it; fields: what",
    "address_instead": "somebody writes that the proxy works with the address put for the name; fields: what",
    "hosts_line": "a name is given by /etc/hosts (extra_hosts, --add-host, hostAliases); fields: what",
}
_PROXY = r"(?:nginx|openresty|the proxy|proxy manager|npm|caddy|traefik|haproxy|envoy|apache|kong)\b"
_CANNOT = (
    r"(?:can ?not|can[’']?t|could ?n[’']t|could not|does ?n[’']t|does not|unable to|fails to|not able to)"
)
_INSIDE = r"(?:inside|within|in|from|on)\b"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "resolves_beside",
        rf"(?P<what>\b{_CANNOT} resolve\b.{{0,60}}\b{_PROXY}.{{0,10}}\b(?:but|though|while|yet|whereas)\b"
        rf".{{0,20}}\b(?:resolves?|resolved|resolving|nslookup|dig|getent|ping)\b.{{0,40}}\b{_INSIDE}"
        rf"|\b{_PROXY}.{{0,20}}\b{_CANNOT} resolve\b.{{0,60}}\b(?:but|though|while|yet|whereas)\b.{{0,30}}"
        rf"\b(?:resolves?|resolved|nslookup|dig|getent|ping)\b.{{0,40}}\b{_INSIDE}"
        rf"|\b(?:resolves?|nslookup|dig|getent|ping)\b.{{0,40}}\b{_INSIDE}.{{0,60}}"
        rf"\b(?:but|though|while|yet|whereas)\b.{{0,10}}\b{_PROXY}.{{0,20}}\b{_CANNOT} resolve\b)",
        "resolve",
    ),
    says(
        "address_instead",
        r"(?P<what>\b(?:if|when|once|after|as soon as) (?:I|we|you) (?:\w+ )?(?:provide|put|set|enter|specify"
        r"|configure|hard-?code|insert|type|fill)\b.{0,30}\b(?:ips?|ip[- ]address(?:es)?)\b"
        r"(?!.{0,60}\b(?:browser|directly)\b).{0,40}\b(?:works?|working|fine|ok|okay|resolves? it)\b"
        r"|\b(?:replac|chang|swap|substitut)\w{1,4} (?:the )?(?:\w+ )?(?:host ?|container ?|service ?"
        r"|dns )?names?"
        r" (?:with|by|to|for)\b.{0,30}\bips?\b.{0,40}\b(?:works?|working|fine|ok|okay|helps?|helped)\b"
        r"|\bips? (?:address )?(?:instead of|in place of|rather than) (?:the |its |a )?(?:host ?|container ?"
        r"|service ?|dns )names?\b.{0,40}\b(?:works?|working|fine|ok|okay|helps?|helped)\b)",
        " ip",
    ),
    says(
        "hosts_line",
        r"(?P<what>^\s*extra_hosts:|--add-host[= ]\S+|^\s*hostAliases:"
        r"|^\W*host\.docker\.internal[=:] ?host.gateway\b)",
        "extra_hosts",
        "host.docker.internal",
        "--add-host",
        "hostaliases",
    ),
)
READERS: tuple[Reader, ...] = ()
