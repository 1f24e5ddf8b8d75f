"""A proxy that dials the public address of the router it stands behind, as people write of it.

Most routers do not lead such a packet back in (hairpin NAT, NAT loopback, NAT reflection): from outside it
works, from the same network it does not.
Source: RFC 4787 section 6 (hairpinning), RFC 7857 section 10; common English, German, French and Spanish.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "hairpin": "a public address is dialled from behind its own router; fields: what",
}
_OUTSIDE = (
    r"(?:from (?:the )?(?:outside|internet|mobile|[45]g|lte)|externally|outside (?:of )?(?:my|the|our) "
    r"(?:network|lan|house)|(?:from|on|over) (?:my )?(?:mobile data|phone)|von (?:au(?:ß|ss)en|extern)"
    r"|de(?:puis)? l'ext[ée]rieur|desde (?:fuera|el exterior|internet))"
)
_INSIDE = (
    r"(?:(?:from )?(?:inside|within)(?: (?:of )?(?:the|my|our) (?:lan|network|house))?"
    r"|(?:from|on|in) (?:the|my|our) (?:same |local |home )?(?:lan|network)|internally|locally"
    r"|(?:im|vom|aus dem) (?:lan|heimnetz|internen netz)|von intern"
    r"|depuis le (?:lan|r[ée]seau local)|en local|desde (?:la lan|dentro|la red local))"
)
_NOT = r"(?:not\b|n't\b|never\b|fails?\b|times? out|timeout|no\b|nicht\b|non\b|pas\b|hangs?\b)"
_WORKS = (
    r"(?:works?|reachable|accessible|fine|ok|responds?|loads?|opens?|geht|funktioniert|erreichbar|r[ée]pond"
    r"|marche|fonctionne|funciona|responde)"
)
_WORDS = (
    "outside",
    "internet",
    "extern",
    "mobile",
    "phone",
    "aussen",
    "außen",
    "xt",
    "fuera",
    "4g",
    "5g",
    "lte",
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "hairpin",
        r"(?P<what>\b(?:nat[- ]?(?:loopback|reflection|hairpin\w*)|hairpin\w*(?:[- ]nat)?)\b.{0,60})",
        "loopback",
        "reflection",
        "hairpin",
    ),
    says(
        "hairpin",
        rf"(?P<what>\b{_OUTSIDE}\b.{{0,60}}\b{_WORKS}\b.{{0,40}}\b{_INSIDE}\b.{{0,30}}\b{_NOT})",
        *_WORDS,
    ),
    says(
        "hairpin",
        rf"(?P<what>\b{_WORKS}\b.{{0,30}}\b{_OUTSIDE}\b.{{0,40}}\b(?:{_NOT}.{{0,30}}\b{_INSIDE}\b"
        rf"|{_INSIDE}\b.{{0,30}}\b{_NOT}))",
        *_WORDS,
    ),
    says(
        "hairpin",
        rf"(?P<what>\b{_INSIDE}\b.{{0,50}}\b{_NOT}.{{0,60}}\b{_OUTSIDE}\b.{{0,40}}\b{_WORKS}\b)",
        *_WORDS,
    ),
    says(
        "hairpin",
        r"(?P<what>\b(?:public|external|wan)[- ](?:ip|address)(?: address)? of (?:my|our|the|its) (?:own )?"
        r"(?:router|modem|firewall|fritz!?box|gateway|home)\b"
        r"|\b(?:öffentliche|externe) (?:ip|adresse)\b.{0,20}\b(?:meines|unseres|des|meiner|der) "
        r"(?:routers|fritz!?box|modems)|\bip publique de (?:ma|notre|la) (?:box|livebox|freebox|connexion)\b"
        r"|\bip p[úu]blica de(?:l| mi) router\b)",
        "router",
        "modem",
        "firewall",
        "box",
        "gateway",
        "home",
        "public",
    ),
)
READERS: tuple[Reader, ...] = ()
