"""A proxy that keeps running while what it dials is made anew, as people write it.

It keeps the address of before: nginx looks names up when it starts.

Source: ngx_http_upstream_module "server" without `resolve`; common English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_FRONT = (
    r"(?:nginx|openresty|front[- ]?end|(?:reverse )?proxy|web ?server|gateway|load ?balancer|lb|caddy|apache"
    r"|haproxy)(?:'s)?(?: (?:container|pod|task|service|instance|nginx))?"
)
_AGAIN = r"(?:re-?start|re-?load|re-?creat|re-?deploy|bounc|re-?boot)\w*"
_ANEW = r"(?:re-?creat|re-?deploy|re-?buil[dt]|re-?plac|re-?start|re-?schedul|updat|upgrad)\w*"
_BACK = r"(?:back-?end|app(?:lication)?|api|upstream|php(?:-fpm)?|server|service|worker|web app)"
PATTERNS: tuple[Pattern, ...] = (
    # One service alone of the compose file, by its name; a bare `up` starts what there is.
    says(
        "container_renewed",
        r"(?P<what>\bdocker(?:-compose| compose) (?:(?:pull|build)\b.{1,100}? up "
        r"|(?:-\S{1,40} (?:\S{1,60} )?){0,3}?up "
        r"(?=(?:-\S{1,30} ){0,4}--(?:build|force-recreate|no-deps|pull)\b))"
        r"(?:-\S{1,30} ){1,5}(?P<name>[a-zA-Z][\w.-]{1,60}))(?=\s*(?:$|&&|;|[|`'\"]))",
        "docker compose",
        "docker-compose",
    ),
    # The container stays, and its address may be given to another while it is down.
    says(
        "address_moved",
        r"(?P<what>\b(?:if|when(?:ever)?|after|once|as soon as|(?:each|every) time)\b.{0,40}"
        r"(?:\bdocker(?:-compose| compose)? re-?start (?!\S*(?:nginx|proxy))[a-zA-Z][\w.-]{0,60}"
        rf"|\bcontainers? (?:is|are|was|were|gets?|got) re-?started)\W.{{0,60}}\b{_FRONT} .{{0,30}}"
        r"\b(?:stop(?:s|ped)|fail(?:s|ed)|cannot|can't|no longer|loses?|gives?|returns?|50[24]s?)\b)",
        *("restart ", "re-start ", "restarted"),
    ),
    says(
        "address_old",
        rf"(?P<what>\b(?:only|just|alone)\b.{{0,30}}\b{_BACK}\b.{{0,60}}\b{_FRONT}\b"
        r".{0,30}\b(?:keeps?|continues?|stays?|remains?|is still|not (?:restarted|recreated|touched))\b"
        rf".{{0,80}}\buntil\b.{{0,30}}\b{_AGAIN})",
        "until ",
    ),
    says(
        "address_old",
        rf"(?P<what>\b{_ANEW}\b.{{0,60}}\b{_BACK}\b.{{0,80}}\b{_FRONT} (?:then |still )?"
        r"(?:keeps?|continues?|goes on|serv\w+|return\w*|gives?|answers?)\b.{0,60}\b50[234]s?\b"
        rf".{{0,20}}\b(?:until|till|unless)\b (?!the {_BACK}|{_BACK}).{{0,25}}\b{_AGAIN})",
        *("until ", "till ", "unless "),
    ),
    says(
        "reload_mended",
        r"(?P<what>\b50[234]s?\b.{0,30}\b(?:until|till|unless)\b (?:I |we |you |someone )?"
        rf"(?:manually )?(?:{_AGAIN} )?(?:the )?(?:nginx|front[- ]?end|reverse proxy"
        r"|proxy|gateway)(?: container| pod| service)?"
        rf"(?: (?:is|gets|was|has been) (?:manually )?{_AGAIN})?)(?=\W*$|[.,;)])",
        *("until ", "till ", "unless "),
    ),
)
READERS: tuple[Reader, ...] = ()
