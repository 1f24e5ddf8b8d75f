"""Nobody left to send to, in whatever words: every balancer has its own name for the things it balances.

Source: Varnish VSL (Director, FetchError) and directors; HAProxy, Envoy, Traefik, Caddy, Kong and APISIX
balancers; AWS, Google Cloud and Azure health of targets; Spring Cloud LoadBalancer and Ribbon; gRPC's
round_robin and pick_first; Apache mod_proxy_balancer and mod_jk ("no more workers left").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "check_wants_more": "a health check is answered by a redirect or a refusal, and so fails; fields: status",
}

_THING = (
    r"(?:upstreams?|back-?ends?|servers?|hosts?|endpoints?|targets?|nodes?|instances?|members?|peers?|origins?"
    r"|replicas?|providers?)"
)
_THINGS = (
    *(
        "upstream",
        "backend",
        "back-end",
        "server",
        "host",
        "endpoint",
        "target",
        "node",
        "instance",
        "member",
    ),
    *("peer", "origin", "replica", "provider"),
)
_GOOD = r"(?:healthy|available|live|alive|active|usable|valid|reachable|eligible|suitable|in-service)"
_BAD = (
    r"(?:down|unhealthy|sick|unavailable|unreachable|out[- ]of[- ]service|in error|ejected|dead|offline"
    r"|failed"
    r"|failing|disabled|taken out)"
)
#: A redirect, a log-in or "not found": the check asks for the wrong page or host.
_REFUSED = r"(?P<status>[34]\d\d)\b"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "check_wants_more",
        rf"\bLayer7 wrong status, code: {_REFUSED}|\bL7STS[/,][34]\d\d\b",
        "layer7 wrong status",
        "l7sts",
    ),
    says(
        "check_wants_more",
        rf"(?:checks failed with these codes: \[|[Hh]ealth ?check failed.{{0,200}}received error status "
        rf"code: |Received invalid status code: ){_REFUSED}",
        "with these codes",
        "received error status",
        "invalid status code",
    ),
    says(
        "check_wants_more",
        rf"health_checker.{{0,100}}unexpected status code.{{0,40}}{_REFUSED}",
        "health_checker",
    ),
    says(
        "check_wants_more",
        r"access forbidden by rule.{0,200} request: \"(?:GET|HEAD) /\S{0,80}health",
        "access forbidden by rule",
        status="403",
    ),
    says(
        "check_wants_more",
        rf"Backend_health .{{0,120}} sick .{{0,120}}HTTP/1\.\d {_REFUSED}",
        "backend_health",
    ),
    says(
        "no_live",
        rf"\b(?:no|zero|without|not have(?: any| an)?|[:=]\s?0|is 0"
        rf"|\(0\))\s+(?:\w+\s+)?{_GOOD}\s+(?:\w+\s+){{0,2}}?"
        rf"{_THING}\b(?!\s+(?:name|certificate|header|while connecting to))",
        *_THINGS,
        proxy="balancer",
    ),
    says(
        "no_live",
        rf"\b(?:all|every|none)\s+(?:of\s+)?(?:the\s+|its\s+|our\s+)?(?:\w+\s+)?{_THING}\s+(?:\w+\s+){{0,4}}?"
        rf"(?:are|is|were|was|have been|has been)\s+(?:\w+\s+){{0,2}}?{_BAD}\b",
        *_THINGS,
        proxy="balancer",
    ),
    says(
        "no_live",
        r"\breturned no backend\b|\bFetchError\W+No backend\b|\bno backends?(?: found| configured| left"
        r"| healthy)?"
        r"\s*$",
        "no backend",
        proxy="varnish",
    ),
    says(
        "no_live",
        rf"\b(?:failed|unable|could not|cannot|can't|failure) (?:to )?(?:pick|select|choose"
        rf"|get) (?:an? |any )?"
        rf"(?:\w+ )?{_THING}\b",
        "pick",
        "select",
        "choose",
        " get ",
        proxy="balancer",
    ),
    says(
        "no_live",
        r"Unable to find instance for \S+|[Nn]o (?:instances|servers) available for\b|no more workers left"
        r"|no children to pick from|produced zero addresses|No (?:pool )?members? (?:is |are )?(?:up"
        r"|available)\b",
        "find instance",
        "available for",
        "more workers",
        "to pick from",
        "zero addresses",
        "members",
        "member ",
        proxy="balancer",
    ),
)
READERS: tuple[Reader, ...] = ()
