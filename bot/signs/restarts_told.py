"""Which program's restart brought service back, as people write: it tells whom a restart would concern.

What mends the cause is another matter (mended.py); a restart that helped tells that it helps for a while.

Source: common English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "restart_told": "somebody writes that a named program's restart brought service back; fields: who, what",
}
_WHO = (
    r"(?:just |only |the |my |our |that |this |of )*[`'\"]?(?P<who>php\S{0,8}[- ]?(?:fpm|daemon)|kong"
    r"|nginx|openresty|haproxy|apache2?|httpd|traefik|caddy|envoy|gunicorn|uwsgi|puma|tomcat|supervisor|(?:app|application"
    r"|backend|front-?end|proxy|gateway|ingress)(?= (?:container|service|pod|server|process)\b))"
)
_RESTART = r"\b(?:re-?start(?:ed|ing|s)?)"
#: No denial, and no other sentence.
_ON = r"(?:(?!\bnot\b|n't\b|\bno\b|\bbut\b|\bstill\b|\bnever\b|\bwithout\b|\bwould\b|[.!?;] ).)"
_WELL = (
    r"\b(?:fix(?:es|ed)|solve[sd]|resolve[sd]|help(?:s|ed)|works? (?:again|fine)|back (?:up|to normal|online)"
    r"|bring\w* .{1,20}? (?:back|up)|to nor\w{2,4}|goes away|went away|recovers?)"
)
PATTERNS: tuple[Pattern, ...] = (
    says("restart_told", rf"(?P<what>{_RESTART} {_WHO}{_ON}{{0,40}}?{_WELL})", "restart", "re-start"),
    says(
        "restart_told",
        rf"(?P<what>(?<!not )(?<!never )(?<!isn't ){_WELL}(?: again)? (?:after|by|when|once|until|if)"
        rf" (?:(?:I|we|you|a|manually) )*{_RESTART} {_WHO})",
        "restart",
        "re-start",
    ),
    says(
        "restart_told",
        rf"(?P<what>\b{_WHO}{_ON}{{0,60}}? until it (?:is|was|gets|has been) (?:\w+ ){{0,2}}restarted)",
        "restarted",
    ),
)
READERS: tuple[Reader, ...] = ()
