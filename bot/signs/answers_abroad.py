"""Asked at an address past the proxy it answers: the sentence in other languages than English.

Source: common German, French, Spanish, Italian, Portuguese, Russian, Polish, Japanese and Chinese of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = ()

_TARGET = re.compile(
    r"(?<![\w.@/-])(?:https?://)?(?P<target>(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]{2,39}\]):\d{2,5})(?!\d)",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"\b(?:geht|funktioniert|klappt|läuft|antwortet|erreichbar|fonctionne|marche|r[ée]pond|accessible|funciona|responde"
    r"|carga|abre|funzionano?|risponde|работает|открывается|отвечает|доступен|видно|działa|odpowiada|ok)\b"
    r"|見え|表示でき|表示され|つなが|繋が|開け|アクセスでき|動(?:いて|き|く)|正常|可以|能访问|能打开|没(?:有)?(?:任何|什么|啥)?问题",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:nicht|kein\w*|nie|ne|n'|pas|no|non|não|nao|не|нет|nie|not|nur|seulement|solo)\b|ません|ない|なく|不|没有(?!(?:任何|什么|啥)?问题)|无法|失败|[45]0\d",
    re.IGNORECASE,
)
_LOGGED = re.compile(r"\d\d:\d\d:\d\d|\[(?:error|warn|info)|level=|\"\w+\":|^\s*[\w-]+:\s*\S*$")
_CLAUSES = re.compile(r"[;!?。、，；！？]|[.,]\s|\s(?:aber|mais|pero|ma|mas|но|ale|und|et|и|but)\s")
_LONGEST = 600


@given(":", _TARGET, _WELL)
def _asked(piece: Piece) -> Iterator[Sign]:
    """One sign for every clause with an address in which it is said to work."""
    for line in piece.text.split("\n"):
        if ":" not in line or _LOGGED.search(line):
            continue
        for clause in _CLAUSES.split(line[:_LONGEST]):
            target = _TARGET.search(clause)
            if target and _WELL.search(clause) and not _NOT.search(clause.replace(target[0], "")):
                yield Sign(kind="answers", line=clause.strip(), fields={"target": target["target"]})


READERS: tuple[Reader, ...] = (_asked,)
