"""A process that outlived its files: they were replaced or removed under it, and nobody started it anew.

What it has loaded goes on; what it loads later is gone or of another release.

Source: proc(5) and lsof(8) "(deleted)"; pm2 describe ("script path", "exec cwd", "uptime"); capistrano,
Envoyer, Forge and dpkg as they name a release; ansible's skipped handlers; common
English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "release_named": "a running app, or an error of it, names a folder of one version; fields: version",
    "release_now": "which version is in place now, by a link, a list or somebody; fields: version, was",
    "release_gone": "a version that was removed; fields: version",
    "files_replaced": "files were replaced under a running app, as somebody writes; fields: what",
    "not_taken_up": "somebody writes that the app was not started anew after its files changed; fields: what",
    "runs_long": "a process is shown or said to run for days; fields: what",
}
_V = r"(?P<version>v?\d(?:[\w.]{0,30}\w)?(?:-\d[\w.]{0,20})?)"
_MISSING = (
    r"(?:No such file or directory|Failed opening|Cannot find|not found|does not exist|enoent"
    r"|Could not open|NotFound\w*|cannot open|can't open|unable to (?:open|load))"
)
#: Below these stand versions of libraries and of a language, none of the app.
_OF_APP = r"(?:(?!/(?:gems|site-packages|node_modules|[a-z]+env/versions|\.nvm|rubies)/)[\w.@/-]){0,150}?"
_FOLDER = rf"/(?:{_OF_APP}[/-])?(?<!/ruby/){_V}(?!/gems/)/[\w./-]*"
_RUNS = r"(?:keeps? (?:going|running|serving)|is (?:still )?running|was running|runs on|stays up|was up)"

PATTERNS: tuple[Pattern, ...] = (
    says("release_named", rf"{_MISSING}.{{0,60}}?[\s'\"(]{_FOLDER}", "no", "fail", "can", "enoent", "unable"),
    says(
        "release_named",
        rf"(?:^|[\s'\"(]){_FOLDER}['\"]?.{{0,40}}{_MISSING}",
        *("no", "fail", "can", "enoent", "unable"),
    ),
    says(
        "release_named",
        rf"(?:exec cwd|script path)\W{{1,20}}/(?:\S{{0,150}}?[/-])?{_V}(?=[/\s])",
        "exec cwd",
        "script path",
    ),
    says("release_named", rf"-root /(?:\S{{0,150}}?[/-])?{_V}(?=[/,\s]|$)", "-root /"),
    says(
        "release_now",
        rf"\bcurrent\b[`'\"]? (?:points to|->|=>|→|links to|is|=) (?:\S*/)?{_V}",
        "current",
    ),
    says(
        "release_now",
        rf"\b(?:activated|deployed|released|installed|switched to) (?:release |version |build )?#?{_V}",
        *("activated", "deployed", "released", "installed", "switched to"),
    ),
    says(
        "release_now",
        rf"\b(?:deploy(?:ment)?|release|build) #?{_V} (?:is |was |went )?(?:green|ok|done|fine|live|active"
        r"|succe\w+|finished|passed)",
        "deploy",
        "release",
        "build",
    ),
    says(
        "release_now",
        rf"\b(?:dpkg|rpm|apk|pip|gem)\b(?: -\w+)? (?:says|shows|lists|has) {_V}",
        "say",
        "show",
        "list",
        "has",
    ),
    says("release_now", rf"\((?P<was>\d[\d.]{{0,20}}) ?(?:->|→|=>|to) ?{_V}\)", "->", "→", "=>", " to "),
    says("release_now", rf"\bput {_V} in(?:to)? /", "put "),
    says("release_now", r"\bhas (?:only )?(?:\d{1,6} ){1,8}?(?P<version>\d{1,6})(?=[.,;]|\s*$)", "has "),
    says(
        "release_gone",
        rf"\b(?:delet|remov|uninstall|prun|purg)\w* (?!HTTP/)(?:the |of )?(?:old )?(?:\S{{0,80}}[/-])?"
        rf"{_V}(?=[\s.,;)]|$)",
        *("delet", "remov", "uninstall", "prun", "purg"),
    ),
    says(
        "release_gone",
        rf"(?:^|[\s/]){_V} (?:was|were|is|got|has been) (?:\w+ )?(?:removed|deleted|pruned|purged)",
        *("removed", "deleted", "pruned", "purged"),
    ),
    says("old_release", r"(?:\bexe\b|\bcwd\b|\btxt\b).{0,60}?(?P<path>/\S{1,200}) \(deleted\)", "(deleted)"),
    says("old_release", r"^\s*(?P<path>/\S{0,100}/s?bin/\S{1,60}) \(deleted\)\s*$", "(deleted)"),
    says(
        "old_release",
        r"\b(?:half|some|part|third|quarter|every (?:\w+ )?(?:second|third|other|few)) .{0,60}?"
        r"\b(?:from|by|says?|shows?|of|is|are) (?:the |an? )?(?:old|previous|former)"
        r" (?:code|version|release|build)\b"
        r"|\b(?:old|previous|former) (?:code|version|release|build) on (?:about )?every\b",
        *("old ", "previous ", "former "),
    ),
    says(
        "files_replaced",
        rf"(?P<what>\b(?:over|under|below) (?:the |a )?running (?:one|app|process|server|service)\b"
        rf"|\bwhile (?:the |our |its |my )?(?:\w+ ){{0,2}}(?:service|process|app|server|it) {_RUNS}"
        r"|\b(?:recreated|replaced|rebuilt|overwritten|upgraded|rsynced|copied) in place\b"
        r"|\brm -rf (\S{1,100}) && mv \S{1,100} \2(?=\s|$)"
        r"|\b(?:copied|replaced|overwrote|uploaded|swapped) (?:the |a |our )?(?:new )?[\w.-]{1,60}"
        r"\.(?:jar|war|ear|dll|so)\b)",
        *(
            "running",
            "while ",
            "in place",
            "rm -rf",
            "copied",
            "replaced",
            "overwrote",
            "uploaded",
            "swapped",
        ),
    ),
    says(
        "not_taken_up",
        r"(?P<what>\b(?:did(?:n't| not)|never|without|not) (?:touch(?:ed|ing)?|restart(?:ed|ing)?)"
        r" (?:the |our |my |its )?(?:process|app|service|server|workers?|daemon|master)\b"
        r"|\bhandler \W?re?start[\w -]{0,40}\W? (?:was|is|got|were) skipped"
        r"|\brestart\b[\w:\" ]{0,12}\bskipp(?:ed|ing)\b)",
        "touch",
        "restart",
        "skip",
    ),
    says(
        "runs_long",
        # Up "until" then, or a trouble that "started" then, is no process that runs since.
        r"(?P<what>\b(?:(?<!problem )(?<!issue )(?<!errors )(?<!this )start(?:ed)?(?: time)?"
        r"(?! to\b| \w+ing\b)|has (?:its )?pid|running|runs|up|pid)\b(?:(?!\b(?:until|till)\b).){0,25}"
        r"\b(?:last (?:week|month|year)|\d+ (?:days|weeks|months) ago)\b"
        r"|\buptime\W{0,25}\d+ ?(?:D\b|days?\b|d\b|weeks?\b)|\betime\W{1,3}\d+-\d\d"
        r"|\b(?:process|master|server|daemon)\b.{0,12} is from before\b)",
        "ago",
        "last ",
        "uptime",
        "etime",
        "from before",
    ),
)
READERS: tuple[Reader, ...] = ()
