"""A server that does not run, as other supervisors than systemd say it, and a front that refuses clients.

Source: OpenRC rc-service(8) and rc-status ("status: crashed"), FreeBSD rc.subr(8) ("Cannot 'start' ... Set
..._enable to YES"), Homebrew services ("Name Status User File"), Windows tasklist ("No tasks are running"),
docker ps --format "table ..." (columns in any order); Chrome net error codes; common English of reports.
"""

import re
from collections.abc import Iterator, Mapping

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "front_refuses": "clients are refused at the front's own ports, somebody writes; fields: what",
}
_WEB = r"(?:80|443)(?: ?(?:/|and|or|&) ?(?:80|443))?"
#: What somebody tells of the answer.
_SAID = (
    r"\b(?:systemctl status |service (?=[\w.-]{1,60} status\b))(?P<unit>[\w.@-]{1,60}?)(?:\.service)?"
    r"(?: status)?\b\W{1,3}(?:(?:and|it|then) ){0,2}"
    r"(?:said|says|shows?|showed|gives?|gave|reports?|tells?|is)\b\W{1,3}(?:\w+ ){0,2}"
)
PATTERNS: tuple[Pattern, ...] = (
    says(
        "front_refuses",
        rf"(?P<what>ERR_CONNECTION_REFUSED|\bports? {_WEB} (?:is |are )?(?:closed|refused|refuses)\b"
        rf"|\b(?:nothing|nobody|no one) (?:answers|listens|is listening|replies)(?: at all)? (?:on"
        rf"|at) (?:port )?{_WEB}"
        r"|\b(?:every|all|none of my|all my) (?:host ?names?|domains?|sites?"
        r"|vhosts?)\b.{0,20}\bconnection refused)",
        "err_connection_refused",
        "port",
        "nothing ",
        "nobody ",
        "no one ",
        "connection refused",
    ),
    says("unit", _SAID + r"(?:inactive|dead|stopped)\b", " status", active="inactive"),
    says("unit", _SAID + r"(?:failed|crashed)\b", " status", active="failed"),
    says(
        "unit",
        r"Cannot '(?:re)?start' (?P<unit>[\w.-]{1,40})\. Set \w+_enable to YES",
        "_enable to yes",
        active="inactive",
    ),
    says(
        "space_free",
        r"(?P<what>\bwas (?:\d+ ?% )?full\b.{0,60}\b(?:free again|has (?:space|room) again|is (?:free"
        r"|empty) now"
        r"|cleaned (?:up )?(?:since|now)))",
        "was full",
        "% full",
    ),
)
_ASKED = re.compile(
    r"(?:\brc-service (?P<rc>[\w.-]+) status|/etc/init\.d/(?P<init>[\w.-]+) status"
    r"|\bservice (?P<sv>[\w.-]+) (?:one)?status)\b(?P<rest>.*)"
)
_STATUS = re.compile(r"\*?\s*status:\s*(?P<state>crashed|stopped|started|inactive)\b")


@given(_ASKED, _STATUS)
def _of_openrc(piece: Piece) -> Iterator[Sign]:
    """`rc-service NAME status`, and its answer beside or below it."""
    name = ""
    for line in piece.text.split("\n"):
        asked = _ASKED.search(line)
        if asked:
            name = asked["rc"] or asked["init"] or asked["sv"]
        found = _STATUS.search(asked["rest"] if asked else line)
        if name and found:
            active = {"crashed": "failed", "started": "active"}.get(found["state"], "inactive")
            fields = {"unit": name, "active": active, "result": found["state"]}
            yield Sign(kind="unit", line=line.strip(), fields=fields)
            name = ""


_BREW = re.compile(r"\A(?P<unit>[a-z][\w@.-]{1,40})\s+(?P<state>error|stopped|none|started)\b")


@given("Status", "User", _BREW)
def _of_brew(piece: Piece) -> Iterator[Sign]:
    """`brew services list`: a heading, and a row for each service."""
    is_table = False
    for line in piece.text.split("\n"):
        if re.match(r"\s*Name\s+Status\s+User\b", line):
            is_table = True
        elif is_table and (row := _BREW.match(line.strip())):
            active = {"error": "failed", "started": "active"}.get(row["state"], "inactive")
            yield Sign(kind="unit", line=line.strip(), fields={"unit": row["unit"], "active": active})


_TASK = re.compile(r"\btasklist\b.{0,60}\bimagename eq (?P<name>[\w.-]+?)(?:\.exe)?\"?\s*\Z", re.IGNORECASE)


@given(_TASK, "No tasks are running")
def _of_windows(piece: Piece) -> Iterator[Sign]:
    """`tasklist` with a filter by name, and no task."""
    name = ""
    for line in piece.text.split("\n"):
        asked = _TASK.search(line)
        if asked:
            name = asked["name"]
        elif name and "No tasks are running" in line:
            fields = {"unit": name, "active": "inactive"}
            yield Sign(kind="unit", line=line.strip(), fields=fields)
            name = ""


_COLUMNS = re.compile(r"\A\s*STATUS\s+(?:PORTS\s+)?(?:NAMES?|CONTAINER NAME)\s*\Z")
_STATE_FIRST = re.compile(
    r"\A\s*(?P<state>Up|Exited|Restarting"
    r"|Created)\b(?: \((?P<code>\d{1,3})\))?.{0,80}?\s{2,}(?P<name>[\w.-]{2,80})\s*\Z"
)


@given(_COLUMNS, _STATE_FIRST)
def _by_status(piece: Piece) -> Iterator[Sign]:
    """`docker ps --format "table {{.Status}} {{.Names}}"`: the state stands first, the name last."""
    is_table = False
    for line in piece.text.split("\n"):
        if _COLUMNS.match(line):
            is_table = True
        elif is_table and (row := _STATE_FIRST.match(line)):
            fields = {"name": row["name"], "state": row["state"].lower(), "code": row["code"] or ""}
            yield Sign(kind="container", line=line.strip(), fields=fields)


READERS: tuple[Reader, ...] = (_of_openrc, _of_brew, _of_windows, _by_status)
