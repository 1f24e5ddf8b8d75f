"""Who made the error, as reports tell it: the balancer and not the app; and the scheme that fails alone.

Source: docs.aws.amazon.com "CloudWatch metrics for your Application Load Balancer" (HTTPCode_ELB_502_Count
counts what the balancer makes, HTTPCode_Target_5XX_Count what targets send) and "Troubleshoot your
Application Load Balancers: HTTP 502" (the target closed the connection while the balancer still used it);
common English.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "made_by_balancer": "somebody writes that the balancer makes the error and not the app; fields: what",
    "https_alone": "somebody writes that https to the app fails where http is answered; fields: what",
    "other_client_well": "somebody writes that another client is served at the same address; fields: what",
}
_BALANCER = r"(?:ELB|ALB|CLB|GCLB|load ?-?balancer)"
_MADE = r"(?:generated|produced|created|returned|emitted|thrown|sent|issued|coming|comes?|originat\w{2,4})"
_NOT_APP = (
    r"(?:rather than|and not|not|instead of)(?: from| by)? (?:the |our |my |any )?"
    r"(?:target|app|application|backend|back-end|server|instance|upstream|origin|service|container)"
)
_FAILS = r"[`'\"*]{0,3}(?:50[023]|bad gateway)\b"
_PORT = r"(?: ?\(?(?:port|:) ?\d{2,5}\)?)?"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "made_by_balancer",
        rf"(?P<what>\bHTTPCode_ELB_50[234]|\bHTTPCode_ELB_5XX.{{0,40}}\bHTTPCode_Target_5XX\w{{0,6}}\W{{0,3}}"
        rf" (?:\w+ ){{0,3}}(?:zero|0|none|nothing|flat|empty)\b"
        rf"|\b{_MADE} (?:by|from|at|in) (?:the |our |my )?(?:\w+ )?{_BALANCER}\b"
        rf".{{0,10}}\b{_NOT_APP}\b"
        rf"|\b{_BALANCER} (?:itself )?(?:is |are )?(?:generat|return|produc|creat|emitt?|send)\w{{0,3}}\b"
        rf".{{0,40}}\b{_NOT_APP}\b)",
        "elb",
        "alb",
        "clb",
        "balancer",
    ),
    says(
        "sporadic",
        r"(?P<what>\binconsistently\b|\b(?:unable|not able|impossible|not been able"
        r"|haven't been able) to reproduce\b"
        r"|\b(?:cannot|can't|could not|couldn't) reproduce\b.{0,20}\b(?:reliably|consistently|at will"
        r"|on demand)\b)",
        "inconsistently",
        "reproduce",
    ),
    says(
        "https_alone",
        rf"(?P<what>^\W*HTTPS{_PORT}\W{{1,12}}{_FAILS}"
        r"|\b(?:fails?|50[023]|bad gateway)\b.{0,20}\b(?:only )?(?:over|with|via|on|for|using) https\b.{0,40}"
        r"\b(?:works?|fine|ok|okay|succeeds?)\b.{0,20}\b(?:over|with|via|on|for|using) (?:plain )?http\b"
        r"|\b(?:works?|fine|ok|okay|succeeds?)\b.{0,20}\b(?:over|with|via|on|for|using) (?:plain )?http\b"
        r".{0,40}\b(?:fails?|50[023]|bad gateway|not)\b.{0,30}\b(?:over|with|via|on|for|using) https\b)",
        "https",
    ),
    says(
        "other_client_well",
        r"(?P<what>\b(?:same|identical|very same) (?:url|address|endpoint|server|host)\b.{0,40}\b"
        r"(?:works?|fine|ok|okay|succeeds?)\b.{0,10}\b(?:from|in|with|using|for)\b.{0,30}\b"
        r"(?:clients?|curl|browser|apps?|tools?|postman)\b"
        r"|\b(?:another|other|any other|a normal|native|desktop|different) clients?\b.{0,40}\b"
        r"(?:works?|fine|ok|okay|connects?|succeeds?|is served|are served)\b)",
        "client",
        "same ",
        "identical ",
    ),
)
READERS: tuple[Reader, ...] = ()
