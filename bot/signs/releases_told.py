"""A newer version put in place and an older one that still works, as people tell it beside the logs.

Source: common English of reports; the words of launchers and panels for it ("rebuild", "update", "upgrade").
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_CHANGE = (
    r"(?:last |latest )?"
    r"(?:re-?build|re-?deploy(?:ment)?|deploy(?:ment)?|updat(?:e|ing)|upgrad(?:e|ing)|release|new version)\b"
)
_WAS_WELL = r"(?:worked|all was (?:well|fine|ok|good)|(?:was|were|ran) (?:fine|well|ok|okay|good|working))\b"
#: A version to its end, and no address.
_V = (
    r"(?P<version>(?!\d+\.\d+\.\d+\.\d)v?\d{1,4}\.\d{1,4}(?:\.\w{1,12}|-\w{1,12}){0,3}(?![\w-]|\.\w)"
    r"|[0-9a-f]{7,40}\b)"
)
_NAMED = rf"(?:(?:tag|version|release|build|image|commit|revision) {_V})"
_WELL = r"(?:work(?:s|ed|ing)?|fine|ok|okay|healthy|correct(?:ly)?|no errors?|20[0-6])\b"
#: Not where the same clause denies it, or speaks of another program's version.
_ILL = (
    r"(?!(?: \w{1,12})? of \w)"
    r"(?![^,.;]{0,100}(?:\b(?:not|never|also|too|same|neither|50\d|fail\w*|crash\w*)\b|n't\b))"
)
_PARTS = r"(?:pods?|nodes?|instances?|replicas?|tasks?|containers?|slots?|dynos?)"
_HOSTS = r"(?:machines?|servers?|hosts?)"
_OLD = r"(?:old(?:er)?|previous|prior)"

PATTERNS: tuple[Pattern, ...] = (
    says(
        "released",
        rf"\bbefore (?:the|this|that|my|our|today's|last night's) {_CHANGE}.{{0,30}}\b{_WAS_WELL}",
        "before ",
    ),
    says("released", rf"\b{_WAS_WELL} (?:fine |well )?before (?:the|this|that|my|our) {_CHANGE}", "before "),
    says(
        "released",
        r"\b(?:re-?buil[dt]|updat\w{1,3}|upgrad\w{1,3}|pull(?:ed|ing)?|install(?:ed)?)\b(?: \S{1,30}){0,4}? "
        r"(?:latest|newest) (?:version|release|image|tag|build|commit)\b",
        "latest",
        "newest",
    ),
    says(
        "released",
        r"\b(?:updat|upgrad|bump|mov|switch)(?:ed|ing) (?!(?:\S{1,30} ){0,3}?(?:php|nginx|apache|ubuntu"
        r"|debian|kernel|mysql|mariadb|postgres\w*)\b)(?:\S{1,30} ){0,4}?from "
        r"(?:version )?v?\d{1,4}\.[\w.-]{1,20} to (?:version )?(?P<version>v?\d{1,4}\.[\w.-]{1,20})",
        "updat",
        "upgrad",
        "bump",
        "mov",
        "switch",
    ),
    says(  # a language's packages are the app's own, a system's are not
        "released",
        r"\b(?:ran|did|executed) (?:a |an |the )?[`'\"]?(?:gem|npm|yarn|pnpm|composer"
        r"|bundle|pip3?|poetry|cargo|mix) (?:update|upgrade|install --?U\w*)\b"
        r"|\b(?:gem|npm|yarn|pnpm|composer|bundle|pip3?|poetry|cargo|mix) (?:update|upgrade)[`'\"]?"
        r"(?: command)? (?:was|has been|got) (?:run|executed|done|made)\b",
        "gem",
        "npm",
        *("yarn", "composer", "bundle", "pip", "poetry", "cargo", "mix "),
    ),
    # Nobody did it: snap, Watchtower, unattended-upgrades and apps that renew themselves.
    says(
        "released",
        r"\b(?:(?:updated|upgraded|refreshed|pulled) (?:itself|themselves)\b"
        r"|(?:auto|self)-?(?:updat|upgrad|refresh)ed\b"
        r"|(?:automatic(?:ally)?|auto|unattended|overnight|nightly|snap|watchtower)[- ](?:\w{1,12} ){0,2}?"
        r"(?:updated?|upgraded?|refresh(?:ed)?|pulled|upgrades)\b"
        r"(?! (?:is|are|was|were) (?:off|disabled|not))(?!s? (?:disabled|off)))",
        *("itself", "themselves", "auto", "self", "unattended", "overnight", "nightly", "snap", "watchtower"),
    ),
    # The older one beside it still answers.
    says(
        "went_back",
        rf"\b{_NAMED} is still (?:on|running|there|up)\b.{{0,120}}"
        r"(?:->|=>|→|:|\b(?:gives|returns|answers|and|it))\s?"
        rf"(?:is |with |HTTP |a ){{0,2}}{_WELL}",
        " is still ",
    ),
    says(
        "went_back",
        rf"\b(?:{_PARTS}|{_HOSTS})\b(?: \w{{1,12}}){{0,3}}? (?:on|with|running|at) (?:the )?"
        rf"(?:{_OLD} (?:version|release|image|tag|build|one|code)\b|{_NAMED}|v\d{{1,4}}\.\d{{1,4}}"
        rf"(?:\.\w{{1,12}}){{0,2}}(?![\w-]|\.\w)){_ILL}.{{0,40}}\b{_WELL}",
        *("old", "previous", "prior", "tag ", "version ", "release ", "build ", "image "),
        *("commit ", "revision ", " v"),
    ),
    says(
        "went_back",
        rf"\b{_OLD} {_PARTS}\b{_ILL}.{{0,40}}"
        r"\b(?:works?|answers?|serves?|(?:is|are) (?:fine|ok)|(?:gives?|returns?) 20\d)\b",
        "old",
        "previous",
        "prior",
    ),
)
READERS: tuple[Reader, ...] = ()
