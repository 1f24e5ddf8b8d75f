"""What reports say of a log in their own words: a socket that is not found, pages that are well all the same.

Source: ngx_http_upstream.c (a connect() to a missing socket is "No such file or directory"), which people
retell; common phrases of reports in English, German, Spanish, French and Portuguese.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "pages_well": "somebody writes that the pages are served well, whatever the log says; fields: what",
}
_SOCKET = r"(?P<target>(?:unix:)?[\w./-]{0,80}\.sock(?:et)?)(?![\w.-]*\.service)"
_NO_LOG = r"^(?!.*(?:connect\(\)|\[(?:crit|error)\]|while connecting|\bdocker|mysql|redis))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "dial_missing",
        rf"{_NO_LOG}(?:.*?\b(?:nginx|apache|caddy|logs?|errors?|proxy)\b.{{0,60}}?[\s`'\"(]){_SOCKET}[`'\")]?"
        r"(?: file)? (?:(?:is|was|are|being|were)(?: being)? )?(?:not (?:being )?(?:found|there|present)"
        r"|missing"
        r"|(?:does|did)(?:n't| not) exist|no such file|nicht gefunden|fehlt|no (?:se )?encontrad\w+|no existe"
        r"|introuvable|n'existe pas|não (?:encontrad\w+|existe))",
        ".sock",
        proxy="",
    ),
    says(
        "dial_missing",
        rf"{_NO_LOG}(?:.*?\b(?:nginx|apache|caddy|proxy)\b.{{0,60}}?\b(?:can(?:no|')t|could(?: not|n't)"
        rf"|unable to"
        rf"|does(?:n't| not)) (?:find|see|locate) (?:the )?(?:socket )?(?:file )?[`'\"]?){_SOCKET}",
        ".sock",
        proxy="",
    ),
    says(
        "pages_well",
        r"^(?!.*(?:\b(?:but|until|when|if|before|after|except|only|local\w*|directly|by ip|without"
        r"|used to|not"
        r"|sometimes|then|most)\b|n't\b|\b50[234]\b|bad gateway))"
        r"(?P<what>.*\b(?:urls?|pages?|site|website|everything|requests?|downloads?"
        r"|it) (?:itself )?(?:all |still |just )?"
        r"(?:works?|loads?|opens?|is|are|is served|are served) (?:perfectly |just |all |totally )?(?:fine"
        r"|well|ok|okay"
        r"|normally|correctly|as expected|answered)\b.{0,80}\b(?:logs?|logged|warnings?|lines?|messages?"
        r"|noise)\b)",
        "fine",
        "well",
        "ok",
        "normally",
        "correctly",
        "as expected",
        "answered",
    ),
)
READERS: tuple[Reader, ...] = ()
