"""Two hosts held against each other, as people write: here it works, there it fails.

The same files on Debian and on Red Hat's family: there SELinux enforces. The same address from two proxies of
one kind, and one is turned away: a filter between. A port that the app has on its developer's machine.

Source: httpd_selinux(8); RHEL "Using SELinux" (enforcing as it comes; Debian and Ubuntu have none);
iptables-extensions(8) REJECT (a filter may refuse like a closed port); common phrases of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "policy_differs": "it works on a system without SELinux and fails on one that has it; fields: what",
    "asked_as_proxy": "asked by hand as the proxy's own user, it answers; fields: what",
    "one_turned_away": "of two hosts of one kind that ask one place the one is turned away; fields: "
    "well, bad, result",
    "node_upgraded": "Node was changed to 17 or later, where `localhost` may be ::1; fields: what",
    "local_port": "the port on which somebody opens the app on a machine of their own; fields: port",
}
_SAYS_LOCAL = (
    r"\b(?:local(?:ly)?|localhost|(?:on|at) my (?:machine|laptop|computer|pc|mac)|lokal|en local"
    r"|localmente|localement"
    r"|en mi (?:m[áa]quina|pc|ordenador)|in locale|локально|lokalnie)\b|本地|本机|ローカル|로컬"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "asked_as_proxy",
        r"(?P<what>\bsudo -u (?:nginx|apache|www-data|httpd) (?:curl|wget|nc)\b)(?!.{0,60}(?:\bnot\b"
        r"|refused|denied|fail))",
        "sudo -u",
    ),
    says(
        "one_turned_away",
        r"\b(?:new|second|other|third|added) (?:node|host|server|proxy|machine|load ?balancer|vm|lb"
        r"|instance)\b.{0,40}"
        r"\b(?:cannot|can't|can not|could not|does not|doesn't|unable to) (?:reach|connect|get to"
        r"|open)\b.{0,60}"
        r"\b(?:old|older|other|first|existing|rest)\b.{0,25}\b(?:can|could|do|does|works?|fine|ok)\b",
        "reach",
        "connect",
        "get to",
        "open",
        result="late",
    ),
    says(
        "node_upgraded",
        r"(?P<what>\bnode(?:\.?js)?\b.{0,40}?\bv?(?:8|9|1[0-6])(?:\.\d{1,2}){0,2}\b.{0,15}?(?:\bto\b|->"
        r"|→|,|auf|a|à|на|到) ?(?:node(?:\.?js)? ?)?"
        r"v?(?:1[7-9]|2\d)\b)",
        "node",
    ),
    says(
        "local_port",
        rf"^(?!.*(?:\[(?:error|warn|info|notice)\]|\d\d:\d\d:\d\d|upstream: |\bon the"
        rf" server\b|\b(?:in|inside|within|from) (?:\w+ ){{0,3}}(?:pod|container)\b))"
        rf"(?=.*(?:{_SAYS_LOCAL})).*?"
        r"\b(?:open|visit|browse|use|go to|runs?|works?|fine|ok|start|starts|läuft|funciona|marche"
        r"|работает|正常|可以|動)\b"
        # What listens there may do so inside a container.
        r"(?:(?!\blisten).){0,60}?(?:https?://)?(?<![\w.-])(?:localhost|127\.0\.0\.1):(?P<port>\d{4,5})\b",
        "localhost:",
        "127.0.0.1:",
    ),
)
_REDHAT = re.compile(
    r"(?<![a-z])(?:cent ?os|fedora|rocky|alma(?:linux)?|red ?hat|rhel|oracle linux|amazon linux 2023"
    r"|el[789])(?![a-z])",
    re.IGNORECASE,
)
_DEBIAN = re.compile(
    r"(?<![a-z])(?:debian|ubuntu|mint|raspbian|alpine|arch"
    r"|opensuse)(?![a-z])",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"(?<!keine )\b(?:works?|worked|working|fine|ok|okay|good|perfect\w*|no (?:problem|issue)s?|l[äa]uft"
    r"|lief|geht"
    r"|ging|funktionier\w*"
    r"|funcion\w*|bien|pas de (?:souci|probl[èe]me)s?|todo bien|fonctionn\w*|marche|funziona\w*|работа\w+"
    r"|dzia[łl]a\w*|bez problem\w+)\b"
    r"|正常|可以|没问题|好好的"
    r"|動(?:く|いて|作)|문제없|정상",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"(?<![\d.:])50[234](?!\d|[.:]\d)|\b(?:bad gateway|fail\w*|refus\w*|den\w+|does(?:n't| not) work|nicht"
    r"|error|fehler|falla"
    r"|échoue|не работает"
    r"|nie dzia[łl]a|time[ds]? ?-?out|no route|rejected|hangs?)\b|报错|不行|失败|エラー|실패",
    re.IGNORECASE,
)
_NO_POLICY = re.compile(
    r"\b(?:permissive|selinux (?:is |was )?(?:off|disabled)|setenforce 0|SELINUX=disabled)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[.;,!\n]\s+|\n|\s(?:but|aber|pero|mas|mais|ma|но|ale)\s|[，。；]")
_LONGEST = 4000


_MOVED = re.compile(
    r"\b(?:from|von|de|desde|du|da|с|со|z)\b (?P<old>[^.\n]{2,40}?)\b(?: to| auf| nach| a| para| vers|"
    r" [àa]| na)\b (?P<new>[^.,;\n]{2,40})"
    r"|(?P<old2>\w[^。\n]{1,30}?)(?:换到|迁移到|换成|から)(?P<new2>[^，。\n]{2,30})",
    re.IGNORECASE,
)


def _line_of(text: str, at: int) -> str:
    """The whole line in which a place of a text stands."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return text[start : None if end < 0 else end].strip()


@given(_REDHAT, _DEBIAN, _BAD)
def _of_systems(piece: Piece) -> Iterator[Sign]:
    """Debian's family well in one clause, Red Hat's in trouble in another."""
    text = piece.text[:_LONGEST]
    if not (_REDHAT.search(text) and _DEBIAN.search(text)) or _NO_POLICY.search(text):
        return
    clauses = _CLAUSE.split(text)
    moved = _MOVED.search(text)
    if (
        moved is not None
        and _DEBIAN.search(moved["old"] or moved["old2"])
        and _REDHAT.search(moved["new"] or moved["new2"])
        and _BAD.search(text)
    ):
        yield Sign(kind="policy_differs", line=_line_of(text, moved.start()), fields={"what": moved[0][:120]})
        return
    well = any(
        _DEBIAN.search(c) and not _REDHAT.search(c) and _WELL.search(c) and not _BAD.search(c)
        for c in clauses
    )
    bad = next((c for c in clauses if _REDHAT.search(c) and not _DEBIAN.search(c) and _BAD.search(c)), None)
    if not well or bad is None:  # what is said of a system may stand in a clause beside its name
        said = re.split(r"[.;!?]\s+|\n|。", text)
        well = any(
            _DEBIAN.search(c) and not _REDHAT.search(c) and _WELL.search(c) and not _BAD.search(c)
            for c in said
        )
        bad = next((c for c in said if _REDHAT.search(c) and not _DEBIAN.search(c) and _BAD.search(c)), None)
    if well and bad is not None:
        yield Sign(kind="policy_differs", line=bad.strip(), fields={"what": bad.strip()[:120]})


_FROM = re.compile(
    r"(?:\b(?:from|on|desde|en|von|vom|auf|depuis|sur|da(?:l)?|su|od|z|со?|на|с)\s+|从|在)(?:the |el |la |le"
    r" |dem |der )?[`'\"]?"
    r"(?P<host>[a-z][a-z-]{0,20}[-_]?\d{1,3})\b",
    re.IGNORECASE,
)
_LATE = re.compile(r"time[ds]? ?-?out|hangs?\b|no route|unreachable|超时|タイムアウト", re.IGNORECASE)
_REFUSED = re.compile(r"refused|rejected|rechaz|abgelehnt|refus[ée]|отказ|拒绝|拒否", re.IGNORECASE)
_ANSWERED = re.compile(r"\b200\b|\bHTTP/1\.1 [23]")


_PARTS = re.compile(r"[;,.]\s+|\s(?:but|while|pero|mientras|aber|mais|а|но)\s|[，。；]")


@given(_FROM, (_LATE, _REFUSED), (_ANSWERED, _WELL))
def _two_askers(piece: Piece) -> Iterator[Sign]:
    """`from lb1 200, from lb2 refused`: names that differ by their number alone are of one kind."""
    found: dict[str, tuple[str, str]] = {}
    for line in piece.text.split("\n") if _FROM.search(piece.text) else ():
        for clause in _PARTS.split(line[:_LONGEST]):
            asker = _FROM.search(clause)
            if asker is None or "[error]" in clause:
                continue
            how = "late" if _LATE.search(clause) else "refused" if _REFUSED.search(clause) else ""
            how = how or ("well" if _ANSWERED.search(clause) or _WELL.search(clause) else "")
            if how:
                found.setdefault(asker["host"].lower(), (how, clause.strip()))
    kinds: dict[str, list[tuple[str, str, str]]] = {}
    for host, (how, clause) in found.items():
        kinds.setdefault(host.rstrip("0123456789"), []).append((host, how, clause))
    for askers in kinds.values():
        well = next((one for one in askers if one[1] == "well"), None)
        bad = next((one for one in askers if one[1] != "well"), None)
        if well is not None and bad is not None:
            fields = {"well": well[0], "bad": bad[0], "result": bad[1]}
            yield Sign(kind="one_turned_away", line=bad[2], fields=fields)


READERS: tuple[Reader, ...] = (_of_systems, _two_askers)
