"""What people write between the logs: since when it fails, what mended it, how it hangs, how long it takes.

Source: the manuals' own words (kubectl rollout, helm history, capistrano, pm2) and common English of reports.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_FIXED = r"(?:fix(?:ed|es)|solv(?:ed|es)|resolv(?:ed|es)|cur(?:ed|es)|help(?:ed|s))"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "went_back",
        r"\b(?:roll(?:ed|ing)? ?back|revert(?:ed|ing)?|downgrad(?:ed|ing|e)|deploy:rollback)\b"
        rf"(?!.{{0,60}}\b(?:not|n't|nothing|didn)).{{0,60}}\b{_FIXED}\b",
        "roll",
        "revert",
        "downgrad",
    ),
    says(
        "went_back",
        r"\b(?:re-?deploy(?:ed|ing)?|restor(?:ed|ing)|put back|switch(?:ed|ing) back to"
        r"|back (?:on|to)) (?:the )?(?P<version>(?:previous|prior|old(?:er)?|last) (?:\w+ )?"
        r"(?:version|release|build|image|tag|commit))",
        "deploy",
        "restor",
        "back",
    ),
    says(
        "went_back",
        r"\b(?P<version>v?\d+\.\d+(?:\.\d+)?) (?:does not|doesn't|did not|didn't) have (?:this|the|that) "
        r"(?:problem|issue|bug|error)",
        "have ",
    ),
    says(
        "went_back",
        r"\b(?:regression|broken) (?:in|since|with|as of) (?P<version>v?\d+\.\d+\S*)",
        "regression",
        "broken",
    ),
    says(
        "went_back",
        r"\b(?:get|got|gets|came|stay(?:ed|ing)?|put it|set it) back (?:to|on|at) "
        r"(?:version |release |tag |image )?(?P<version>v?\d{1,4}\.\d{1,4}(?:\.\d{1,4})?\b)(?!\.\d)"
        r"(?! ?(?:[GMK]i?B?|%|s|ms|hours?)\b)(?!.{0,40}\b(?:not|n't|nothing|no)\b)"
        r".{0,40}\b(?:works?|working|fine|ok|okay|running|runs)\b",
        " back ",
    ),
    says(
        "went_back",
        r"\b(?:works?|worked|working|fine)\b.{0,20}\b(?:with|in|on|until|before) (?:\w[\w-]{0,30} ){0,3}"
        r"(?:version|release|image|tag|chart) (?P<version>v?\d{1,4}\.\d{1,4}\S{0,20}).{0,40}"
        r"(?<!not )\b(?:broke|breaks|broken|fails?|stopped) (?:\w{1,20} ){0,2}"
        r"(?:in|with|on|since|after|at)\b",
        "broke",
        "break",
        "fail",
        "stopped",
    ),
    says(
        "released",
        r"(?<!deprecated )(?<!removed )(?<!available )\bsince "
        r"(?P<version>(?:(?:version |release |v)\d{1,4}\.\d{1,4}"
        r"|\d{1,3}\.\d{1,4}\.\d{1,4})(?:\.\d{1,4})?)\b"
        r"(?!\.\d|:|\d)(?! ?(?:we|i|it|they) (?:use|have|need|are)\b)",
        "since",
    ),
    says(
        "released",
        r"\b(?:worked|working|was fine|fine) (?:fine |well |ok )?(?:before|until|up to) "
        r"(?:the |this |my |our |an? |last |today's |yesterday's ){0,2}"
        r"(?:upgrade|update|deploy(?:ment)?|release|migration to|new version)",
        "before",
        "until",
        "up to",
    ),
    says(
        "released",
        r"exceeded its progress deadline|Upgrade \"?[\w.-]+\"? failed"
        r"|rollout to finish: \d+ out of \d+ new replicas",
        "progress deadline",
        "upgrade",
        "new replicas",
    ),
    says(
        "answers_not",
        # Not at the front itself, nor with its own page ("Gateway Timeout").
        r"\bcurl\b(?!.{0,60}https://(?:localhost|www\b)(?!:))"
        r".{0,80}\b(?P<reason>(?:just |also |simply )?(?:hangs?|never returns|(?<!gateway )times? ?out))\b",
        "curl",
    ),
    says(
        "starting",
        r"(?:\bcontainer|\bpod)?\S*\s+0/\d+\s+(?:ContainerCreating|PodInitializing|Init:\d+/\d+)\b",
        "containercreating",
        "podinitializing",
        "init:",
    ),
    says(
        "starting",
        r"\b(?:rake|rails|bin/\w+) assets:precompile\b(?!.{0,40}(?:abort|fail|error))"
        r"|\bwaiting for (?:the )?(?:postgres\w*|mysql|mariadb|redis|mongo\w*|elasticsearch|database|db)\b"
        r"|\bInitializing \w+ \d[\d.]+ \.\.\.",
        "assets:precompile",
        "waiting for",
        "initializing ",
    ),
    says(
        "starting",
        r"Target registration is in progress|Initial health checks in progress|wait until bundle finished"
        r"|Changes detected in configuration\. Updating the server image",
        "in progress",
        "until bundle",
        "updating the server image",
    ),
    says(
        "starting",
        r"\b(?:first|takes?|after|for|needs?|took) (?:about |around |up to |the first |some |a )?"
        r"(?:few |couple of )?"
        r"(?:\d+|one|two|three|five|ten|several|few)[ -](?:minutes?|mins?|seconds?|secs?)\b.{0,60}"
        # What an app starts to do, or to fail of, is no start of the app.
        r"\b(?:start(?:up|ing|ed|s)?(?! (?:to )?(?:play|stream|load|download|upload|fail|time|giv|get|return"
        r"|throw|show|hang))|boot\w*|comes? up|ready|afterwards"
        r"|then (?:it |all |everything )?works?)\b",
        "minute",
        "second",
        " min",
        " sec",
    ),
    says(
        "pool_exhausted",
        r"\ball (?:php-?fpm |fpm )(?:\w+ )?(?:workers|children|processes) (?:are|were) "
        r"(?:busy|taken|in use|stuck)",
        "fpm",
        app="php-fpm",
    ),
    says(
        "pool_exhausted",
        r"(?<!never )(?<!not )"
        r"\b(?:hit(?:s|ting)?|reach(?:es|ed|ing)?|exceed(?:s|ed|ing)?|exhaust(?:s|ed|ing)?|runs? into)\b"
        r".{0,40}\b(?:pm\.)?max_children\b(?! setting)",
        "max_children",
        app="php-fpm",
    ),
    says(
        "pool_exhausted",
        r"^\W*max children reached:\s+(?P<limit>[1-9]\d*)\s*$",
        "max children",
        app="php-fpm",
    ),
    says(
        "start_limit",
        r"start of the service was attempted too often|\breset-failed\b",
        "too often",
        "reset-failed",
    ),
    says(
        "start_limit",
        r"had too many unstable restarts \(\d+\)\. Stopped|too many start retries too quickly",
        "too many",
    ),
    says("started", r"State changed from (?:starting to up|up to (?:crashed|down))", "state changed from"),
    says("exited", r"State changed from (?:\w+) to (?P<code>crashed)", "state changed from"),
)
READERS: tuple[Reader, ...] = ()
