"""Two versions of one thing tried by hand: the newer fails, and the older does not.

People write the outcome beside the version in few words: "with 2.4.1 it starts", "put 1.39 back: fine", "only
3.1.0, 3.0.9 is ok". A version is told from an address, a size and a time; an outcome that is denied, or that
is told of a language, a kernel or a library, is left alone.

Source: common English of reports; semver.org; docs.docker.com (tags); kubernetes.io "ReplicaSet" (a pod's
name bears the hash of its template); helm history and kubectl rollout undo; apt-get(8) package=version.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "file_of_image": "somebody writes that the file which is refused comes with the image; fields: what",
}
PATTERNS: tuple[Pattern, ...] = (
    # A word for the release itself, and no setting or certificate that was put back.
    says(
        "went_back",
        r"^(?!.*\b(?:conf|config\w*|settings?|cert\w*|dns|rules?|firewall) (?:was |were |change )?"
        r"(?:rolled|reverted|swapped))"
        r".*(?:\b(?:helm |cap |deploy:)?rollback(?:ed)?|\brolled (?:it )?back|\b(?:swap|switch)\w* back)"
        r"(?! (?:did|does|do) not| didn't| doesn't)[^.;\n]{0,25}?(?: = |: |[,-] |-> |=> |→ ?|\band "
        r"|\bmade it )"
        r"(?:\w+ ){0,3}?(?:ok|okay|fine|works?|worked|well|good|healthy|solved|gone)\b",
        "back",
    ),
    says(
        "went_back",
        r"^(?:Rollback to \d+|.*\s(?:Rollback to \d+))\s*$",
        "rollback to ",
    ),
    says(
        "went_back",
        r"\b(?:uninstall|remov|deinstall)\w* (?:the |that |this )?(?:KB ?\d*|patch|hotfix"
        r"|(?:security )?update)\b"
        r".{0,20}?(?:->|=>|→|:|=|,|\band\b) ?(?:\w+ ){0,3}?(?:ok|okay|fine|works?|worked|working|solved"
        r"|gone)\b",
        "uninstall",
        "remov",
        "deinstall",
    ),
    says(
        "file_of_image",
        r"(?P<what>\b(?:I|we) (?:do not|don't|did not|didn't|never) (?:mount|change|touch|edit|own|have)\w* "
        r"(?:any |an |a |the |that |this )?(?:\w+ )?(?:conf\w*|file|nginx\.conf)\b"
        r"|\b(?:nginx\.conf|default\.conf|conf(?:ig(?:uration)?)?|template|file) (?:is )?"
        r"(?:inside|in|of|from|baked into|shipped (?:with|in)|that comes with) (?:the|this|their|that)"
        r" (?:\w+ )?(?:image|container image|package|chart|release)\b"
        r"|\b(?:nothing|none) of (?:mine|ours) (?:is )?(?:in|under) /etc/nginx"
        r"|\bno (?:own|custom) conf\w* (?:mounted|of mine|at all))",
        "conf",
        "file",
        "nothing of",
        "none of",
        "template",
    ),
)

#: What else has versions; a library or a machine that was changed has its own rules.
_OTHERS = re.compile(
    r"(?:\b(?:php|node(?:\.?js)?|python|ruby|java|jdk|jre|go|golang|openssl|tls|ssl|http|kernel|linux|ubuntu"
    r"|debian|centos|fedora|alpine|rhel|rocky|postgres\w*|mysql|mariadb|redis|docker|kubernetes|k8s|glibc"
    r"|libc|python3|npm|dsm|windows|macos|ios|android|chrome|firefox|safari|curl)\W{0,3}(?:version )?)\Z",
    re.I,
)
_OF_TOOL = r"(?:build|version|release|revision|tag|commit|artifact|image|digest|package|snapshot|backup of)"
_VERSION = (
    r"(?P<version>(?<![\w.:/@-])(?!\d{1,3}(?:\.\d{1,3}){3}(?!\d))(?:[\w./-]{1,60}[:=])?v?\d{1,8}\.\d{1,5}(?:\.(?:\d{1,5}|x))?"
    r"(?:[-+~.][\w.]{1,20})?"
    r"(?![\w.]*\.\d)(?! ?(?:%|[kKMGT]i?[Bb]?\b|ms\b|s\b|sec|min|h\b|hours?\b|cpu|core|v?cpu))"
    r"|(?<![\w.])v\d{1,5}\b(?!\.\d)"
    r"|(?<!\w):(?!\d{4,5}(?![\w.-]))(?:v?\d[\w.-]{0,20}\w|latest|stable|develop|dev|edge|nightly|beta|main|master|lts)\b"
    r"|(?<![\w.:/@-])[a-z][\w./-]{1,60}:(?:v?\d{1,2}(?![\w.])|latest\b|stable\b|develop\b|main\b)"
    r"|(?<=to )\.\d{1,4}\b"
    rf"|\b(?i:{_OF_TOOL}) (?=[\w.-]{{0,15}}\d)[\w.-]{{2,16}}\b"
    r"|\b(?i:the )?(?i:previous|older|prior|former|yesterday's|last week's) (?:\w+ )?"
    r"(?i:image|version|release|build|artifact|digest|tag|package|deploy(?:ment)?)\b)"
)
_FOUND = re.compile(_VERSION)
#: Said of the version within the same breath.
_WELL = re.compile(
    r"\b(?:works?|worked|working|fine|okay|ok|starts?|started|runs?|ran|(?:it'?s|is|was|all|comes?"
    r"|came) (?:back"
    r"|up|good|gone|well)|no (?:such )?(?:problems?|issues?|errors?|502s?|trouble)|zero errors|fixes|fixed it"
    r"|(?:flat|normal|healthy) (?:again|since)|returns? 20\d|can ?not reproduce|can't reproduce"
    r"|(?:did|does) not (?:do|have|show) (?:it|this|that)|(?:didn't|doesn't) (?:do|have|show) (?:it|this"
    r"|that)"
    r"|is right)\b|(?:=|->|=>|→|:) ?(?:20\d|ok|up|fine|works|good|gone)\b",
    re.I,
)
_ILL = re.compile(
    r"\b(?:not|never|also|too|same (?:issue|problem|error|thing|result|here|as|again|within|for|on"
    r"|behaviou?r)"
    r"|neither|nor|50\d|fails?|failed|crash\w*|broken|breaks?|errors? (?:with|on))\b"
    r"|n't\b|\?",
    re.I,
)
#: Words that may deny, but are part of a good outcome.
_FALSE_ILL = re.compile(
    r"\b(?:no|zero|without) (?:such )?(?:problems?|issues?|errors?|502s?)\b|50\d (?:is |are )?gone"
    r"|(?:can ?not|can't) reproduce|(?:did|does) ?(?:not|n't) (?:do|have|show) (?:it|this|that)",
    re.I,
)
_BREAK = re.compile(r"(?<!\.)[.;!?](?=\s|\Z)|\n")
_LONGEST = 1500
#: So far from the version its outcome may stand, in whole words.
_NEAR = re.compile(r".{0,75}(?!\w)")
_BACK = re.compile(
    r"\b(?:restor|pinn|roll|revert|downgrad|put back|went back|going back|go back|image back|back to"
    r"|switch|check(?:ed)?[ -]?out)\w*",
    re.I,
)
_PROGRAM = re.compile(
    r"\A\W*(?:\d{4}[/-]\d\d|\[|[A-Z][a-z]{2} +\d|\S+ +\| |\{|nginx: |\w+\[\d+\]:|level=|time="
    r"|\d+\.\d+\.\d+\.\d+ |[0-9a-f]{12}\s)"
)


def _tried(piece: Piece) -> Iterator[Sign]:
    """A version with a good outcome, beside another version (or with a word for going back)."""
    if len(piece.text) > 6 * _LONGEST:
        return
    lines = [one for one in piece.text.split("\n") if len(one) <= _LONGEST and not _PROGRAM.match(one)]
    named = {_bare(one["version"]) for line in lines for one in _FOUND.finditer(line)}
    if not named:
        return
    told = list(_good(lines, named))
    if len(named) > 1 and {_bare(sign["version"]) for sign in told} == named:
        return  # all of them work
    yield from told


def _good(lines: list[str], named: set[str]) -> Iterator[Sign]:
    """A version with a good outcome, once a line."""
    for line in lines:
        found = [one for one in _FOUND.finditer(line) if not _OTHERS.search(line[: one.start()][-30:])]
        for place, one in enumerate(found):
            end = found[place + 1].start() if place + 1 < len(found) else len(line)
            near = _NEAR.match(line[one.end() : end])
            said = _BREAK.split(near[0])[0] if near else ""
            plain = _FALSE_ILL.sub(" fine ", said)
            well = _WELL.search(plain)
            if well is None or _ILL.search(plain[: well.end() + 12]):
                continue
            before = line[max(0, one.start() - 30) : one.start()]
            is_plain = _AT_ONCE.match(line, one.start()) is not None or _OLDER.match(one["version"])
            if (
                all(two == _bare(one["version"]) for two in named)
                and not is_plain
                and not _BACK.search(before)
            ):
                continue
            yield Sign(kind="went_back", line=line.strip(), fields={"version": one["version"].strip(" :=")})
            break


#: "v2.4.6 no problem": nobody writes so of the version that fails.
_AT_ONCE = re.compile(r"v\d+\.\d+(?:\.\d+)? (?:is |was |has )?(?:no problem|no issue|ok\b|okay|fine)", re.I)


_OLDER = re.compile(r"(?:the )?(?:previous|older|prior|former)\b", re.I)


def _bare(version: str) -> str:
    return version.lower().removeprefix("the ").strip(" v:=").removeprefix("version ")


_POD = re.compile(
    r"(?:\A|\s)(?:pod/)?(?P<name>[a-z][a-z0-9.-]{0,60})-(?P<set>[a-f0-9]{6,10})-[a-z0-9]{5}\s+"
    r"(?P<ready>\d+/\d+)\s+(?P<status>[A-Za-z]\S*)"
)
_FAILS = ("CrashLoopBackOff", "Error", "RunContainerError")


@given(_POD, "Running")
def _of_sets(piece: Piece) -> Iterator[Sign]:
    """Pods of one workload out of two templates: those of one crash, those of the other are ready."""
    well: dict[str, tuple[str, str]] = {}
    ill: dict[str, str] = {}
    for line in piece.text.split("\n") if "/" in piece.text else ():
        pod = _POD.search(line)
        if pod is None:
            continue
        ready, of = pod["ready"].split("/")
        if pod["status"] == "Running" and ready == of:
            well[pod["name"]] = (pod["set"], line.strip())
        elif pod["status"] in _FAILS:
            ill[pod["name"]] = pod["set"]
    for name, (of_set, line) in well.items():
        if name in ill and ill[name] != of_set:
            yield Sign(kind="went_back", line=line, fields={})


READERS: tuple[Reader, ...] = (_tried, _of_sets)
