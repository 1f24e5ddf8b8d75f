"""What stands in a folder or beside another line: `ls`, `date`, pid files, nginx's status page, env files.

Source: coreutils ls(1), date(1); ngx_http_stub_status_module (`handled` is less than `accepts` where a limit
of resources was reached, such as worker_connections); nginx(8) (a reload is a signal to the pid file's
process); pm2 describe ("exec cwd"); compose "Environment variables"; docker ps --format "table".
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "listed": "what is in a folder, as `ls` lists it; fields: path, names",
    "handled_less": "nginx's status page: not every accepted connection was handled; fields: dropped, active",
    "pid_file_other": "the pid file names another process than nginx's master; fields: pid, master",
    "same_port_set": "two projects' env files set the same port; fields: name, port, other",
}
PATTERNS: tuple[Pattern, ...] = (
    says(
        "killed",
        r"(?<!container die)\bexit(?:ed|s)?[ -]?(?:with )?(?:code|status)?[=: ]{1,3}\(?137\b|\bc[óo]digo"
        r" de sa(?:lida|[íi]da) 137\b"
        r"|\bcode (?:de )?(?:sortie|retour) 137\b|\bcodice (?:di uscita )?137\b|код\w{0,2} (?:выхода "
        r"|возврата )?137\b"
        r"|\bkod\w{0,3} (?:wyj[śs]cia )?137\b|退出(?:码|代码).{0,4}137|終了コード.{0,4}137"
        r"|종료 코드.{0,4}137",
        "137",
        signal="9",
    ),
)
#: `ls -la /opt/app` alone on its line, maybe behind a prompt; nothing that leaves a part out.
_LS = re.compile(
    r"\A(?:\S{0,60}[$#%>] ?|\s*[$#] ?)?ls(?: -[alhF1A-Z]{1,6})* (?P<path>/[\w./@-]{1,200}?)/?\s*(?:;.*)?\Z"
)
_LONG = re.compile(
    r"\A[-dlsbcp][rwxsStT-]{9}[.+@]?\s+\d+\s.*?\s(?P<name>\S+)(?: -> \S+)?(?:\s+\([^()]*\))?\Z"
)
_PROMPT = re.compile(r"\A(?:\S{0,60}[$#%] |\s*[$#] )|\A\(")
_PLAIN = re.compile(r"\A[\w.@+-]+(?:/|\*)?(?:\s+[\w.@+-]+(?:/|\*)?)*\Z")
_MOST_ROWS = 60


@given(_LS)
def _folders(piece: Piece) -> Iterator[Sign]:
    """The names that `ls FOLDER` gives; a listing that is cut says nothing of what is not there."""
    lines = piece.text.split("\n")
    for at, line in enumerate(lines):
        asked = _LS.match(line.strip())
        if asked is None:
            continue
        names: list[str] = []
        for row in lines[at + 1 : at + 1 + _MOST_ROWS]:
            long, plain = _LONG.match(row.strip()), _PLAIN.match(row.strip())
            if not row.strip() or _PROMPT.match(row) or "..." in row:
                break
            if row.startswith("total "):
                continue
            if long is None and plain is None:
                break
            names += [long["name"]] if long else [word.rstrip("/*") for word in row.split()]
        if names:
            fields = {"path": asked["path"], "names": " ".join(names)}
            yield Sign(kind="listed", line=line.strip(), fields=fields)


_DATED = re.compile(r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d) \d\d:\d\d\S*(?: [+-]\d{4})? (?P<name>\S*\.log)\b")
_NAMED = re.compile(
    r"\b(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(?P<d>\d{1,2}) (?:(?P<y>20\d\d)"
    r"|\d\d:\d\d) +(?P<name>\S*\.log)\b"
)
_NOW = re.compile(
    r"\A\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:(?P<mon>[A-Z][a-z]{2}) +(?P<d>\d{1,2})|(?P<d2>\d{1,2})"
    r" (?P<mon2>[A-Z][a-z]{2}))"
    r" .{0,30}?(?P<y>20\d\d)"
)
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_OLD_DAYS = 3


def _old_files(piece: Piece) -> Iterator[Sign]:
    """An error log that was last written days before `date`, or before the access log beside it."""
    errors: list[tuple[date, str]] = []
    others: list[date] = []
    for line in piece.text.split("\n") if ".log" in piece.text else ():
        if now := _NOW.match(line):
            others += _dates(now["y"], _MONTHS.get(now["mon"] or now["mon2"], 0), now["d"] or now["d2"])
        elif found := _DATED.search(line):
            when = _dates(found["y"], int(found["m"]), found["d"])
            errors += [(one, line.strip()) for one in when if "err" in found["name"]]
            others += [one for one in when if "err" not in found["name"]]
        elif (found := _NAMED.search(line)) and found["y"]:
            errors += [
                (one, line.strip())
                for one in _dates(found["y"], _MONTHS[found["mon"]], found["d"])
                if "err" in found["name"]
            ]
    if errors and others and (max(others) - max(errors)[0]).days >= _OLD_DAYS:
        yield Sign(kind="log_old", line=max(errors)[1], fields={"what": "the error log's own date"})


def _dates(year: str, month: int, day: str) -> list[date]:
    try:
        return [date(int(year), month, int(day))]
    except ValueError:
        return []


_COUNTS = re.compile(r"\A\s*(?P<accepts>\d{1,15}) (?P<handled>\d{1,15}) (?P<requests>\d{1,15})\s*\Z")
_ACTIVE = re.compile(r"Active connections: (?P<active>\d{1,9})")


@given(_ACTIVE, "accepts handled")
def _status_page(piece: Piece) -> Iterator[Sign]:
    """`server accepts handled requests` and the three numbers under it."""
    active = _ACTIVE.search(piece.text)
    for head, line in pairwise(piece.text.split("\n")) if active else ():
        counts = _COUNTS.match(line) if "accepts handled" in head else None
        if active and counts and int(counts["handled"]) < int(counts["accepts"]):
            dropped = str(int(counts["accepts"]) - int(counts["handled"]))
            yield Sign(
                kind="handled_less",
                line=line.strip(),
                fields={"dropped": dropped, "active": active["active"]},
            )


_CAT_PID = re.compile(r"\bcat \S*nginx\S*\.pid\b")
_MASTER = re.compile(r"(?:\A|\s)(?P<pid>\d{1,7})\s.*nginx: master process")


@given(_CAT_PID, _MASTER)
def _pid_files(piece: Piece) -> Iterator[Sign]:
    """`cat /run/nginx.pid` and a table of processes with another master."""
    lines = piece.text.split("\n")
    masters = {m["pid"] for line in lines if (m := _MASTER.search(line))}
    for asked, answer in pairwise(lines):
        pid = answer.strip()
        if _CAT_PID.search(asked) and pid.isdigit() and masters and pid not in masters:
            yield Sign(kind="pid_file_other", line=pid, fields={"pid": pid, "master": min(masters)})


_SET = re.compile(
    r"(?P<file>/?[\w.-]+(?:/[\w.-]+){0,6}/\.env\S*)\b.{0,120}?\b(?P<name>\w*PORT\w*)=(?P<port>\d{2,5})\b"
)


@given(_SET)
def _env_files(piece: Piece) -> Iterator[Sign]:
    """The same name and port in the env files of two folders."""
    seen: dict[tuple[str, str], str] = {}
    for line in piece.text.split("\n"):
        found = _SET.search(line)
        if found is None:
            continue
        other = seen.setdefault((found["name"], found["port"]), found["file"])
        if other != found["file"]:
            fields = {"name": found["name"], "port": found["port"], "other": other}
            yield Sign(kind="same_port_set", line=line.strip(), fields=fields)


_EXEC_CWD = re.compile(r"\bexec cwd\b.{0,10}?(?P<path>/\S*/releases/\S+)")
_LINK = re.compile(r"\bcurrent\b")
_CLEANED = re.compile(r"\brm -rf\b|\b(?:delet|remov|clean|prun)\w*|keep_releases|\boldest\b", re.IGNORECASE)


@given(_EXEC_CWD)
def _pm2_folder(piece: Piece) -> Iterator[Sign]:
    """pm2 keeps the release that `current` led to at its first start, and releases are cleaned away."""
    for line in piece.text.split("\n"):
        found = _EXEC_CWD.search(line)
        if found and _LINK.search(piece.text) and _CLEANED.search(piece.text):
            yield Sign(kind="old_release", line=line.strip(), fields={"path": found["path"]})


_HEADS = re.compile(r"\A\s*NAMES?\s+(?:IMAGE\s+)?PORTS\s*\Z")
_PORT = re.compile(r"(?:(?P<address>\[[^\]]*\]|[\d.]+):)?(?:(?P<host>\d+)->)(?P<port>\d+)/tcp")


@given(_HEADS)
def _names_and_ports(piece: Piece) -> Iterator[Sign]:
    """`docker ps --format "table {{.Names}}\\t{{.Ports}}"`: what is listed runs."""
    is_table = False
    for line in piece.text.split("\n"):
        if _HEADS.match(line):
            is_table = True
        elif is_table and line.strip():
            name = line.split()[0]
            yield Sign(kind="container", line=line.strip(), fields={"name": name, "state": "up", "code": ""})
            for one in _PORT.finditer(line):
                fields = {
                    "name": name,
                    "host_port": one["host"],
                    "port": one["port"],
                    "address": one["address"] or "",
                }
                yield Sign(kind="published", line=line.strip(), fields=fields)
        else:
            is_table = False


READERS: tuple[Reader, ...] = (
    _folders,
    _old_files,
    _status_page,
    _pid_files,
    _env_files,
    _pm2_folder,
    _names_and_ports,
)
