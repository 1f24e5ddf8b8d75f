"""That the site is well, as people say it beside a line that worries them, and lines that worry without need.

Source: common English, German and French of reports; nginx's docker-entrypoint.d (10-listen-on-ipv6-by-
default.sh), php-src fpm_conf.c and fpm_unix.c (directives ignored without root), puma runner.rb ("Detected
N Thread(s) started in app boot"), gunicorn workers/base.py (max_requests), passenger SecurityUpdateChecker.h,
redis server.c (linuxMemoryWarnings, checkTcpBacklogSettings), ngx_http_geo_module.c ("duplicate network"),
runc exec.go ("OCI runtime exec failed": a command in a container that runs), haproxy session.c.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "site_well": "somebody writes that the site answers, or that nobody complains; fields: what",
    "probe_broken": "the command of a container's health check is not in it; fields: name",
}
#: What such a line is called where nothing needs to be done about it.
HARMLESS = "a remark at the start, or of daily work"


def _noise(regex: str, *words: str) -> Pattern:
    return says("noise", regex, *words, what=HARMLESS)


PATTERNS: tuple[Pattern, ...] = (
    _noise(
        r"\d\d-[\w-]{1,60}\.sh: info: |/docker-entrypoint\.sh: (?:Configuration complete"
        r"|/docker-entrypoint\.d/ is)",
        ".sh: info: ",
        "docker-entrypoint.sh: ",
    ),
    _noise(
        r"NOTICE: \[pool \S+\] '(?:user|group"
        r"|listen\.\w+)' directive is ignored when FPM is not running as root",
        "directive is ignored",
    ),
    _noise(r"WARNING: Detected \d+ Thread\(s\) started in app boot", "started in app boot"),
    _noise(r"Autorestarting worker after current request", "autorestarting worker"),
    _noise(r"A security update is available for your version", "security update is available"),
    _noise(
        r"WARNING:? (?:Memory overcommit must be enabled|overcommit_memory is set to 0"
        r"|you have Transparent Huge Pages"
        r"|The TCP backlog setting of \d+ cannot be enforced|no config file specified, using the default)",
        "warning",
    ),
    _noise(
        r"\[warn\].{0,30}(?:duplicate network \"|\d+ worker_connections exceed open file resource limit"
        r"|server name \".{1,100}\" has suspicious symbols)",
        "[warn]",
    ),
    says(
        "client_tls",
        r"\s\S+/\S+: (?:Connection closed|Timeout|Connection error) during SSL handshake",
        "during ssl handshake",
    ),
    says(
        "probe_broken",
        r"OCI runtime exec failed: .{0,120}?exec: \\*\"(?P<name>(?:curl|wget|nc|ncat|pgrep|ps|ss|netstat"
        r"|bash|sh)\b[^\"\\]{0,80})\\*\": (?:executable file"
        r" not found"
        r"|stat \S+: no such file)",
        "oci runtime exec failed",
    ),
)

_CLAUSE = re.compile(r"[.;!?]\s+|\s(?:but|except|while|although|aber|mais)\s|, (?=but|only|except)|\n")
_PEOPLE = r"(?:users?|customers?|clients|visitors|people|players|colleagues|kunden|nutzer)"
_SITE = (
    r"(?:(?:the |our |my |his |main )?(?:\w+ )?(?:web ?site|site|sites|pages?|shop|webshop|stack|cluster"
    r"|cdn node"
    r"|service|portal|wiki|blog|web)(?: behind)?|everything|all|(?:all|every) (?:\w+ ){0,2}(?:routes|hosts"
    r"|pages|apps"
    r"|requests|of them)(?: of ours)?|photos|downloads|requests|both \w+ and \w+)"
)
_FINE = (
    r"(?:works?|loads?|opens?|runs|is (?:up|reachable|shown|fine|ok|okay|well|good|usable)|are (?:up|fine"
    r"|ok|reachable)"
    r"|fine|ok|okay|normal(?:ly)?(?! (?:requests?|traffic|users?))|quick|2xx|200|reachable|serves? all well"
    r"|finish(?:es)? ok|good)"
)
_WELL = re.compile(
    rf"\b{_PEOPLE} (?:say nothing|(?:are |is )?(?:ok|okay|happy|fine|normal)|work (?:normal|fine|well)\w*"
    r"|(?:do not|don't|never) (?:notice|complain)|notice nothing|see nothing|have no (?:problem|issue"
    r"|trouble)s?)\b"
    r"|\bno(?:body| ?one)? (?:(?:user|customer|client)s? )?(?:complain\w*|reports?\b|calls?\b|tickets?\b"
    r"|has (?:a |any )?(?:problem|issue)s?|notices?\b|noticed\b)"
    rf"|\b{_SITE} (?:\w+ ){{0,3}}?{_FINE}(?![\w-])"
    r"|\buptime(?: monitor\w*| robot)?(?: says| is|:)? (?:100|99\.\d+) ?%"
    r"|\berror rate(?: is|:)? 0\b|\bno gaps?\b|\bonly 200s?\b|\bcurl (?:says |gives )?200\b"
    r"|\ble site (?:répond|marche|fonctionne)|\b(?:die |alle )?seiten? (?:läuft|laufen|funktionier\w+|geht"
    r"|gehen)\b"
    r"|\bniemand beschwert",
    re.IGNORECASE,
)
_SPOILT = re.compile(
    r"\b(?:not|never|fail\w* to|cannot|unable|(?:would|should) (?:\w+ )?(?:work|load|open|run|be)"
    r"|blank|first(?! of all)|check\w* .{0,20}logs?"
    r"|only (?:on|with|from|when|if)|direct\w*|localhost|locally|port|:\d{2,5}|from inside"
    r"|until"
    r"|before|after|sometimes|half|some (?:users|pages|requests|of)|mostly|other (?:sites?|pages?|apps?)"
    r"|old (?:sites?|apps?)|50\d"
    r"|again|used to|was|were|without|if|when|once|since(?! \d+ (?:day|week|month|hour|year))|with|put"
    r"|back|there|install\w*|appear\w*|blank"
    r"|restart\w*)\b|n't\b|[-=]>|→",
    re.IGNORECASE,
)
#: Beside it in the line: the site is well but for what the report is about.
_EXCEPT = re.compile(
    r"\bexcept\b|\b50[0-4]s?\b|\bbad gateway\b|\bbut (?:after|then|sometimes|randomly|now and then)\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:do not|don't|never) (?:notice|complain)|all other hosts"
    r"|\bwithout (?:an? |any )?(?:issue|problem|trouble|error)s?\b",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\A\W*(?:\d{4}[/-]\d\d|\[|\{|nginx: |[\w.-]+\[\d+\]:|\d+\.\d+\.\d+\.\d+ |time=)")
_LONGEST = 700


@given(_WELL)
def _told(piece: Piece) -> Iterator[Sign]:
    """The first clause that says so without a condition."""
    for line in piece.text.split("\n"):
        if len(line) > _LONGEST or _PROGRAM.match(line) or _EXCEPT.search(line):
            continue
        for said in _CLAUSE.split(line):
            found = _WELL.search(said)
            if found and not _SPOILT.search(_FREE.sub("", said)):
                yield Sign(kind="site_well", line=line.strip(), fields={"what": found[0]})
                return


READERS: tuple[Reader, ...] = (_told,)
