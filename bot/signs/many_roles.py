"""It depends on how many groups or roles a user has: what is made of them stands in a head that grows.

Session cookies and tokens with claims (answers), Kerberos tickets with group SIDs (requests).
Source: learn.microsoft.com "HTTP 400 bad request, request header too long" (Kerberos, groups); OAuth2 Proxy
"Session storage" (cookies of many groups); common English, German, French and Spanish.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "with_many_roles": "it depends on how many groups or roles a user has; fields: what",
}
_THINGS = (
    r"(?:groups?|roles?|claims?|permissions?|memberships?|gruppen|rollen|berechtigungen|groupes|r[ôo]les"
    r"|grupos|roles)"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "with_many_roles",
        r"(?P<what>\b(?:users?|accounts?|people|admins?|employees|those|nutzer|benutzer|konten"
        r"|utilisateurs|usuarios|logins?)\b.{0,30}\b(?:many|lots of|a lot of|too many|fewer|few|more than"
        r"|over|hundreds of|vielen?|wenigen?|beaucoup de|peu de|muchos|pocos|>)\s?(?:\d+ )?(?:\w+ ){0,2}"
        rf"{_THINGS}\b|\b(?:am|is|are|being) (?:an? )?(?:in|members? of|part of) .{{0,12}}?"
        rf"\b\d{{2,4}} (?:or so )?"
        rf"(?:\w+ ){{0,2}}{_THINGS}\b|> ?\d+ (?:\w+ )?{_THINGS}\b)",
        "group",
        "role",
        "claim",
        "permission",
        "membership",
        "grupp",
        "rolle",
        "berechtigung",
        "rôle",
        "grupo",
    ),
)
READERS: tuple[Reader, ...] = ()
