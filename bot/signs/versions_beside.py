"""One version works and another one does not: two tags of an image, two builds, a release put back and again.

Source: common English of reports; docs.docker.com "docker image tag" (NAME:TAG).
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

#: A build, release or commit; no amount, no year of a clock, no other program's version.
_V = r"(?:(?:version|release|build|tag|image|commit|rev(?:ision)?) )?[`'\":]?(?:v\d{1,5}(?:\.\d{1,5}){0,3}"
_V += r"|\d{1,4}(?:\.\d{1,5}){1,3}(?:-\w{1,12})?|[0-9a-f]{7,12})(?![\w./:%-]|\.\d)[`'\"]?"
#: Another program, or a protocol, whose version is tried: its own rules read it.
_OTHER = r"(?!.*\b(?:http|tls|ssl|php|node|python|java|jdk|nginx|apache|openssl|ipv?\d|port|mtu|kernel)\b)"
_GOOD = (
    r"(?:works?|worked|(?:is|was|are|were|runs?) (?:all )?(?:fine|ok|okay|good|well)|answers?"
    r"|no (?:502|error)s?)"
)
_BAD = (
    r"(?:fails?|failed|breaks?|(?:is|was) (?:broken|bad)|does(?: not|n't)|did(?: not|n't)"
    r"|crash(?:es|ed)?|50[234])"
)
_LAST = (
    r"(?:(?:tag|image|version|release|build|digest) (?:of|from) (?:the )?(?:last|previous|a|two|some"
    r"|yesterday)"
    r"|(?:yesterday|last (?:week|month))'s (?:tag|image|version|release|build))"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "went_back",
        rf"^{_OTHER}.*\b(?:with|on) {_V} (?:it )?{_BAD}\b.{{0,60}}"
        rf"\b(?:with|on) (?P<version>{_V}) (?:it )?{_GOOD}\b",
        *("fail", "break", "broken", "bad", "not", "n't", "crash", "50"),
    ),
    says(
        "went_back",
        rf"^{_OTHER}.*\b(?:with|on) (?P<version>{_V}) (?:it )?{_GOOD}\b.{{0,60}}"
        rf"\b(?:with|on) {_V} (?:it )?{_BAD}\b",
        *("fail", "break", "broken", "bad", "not", "n't", "crash", "50"),
    ),
    # A release put back, and the trouble is away.
    says(
        "went_back",
        rf"^{_OTHER}.*\b(?:with|on|back (?:to|on|at)) (?P<version>{_V}) again,? "
        r"(?:there (?:is|was) |we (?:see|saw) )?(?:nothing|no (?:more )?(?:50\d|error|such|H1\d)\w*|none"
        r"|(?:it |all )?(?:works|worked|is fine|was fine|ok))\b",
        " again",
    ),
    says(
        "went_back",
        rf"\b(?:pinn?(?:ed|ing)?|went back to|going back to|set|us(?:ed|ing)|took|put back) (?:it to )?"
        rf"(?:the )?{_LAST}\b(?!.{{0,60}}\b(?:not|n't|also|still)\b).{{0,40}}\b(?:up|works?|worked|fine|ok"
        r"|starts?|started|runs?|gone|solved|fixed|good|well|healthy)\b",
        *("tag ", "image ", "version ", "release ", "build ", "digest "),
        *(" tag", " image", " version", " release", " build"),
    ),
    says(
        "released",
        r"^(?!.*\b(?:load|latency|times?|cpu|memory|ram|usage|queue|rate)\b)"
        r".*\b(?:go(?:es|ing)|gone|jump(?:ed|ing)?|refresh(?:ed|ing)?|auto-?refresh(?:ed)?|roll(?:ed|ing)?) "
        r"from (?:version |release |v)?\d{1,4}\.\d{1,5}(?:\.\d{1,5})? to (?:version |release |v)?"
        r"(?P<version>\d{1,4}\.\d{1,5}(?:\.\d{1,5})?)(?![\w.])(?! ?(?:%|s\b|ms\b|sec|min|[kMGT]i?B?\b))",
        "from ",
    ),
    says(
        "others_too",
        r"(?P<what>\b(?:(?:our|my|all|both) (?:two|three|four|five|six|other|\d{1,2})?"
        r"|(?:two|three|several|many) other) ?(?:\w{1,20} ){0,3}(?:servers?|hosts?|machines?|boxes|instances?"
        r"|sites?"
        r"|people|users|installs?)"
        r" (?:\w{1,12} ){0,3}?(?:just |also |all )?(?:did|do|does|had|have|got|hit|show) (?:exactly )?"
        r"(?:the same|it (?:too|tonight|today|as well)|this too))\b",
        *("the same", "it t", "this too", "it as well"),
    ),
)
_IMAGE = re.compile(
    r"(?<![\w/.-])(?P<repo>[a-z0-9][\w.-]*(?:/[\w.-]+){1,3}):(?P<tag>\w[\w.-]{0,60})\*?(?P<rest>.{0,40})"
)
_WORKS = re.compile(
    r"\A[`'\"]?[ :,-]{0,3}(?:still |it )?(?:works?|worked|is (?:fine|ok|good)|ok|fine)\b(?! not)", re.I
)
_FAILS = re.compile(
    r"\A[`'\"]?[ :,-]{0,3}(?:it )?(?:do(?:es)?(?: not|n't)|did(?: not|n't)|fails?|failed"
    r"|is (?:broken|bad)|broken|crashes|gives? 50\d|not working)\b",
    re.IGNORECASE,
)


@given(_IMAGE, _WORKS, _FAILS)
def _tags(piece: Piece) -> Iterator[Sign]:
    """Of one image a tag is said to work and another one not."""
    well: dict[str, tuple[str, str]] = {}
    ill: dict[str, str] = {}
    for line in piece.text.split("\n") if ":" in piece.text and "/" in piece.text else ():
        found = _IMAGE.search(line[:400])
        if found is None:
            continue
        if _WORKS.match(found["rest"]):
            well.setdefault(found["repo"], (found["tag"], line.strip()))
        elif _FAILS.match(found["rest"]):
            ill.setdefault(found["repo"], found["tag"])
    for repo, (tag, line) in well.items():
        if ill.get(repo, tag) != tag:
            yield Sign(kind="went_back", line=line, fields={"version": tag})


_BUILDS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        rf"\bwith (?P<ill>\d{{3,6}}) (?:it )?{_BAD}\b.{{0,60}}\bwith (?P<well>\d{{3,6}}) (?:it )?{_GOOD}\b",
        rf"\bwith (?P<well>\d{{3,6}}) (?:it )?{_GOOD}\b.{{0,60}}\bwith (?P<ill>\d{{3,6}}) (?:it )?{_BAD}\b",
    )
)
#: Builds that are tried side by side follow each other; sizes and amounts do not. Ports may.
_NEAR = 5
_PORTS = re.compile(r"port|mtu|\b(?:80|30|50|90)\d\d\b", re.IGNORECASE)


@given(_BUILDS)
def _builds(piece: Piece) -> Iterator[Sign]:
    """Two numbers of builds, of which the one works and the other does not."""
    for line in piece.text.split("\n") if "with " in piece.text else ():
        found = next((m for words in _BUILDS if (m := words.search(line[:400]))), None)
        if found is None or _PORTS.search(line) or int(found["ill"]) == int(found["well"]):
            continue
        if abs(int(found["ill"]) - int(found["well"])) <= _NEAR:
            yield Sign(kind="went_back", line=line.strip(), fields={"version": found["well"]})


READERS: tuple[Reader, ...] = (_tags, _builds)
