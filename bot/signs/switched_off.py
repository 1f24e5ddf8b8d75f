"""The app's container, machine, task or service as its manager lists it: off, and nothing says it failed.

Source: Proxmox pct(1) and qm(1) list, its task log; virsh(1) list; OpenRC rc-status; flyctl machine list;
brew services; docker inspect; nomad job status; Amazon ECS service events and CloudTrail; Windows' Service
Control Manager events 7036 and 7040; launchctl(1); pm2 list; shell histories; common English of reports.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "switched_off": "what runs the app is listed as off, and not as failed; fields: name",
}
_NOT_PROXY = r"(?!nginx|haproxy|traefik|caddy|apache|httpd|envoy)"
_SERVICE = rf"(?P<what>{_NOT_PROXY}[\w@.-]{{2,60}})"


def _off(regex: str, *words: str) -> Pattern:
    return says("switched_off", regex, *words)


PATTERNS: tuple[Pattern, ...] = (
    _off(rf"^\s*\d{{3,9}}\s+stopped\s+(?:\S+\s+)?(?P<name>{_NOT_PROXY}\S+)\s*$", "stopped"),
    _off(rf"\b(?:CT|VM|LXC) \d{{3,9}} \((?P<name>{_NOT_PROXY}[^)]{{1,40}})\)(?: is)? stopped", "stopped"),
    _off(rf"^\s*-\s+(?P<name>{_NOT_PROXY}\S+)\s+shut off\s*$", "shut off"),
    _off(rf"^\s*(?P<name>{_NOT_PROXY}[\w@.-]{{2,60}})\s+\[\s+stopped\s+\]", "[  stopped  ]"),
    _off(r"^\s*[0-9a-f]{12,16}\s+(?P<name>\S+)\s+stopped\s", "stopped"),
    _off(rf"^\s*(?P<name>{_NOT_PROXY}[\w@.-]{{2,60}})\s+(?:none|stopped)\s*$", "none", "stopped"),
    _off(r"^\s*(?P<name>exited) 0 (?:no|on-failure)\s*$", "exited 0"),
    _off(r"^\s*Status\s+= dead \(stopped\)", "dead (stopped)"),
    _off(r"\bdesired:? \d+\W{1,3}running:? 0\b", "desired"),
    _off(rf"\bThe (?P<name>{_NOT_PROXY}[\w .-]{{2,60}}?) service entered the stopped state", "stopped state"),
    _off(
        r"\bha(?:s|ve) (?:an? )?gr[ea]y (?:square|dot|circle|icon)\b|\bautostart (?:toggle )?is off\b",
        "grey ",
        "gray ",
        "autostart",
    ),
    _off(r"\(no (?:deployments?|pods?)(?: or (?:deployments?|pods?))? in this list\)", "in this list"),
    says("stopped_told", rf"\brc-service {_SERVICE} stop\b", "rc-service"),
    says(
        "stopped_told",
        rf"\blaunchctl (?:bootout|unload|remove) (?:-w )?(?:\S*/)?{_SERVICE}",
        "launchctl",
    ),
    says("stopped_told", rf"\b(?:rcctl stop|sv down|sv stop) {_SERVICE}", "rcctl stop", "sv "),
    says("stopped_told", r"(?P<what>\bdesiredCount\W{1,4}0\b)", "desiredcount"),
    says(
        "stopped_told",
        r"(?P<what>\b(?:CT|VM) \d{3,9} - (?:Shutdown|Stop)\b.{0,40}\bOK\b)",
        " - shutdown",
        " - stop",
    ),
    says(
        "stopped_told",
        r"(?P<what>start type changed from auto start to (?:demand start|disabled))",
        "start type",
    ),
    says(
        "not_started",
        r"(?P<what>\bstep\b.{0,60}\b(?:I )?(?:left out|skipped|did(?:n't| not) do)\b"
        r"|\bI thought\b.{0,60}\b(?:also )?(?:starts|runs|would start)\b"
        r"|\b(?:npm|yarn|pnpm|node|python3?|flask|manage\.py|uvicorn|gunicorn|rails|php artisan)\b[^.]{0,60}"
        r"\bin (?:the|an?|my) (?:ssh|putty|terminal|second)? ?(?:window|session|terminal)\b"
        r"|\bps (?:aux|-ef)\b.{0,20}\bshows only grep\b|\bsecond terminal open\b)",
        *("step", "i thought", "window", "session", "terminal", "only grep"),
    ),
)

_COUNTS = re.compile(r"\bps\b.{0,20}\|\s*grep -c\s+\S?\[\w\](?P<name>\w+)")


@given(_COUNTS, "0")
def _none_counted(piece: Piece) -> Iterator[Sign]:
    """`ps | grep -c` counts no process of the app."""
    for line, answer in pairwise(piece.text.split("\n")):
        if _COUNTS.search(line) and answer.strip() == "0":
            yield Sign(kind="not_started", line=line.strip(), fields={"what": "no process"})


def _new_daemon(piece: Piece) -> Iterator[Sign]:
    """pm2 had to start its own daemon to list its apps, and lists none."""
    if _DAEMON in piece.text and "pm2 " in piece.text and not re.search(r"\bonline\b|pm2 start", piece.text):
        line = next(one for one in piece.text.split("\n") if _DAEMON in one)
        yield Sign(kind="switched_off", line=line.strip(), fields={"name": ""})


_DAEMON = "PM2 Successfully daemonized"
READERS: tuple[Reader, ...] = (_none_counted, _new_daemon)
