"""Two versions held against each other: one works, the other does not, and nothing else differs.

People go back and forth between two releases, or run both side by side, and write what each gives. What they
name is a version or tag, "the old one" or "back to"; what it gives is a status, a word, or a state.

Source: common English, German and French of reports; helm history ("Rollback to"), docker service ps, kubectl
get pods and Argo Rollouts as they name images, `docker service inspect` (rollback_completed), oc rollout
history, git bisect, heroku rollback.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}
PATTERNS: tuple[Pattern, ...] = (
    says("went_back", r"\sdeployed\s+\S+\s+\S*\s*Rollback to (?P<version>\d+)\s*$", "rollback to"),
    says("went_back", r"State:\s+(?P<version>rollback_completed)\b", "rollback_completed"),
    says("went_back", r"\bRolling back \S{1,3} \S{1,60} to (?P<version>v\d+)\.\.\. done", "rolling back"),
    says(
        "went_back",
        r"\bgit bisect\b.{0,100}\bfirst bad (?:commit )?(?:is )?(?P<version>\S{1,40})",
        "git bisect",
    ),
    says("went_back", r"\b(?P<version>RolloutAborted): Rollout aborted update", "rolloutaborted"),
)

#: Versions of these say something of another program than the app.
_OTHERS = (
    r"(?:nginx|openresty|haproxy|envoy|traefik|caddy|kong|apache2?|httpd|php|python|node(?:\.?js)?|ruby|java|jdk"
    r"|openssl|tls|ssl|http|ubuntu|debian|alpine|centos|rhel|fedora|freebsd|postgres\w*|mysql|mariadb|redis"
    r"|docker|kernel|linux|curl|chrome|firefox|safari|ios|android|windows|macos|dsm|glibc|mod_\w+)"
)
_DOTTED = r"\d{1,4}(?:\.\d{1,6}){1,3}(?:[-+]\w{1,12}){0,2}"
_NAMED = re.compile(
    r"(?<![\w./-])(?:(?:version|release|build|revision|rev|tag|image|chart|commit|app|plug-?in|theme|beta)"
    r"(?: no\.?)? ?[#:]? ?v?|v|-> ?v?|→ ?v?|to v?|from v?|on v?|with v?|put v?)"
    rf"(?P<v>{_DOTTED}|(?!50\d|20\d\b|\d\b|1[45]\d\d\b)\d{{1,8}})"
    r"(?![\w/%]|[.:]\d| ?(?:%|ms\b|s\b|sec|min|h\b|[KMGT]i?B?\b|users|requests|times|days|hours|cores|of\b))",
    re.IGNORECASE,
)
_DAY = re.compile(r"\bimage of (?P<v>\w{3,6}day)\b", re.IGNORECASE)
_ROW = re.compile(r"^\s*(?P<v>\d{1,6})\s+(?:Complete|Failed)\b", re.MULTILINE)
_THREE = re.compile(r"(?<![\w.:/-])v?(?P<v>\d{1,4}\.\d{1,4}\.\d{1,6}(?:[-+]\w{1,12}){0,2})(?![\w/%]|[.:]\d)")
_TAGGED = re.compile(r"(?P<name>\b[a-z][\w./-]{0,80}):v?(?P<v>\d[\w.-]{0,30})(?![\w:/])")
_DIGEST = re.compile(r"(?P<v>sha256:[0-9a-f]{3,64})")
_OLD = (
    r"(?:old|previous|earlier|former|prior|older|last)(?: (?:known )?(?:good|working))?"
    r" (?:\.?\w+ )?(?:version|release|image|tag|build|package|digest|commit|code|binary|artifact|zip|theme"
    r"|plug-?in|beta|spk|jar|one)|\.spk|reverse diff"
    r"|roll(?:ed|ing)? ?back|revert(?:ed|ing)?|downgrad(?:ed|ing)"
    r"|back to v?\d[\w.]*|still (?:has|on|runs|running|at) (?:version )?v?\d[\w.]*|zurück auf|retour à|pinned"
    r"|restored (?:the )?(?:\w+ )?backup of"
    r"|renam(?:ed|ing) (?:the |that )?(?:\w+ )?plug-?in(?:s)? (?:folder|dir\w*)"
)
_NO = (
    r"(?:no|zero|0|without|keine?|none|plus (?:une seule|aucune|de)|not one)"
    r"(?: (?:more|of|such|these|single|a)){0,2}"
)
_WELL = (
    r"(?:20[0-6]|ok|okay|works?|worked|working|fine|green|healthy|serves|starts|running|runs|normal(?:ly)?"
    r"|good|(?:is|are|was|were|site|forum|page|all|app|=) (?:up|back)|stable|complete|\d/\d(?<!0/\d)"
    rf"|{_NO} (?:50\d|errors?|problems?|issues?|crash\w*|h1\d))"
)
_ILL = (
    r"(?:50[0234]|h1\d|crash\w*|panic\w*|fail(?:s|ed|ure|ing)?|broken?|breaks?|dies?|died|errors?|closes?|closed|down"
    r"|segfault\w*|degraded|0/\d|exits?|exited|hangs?|rejected|aborted|eof|faulty|pareil)"
)
_TOKEN = re.compile(
    rf"(?P<denied>\b(?:not|never|no longer|n't|stop(?:s|ped)) (?:\w+ )?{_WELL}\b)|(?P<well>\b{_WELL}(?!\w))"
    rf"|(?P<ill>\b{_ILL}\b)|(?P<old>(?<!\w)(?:{_OLD})\b(?! (?:folder|dir)))",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"(?<=[.;!?])\s+|\n|\s/\s|(?<=\)) (?=[A-Z])")
_GONE_BACK = (
    *(
        "old",
        "previous",
        "earlier",
        "former",
        "prior",
        "last",
        ".spk",
        "reverse",
        "roll",
        "revert",
        "downgrad",
    ),
    *("back to", "still ", "zurück", "retour", "pinned", "restored", "plug"),
)
_LONGEST = 3000


def _versions(text: str) -> set[str]:
    """All that is named as a version of the app."""
    found = {m["v"] for one in (_NAMED, _THREE, _DIGEST, _DAY, _ROW) for m in one.finditer(text)}
    tagged: dict[str, set[str]] = {}
    for one in _TAGGED.finditer(text):
        tagged.setdefault(one["name"], set()).add(one["v"])
    return found | {v for tags in tagged.values() if len(tags) > 1 for v in tags}


def _states(clause: str, versions: re.Pattern[str] | None) -> Iterator[tuple[str, bool]]:
    """Version (or "old") and whether it works, as one clause says it."""
    tokens = [(m.start(), str(m.lastgroup), m[0]) for m in _TOKEN.finditer(clause)]
    tokens += [(m.start(), "version", m["v"]) for m in versions.finditer(clause)] if versions else []
    named: list[str] = []
    before: bool | None = None
    after: bool | None = None
    for _, what, text in sorted(tokens):
        if what in ("version", "old"):
            if named and after is not None:
                yield from ((name, after) for name in named)
                named, before, after = [], None, None
            named.append("old" if what == "old" else text)
        elif named:
            after = (what == "well") if after is None else (after and what == "well")
        else:
            before = what == "well"
    state = before if after is None else after
    if state is not None:
        yield from ((name, state) for name in named)


def _compared(piece: Piece) -> Iterator[Sign]:
    """One version works and another does not, or what is gone back to works."""
    if len(piece.text) > _LONGEST:  # a log, and no report
        return
    names = _versions(piece.text)
    lowered = piece.text.lower()
    if not names and not any(word in lowered for word in _GONE_BACK):
        return
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    versions = re.compile(rf"(?<![\w.])v?(?P<v>{known})(?!\w|\.\d)", re.IGNORECASE) if known else None
    told: dict[str, set[bool]] = {}
    lines: dict[str, str] = {}
    for clause in _joined(piece.text, versions):
        for name, works in () if _FOREIGN.search(clause) else _states(clause, versions):
            told.setdefault(name, set()).add(works)
            if works:
                lines.setdefault(name, clause.strip())
    well = [name for name, states in told.items() if states == {True}]
    ill = [name for name, states in told.items() if states == {False} and name != "old"]
    was = [name for name in well if re.search(rf"\bwas {re.escape(name)}", piece.text)]
    if well and (ill or was or "old" in well):
        yield Sign(kind="went_back", line=lines[well[0]], fields={"version": well[0]})


_FOREIGN = re.compile(rf"\b{_OTHERS}[ /:-]?(?:version )?v?(?!50\d)\d", re.IGNORECASE)


def _joined(text: str, versions: re.Pattern[str] | None) -> Iterator[str]:
    """Clauses; one that only names a version goes with the one behind it on the same line."""
    for line in text.split("\n"):
        held = ""
        for clause in _CLAUSES.split(line):
            whole = f"{held} {clause}" if held else clause
            names = versions is not None and versions.search(whole) is not None
            held = whole if names and not _TOKEN.search(whole) else ""
            if not held:
                yield whole


READERS: tuple[Reader, ...] = (_compared,)
