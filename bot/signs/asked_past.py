"""More ways in which people write that the app itself answers, asked past the proxy.

Source: common English of reports; RFC 6762 (names under .local), RFC 8375 (home.arpa), routers' own .lan,
.home and .fritz.box.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "asked_same": "by hand it works at the very address that the proxy's line names; fields: what",
}
PATTERNS: tuple[Pattern, ...] = ()
_CLAUSES = re.compile(r"(?<=[.;,!?])\s+|\s(?:but|while|whereas|yet)\s")
_LOGGED = re.compile(r"\[(?:error|crit|warn|info|notice)\]|connect\(\)|\"[A-Z]{3,7} /|upstream: ")
#: What turns a clause, or puts it into the past.
_TURNED = re.compile(
    r"\bnot\b|n't\b|\bno\b|\bnever\b|\bcannot\b|\b(?:used to|before|until|fails?|refused|50\d)\b",
    re.IGNORECASE,
)
_ASKED: tuple[re.Pattern[str], ...] = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        # It answers if I ask it directly.
        r"\b(?:answers?|responds?|repl(?:y|ies)|works?|serves?|returns?)\b.{0,60}"
        r"\b(?:if|when|as long as) (?:I|we|you) (?:ask|curl|query|request|call|open|hit|browse|visit|go to"
        r"|connect to|talk to) (?:\w+ ){0,3}?(?:directly|direct|myself|by hand|by (?:its|their) (?:own )?"
        r"(?:ip|address)\w*|without (?:the )?(?:proxy|nginx|balancer))\b",
        # I can see the login on http://192.0.2.7:8080.
        r"\b(?:I|we|you)(?: can| do| could)? (?:still |even )?(?:see|get|reach|load|open) "
        r"(?:the |its |my |a )?(?:[\w-]+ ){0,2}?(?:log-?in|page|ui|web ?ui|site|app|dashboard"
        r"|interface|form|screen|json|html|start ?page|welcome)(?: (?:page|screen|form|mask))? "
        r"(?:fine )?(?:on|at|under|via|over|with|through) [`'\"<(]?(?:https?://)?"
        r"(?P<target>(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}):\d{2,5})",
        # A name that a home network gives: it follows the host to a new address.
        r"\b(?:works?|working|is fine|loads?|opens?|connects?|reachable|answers?|responds?)\b"
        r".{0,30}?[\s(`'\"](?:https?://)?(?P<target>[\w-]{1,60}\.(?:local|lan|home|home\.arpa|fritz\.box))\b",
    )
)


@given(_ASKED)
def _well(piece: Piece) -> Iterator[Sign]:
    """One sign for every clause in which the app answers."""
    for line in piece.text.split("\n"):
        if _LOGGED.search(line):
            continue
        for said in _CLAUSES.split(line) if line.count(" ") > 2 else ():
            found = next((m for words in _ASKED if (m := words.search(said))), None)
            if found and not _TURNED.search(said):
                target = found.groupdict().get("target") or ""
                yield Sign(kind="answers", line=said.strip(), fields={"target": target})


_SAME_PLACE = re.compile(
    r"\b(?:connect|reach|open|access|browse|visit|curl|load|get|call|query|request|works?|answers?)\w*\b.{0,80}?"
    r"\b(?:(?:the|that|this|its) (?:very |exact )?(?:same |mentioned |logged |given |above |named |said )"
    r"|(?:the|that|this) )(?:ip|address|host|upstream|url|socket)\b.{0,40}?"
    r"(?P<shown>\b(?:from|in|of) (?:the |that |my )?(?:nginx )?(?:error|log|message)|\babove\b|\bmentioned\b"
    r"|\bshown\b|\bthat nginx (?:names|logs|shows)\b)",
    re.IGNORECASE,
)


@given(_SAME_PLACE)
def _at_the_same(piece: Piece) -> Iterator[Sign]:
    """Somebody went by hand where the log says that the proxy went, and it was well."""
    for line in piece.text.split("\n"):
        if _LOGGED.search(line):
            continue
        for said in _CLAUSES.split(line):
            if _SAME_PLACE.search(said) and not _FAILED.search(said):
                yield Sign(kind="asked_same", line=said.strip(), fields={"what": said.strip()[:120]})


#: As `_TURNED`, and without the word by which a log of errors is named.
_FAILED = re.compile(
    rf"{_TURNED.pattern}|\b(?:unable|time[ds]? ?-?out|hangs?|can I|could I|should|trying|tried|how)\b",
    re.IGNORECASE,
)

READERS: tuple[Reader, ...] = (_well, _at_the_same)
