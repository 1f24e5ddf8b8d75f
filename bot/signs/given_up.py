"""A supervisor that tried a few times and tries no more, and that what it failed of is over by now.

Each counts its tries in a short time. When what the app lacked was away for longer than that, the app stays
down although nothing is wrong any more, until somebody starts it.

Source: systemd socket.c "Trigger limit hit"; supervisor process.py and supervisorctl.py "Exited too quickly";
monit event.c "service restarted %d times within %d cycles(s)"; Nomad restarts.go "Exceeded allowed attempts";
nssm messages.mc "restart throttled"; Windows' Service Control Manager event 7031; docker inspect
RestartCount; common English of reports, where nothing here is a program's line.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "tries_used": "a supervisor has used up its tries and makes no more; fields: unit, by",
    "lack_over": "somebody writes that what kept the app from starting is over by now; fields: what",
}
_NO = (
    r"(?![^.,;]{0,50}(?:\bnot\b|n't\b|\bstill\b|\bnever\b|\bno longer\b|\bagain down\b"
    r"|\bsame\b|\b50\d\b|\bbut\b))"
)
_STATE = (
    r"(?:up|back|there|here|ready|reachable|available|online|healthy|green|mounted|unlocked|unsealed|rw"
    r"|writable|fine|ok|okay|well|resolvable|restored|renewed|fixed|corrected|repaired)"
)
_SINCE = r"(?:now|again|since|meanwhile|by now|in the meantime|afterwards)"
_THING = (
    r"(?:typo|mistake|error|problem|config\w*|ini|ya?ml|toml|env|file|permissions?|path|settings?|key"
    r"|password|secret|cert\w*|dns|record|mount|disk|network|route|vpn|interface)"
)

PATTERNS: tuple[Pattern, ...] = (
    says("tries_used", r"(?P<unit>[\w@.-]{1,80}): Trigger limit hit, refusing", "trigger limit", by="socket"),
    says("tries_used", r"Failed with result '?trigger-limit-hit", "trigger-limit", by="socket"),
    says(
        "tries_used",
        r"^\s*(?P<unit>[\w:.-]{1,80})\s+FATAL\s+Exited too quickly",
        "exited too quickly",
        by="supervisor",
    ),
    says(
        "tries_used",
        r"'(?P<unit>[\w.-]{1,80})' service (?:restarted|timed out|changed) .{0,40}\bcycles?(?:\(s\))?"
        r".{0,20}\bunmonitor",
        "unmonitor",
        by="monit",
    ),
    says("tries_used", r"Exceeded allowed attempts \d+ in interval", "exceeded allowed", by="nomad"),
    says(
        "tries_used",
        r"service [\"“](?P<unit>[^\"”]{1,80})[\"”] (?:is starting too rapidly|.{0,40}restart throttled)"
        r"|terminated unexpectedly\.\s+It has done this \d+ time",
        "too rapidly",
        "throttled",
        "terminated unexpectedly",
        by="windows",
    ),
    says(
        "start_limit",
        r"\"?RestartCount\"?\W{1,3}([1-9]\d*)\b.{0,200}\"?MaximumRetryCount\"?\W{1,3}\1\b",
        "maximumretrycount",
    ),
    says(
        "lack_over",
        # That all is well again tells nothing of what the app had lacked.
        rf"(?P<what>(?<!all )(?<!everything )(?<!site )(?<!outage )(?<!problem )(?<!trouble )"
        rf"(?<!error )(?<!errors )(?<!issue )(?<!502 )"
        rf"\b(?:is|are|was|were|has been|have been|came|comes|got) (?:all )?{_STATE} {_SINCE}\b"
        rf"{_NO})",
        "now",
        "again",
        "since",
        "meanwhile",
        "in the meantime",
        "afterwards",
    ),
    says(
        "lack_over",
        rf"(?P<what>(?<!not )(?<!n't )(?<!no )(?<!is )(?<!are )(?<!was )(?<!were )(?<!reload )(?<!refresh )"
        rf"\b(?!(?:works )?(?:fine|ok|okay|well) again)(?:{_STATE}|resolves|answers|works|responds"
        rf"|connects|exists|appears|shows it|is there)"
        rf" (?:ever |fine |well )?(?:since|now|again|by now|meanwhile)\b{_NO})",
        "now",
        "again",
        "since",
        "meanwhile",
    ),
    says(
        "lack_over",
        rf"(?P<what>\b(?:now|since then|meanwhile|by now|in the meantime)\b,? (?:\S{{1,20}} ){{0,3}}"
        rf"(?:is|are) {_STATE}\b{_NO})",
        "now",
        "since then",
        "meanwhile",
        "in the meantime",
    ),
    says(
        "lack_over",
        rf"(?P<what>\b{_THING} (?:is|was|are|were|has been|have been) (?:now |already |since )?"
        rf"(?:corrected|fixed|repaired|mended|restored|renewed|put right|solved|in place){_NO})",
        "corrected",
        "fixed",
        "repaired",
        "mended",
        "restored",
        "renewed",
        "put right",
        "solved",
        "in place",
    ),
    says(
        "lack_over",
        rf"(?P<what>\b(?:I|we) (?:have |had )?(?:since |already |now )?(?:corrected|fixed|repaired|mended"
        rf"|restored|renewed) (?:the |my |our |that |this ){{0,2}}(?:\w+ )?{_THING}\b{_NO})",
        "corrected",
        "fixed",
        "repaired",
        "mended",
        "restored",
        "renewed",
    ),
    says("lack_over", r"(?P<what>\bUp \d+ (?:hours|days|weeks) \(healthy\))", "(healthy)"),
    says("lack_over", r"(?P<what>(?:^|[.;,] )(?:unsealed|remounted|reconnected)\b)", "ed"),
)
READERS: tuple[Reader, ...] = ()
