"""Services' states as their supervisors list them: systemctl, supervisord, runit, pm2, upstart, init scripts.

Source: systemctl(1) "status", "show", "list-units"; supervisord's supervisorctl.py and states.py; runit sv(8)
"status"; pm2's lib/API/UX/pm2-ls.js; upstart initctl(8) "status"; lsb's init-functions; Windows `sc query`.
"""

import re
from collections.abc import Iterator

from bot.model.sign import Piece, Reader, Sign
from bot.signs.given import given

_HEAD = re.compile(r"(?:\A|[\s●×○*↻xX])(?P<unit>[\w@.\\:-]{1,80}\.(?:service|socket))(?: - |:? *\Z)")
_LOADED = re.compile(r"Loaded: (?P<load>[\w-]+) ?(?:\([^;)]*; ?(?P<enabled>[\w-]+))?")
_ACTIVE = re.compile(
    r"Active: (?P<active>active|inactive|failed|activating|deactivating|reloading)\b ?"
    r"(?:\((?:Result: (?P<result>[\w-]+)|(?P<sub>[\w-]+)(?: \(?Result: (?P<again>[\w-]+)\)?)?)\))?"
    r"(?: ?\(Result: (?P<late>[\w-]+)\))?"
)
#: A reload or a stop that went well, or not, is not how the service ended.
_ENDED = re.compile(
    r"^(?!.*\bExec(?:Reload|Stop\w*)=).*\(code=(?P<code>\w+), ?(?:status|signal)=(?P<status>[\w/-]+)"
)
_WELL = "0/SUCCESS"
_SHOWN = re.compile(
    r"\A\s*(?P<name>Id|ActiveState|SubState|Result|ExecMainCode|ExecMainStatus|UnitFileState)=(?P<value>.*)"
)
_LISTED = re.compile(
    r"(?:\A|[\s●×*])(?P<unit>[\w@.\\:-]{1,80}\.service)\s+(?:loaded|not-found|masked|error)\s+"
    r"(?P<active>active|inactive|failed|activating)\s+(?P<sub>[\w-]+)"
)
_SHOW_FIELDS = {
    "Id": "unit",
    "ActiveState": "active",
    "SubState": "sub",
    "Result": "result",
    "ExecMainCode": "code",
    "ExecMainStatus": "status",
    "UnitFileState": "enabled",
}
_ASKED = re.compile(r"[$#>] (?:sudo )?systemctl (?:-\S+ )?status (?P<unit>[a-z][\w@.-]{1,60})\s*\Z")
_NAME = re.compile(r"\A\s*(?:Unit|systemctl status|service) (?P<unit>[\w@.-]{1,80})")


@given(_ACTIVE)
def _blocks(piece: Piece) -> Iterator[Sign]:
    """`systemctl status`: a sign of its state, its line the one with `Active:`, and whether it is masked."""
    fields: dict[str, str] = {}
    line_of = ""
    for line in piece.text.split("\n"):
        head, active = _HEAD.search(line), _ACTIVE.search(line)
        if (head or active) and line_of:
            yield from _block(line_of, fields)
            fields, line_of = {}, ""
        if head or (head := _ASKED.search(line)):
            fields = {"unit": head["unit"].removesuffix(".service")}
        elif active:
            line_of = line.strip()
            result = active["result"] or active["again"] or active["late"] or ""
            fields |= {"active": active["active"], "sub": active["sub"] or "", "result": result}
        elif loaded := _LOADED.search(line):
            if loaded["load"] == "masked":
                of = {"what": "masked", "unit": fields.get("unit", "")}
                yield Sign(kind="unit_wrong", line=line.strip(), fields=of)
            else:
                fields |= {"enabled": loaded["enabled"] or ""}
        elif line_of and fields.get("status") in (None, _WELL) and (ended := _ENDED.search(line)):
            fields |= {"code": ended["code"], "status": ended["status"]}
    if line_of:
        yield from _block(line_of, fields)


def _block(line: str, fields: dict[str, str]) -> Iterator[Sign]:
    """A block's sign, and that systemd gave up on this very unit."""
    yield Sign(kind="unit", line=line, fields=fields)
    if fields["result"].startswith("start-limit"):
        yield Sign(kind="start_limit", line=line, fields={"unit": fields.get("unit", "")})


@given("ActiveState=")
def _shown(piece: Piece) -> Iterator[Sign]:
    """`systemctl show`: one sign for the properties that stand together."""
    fields: dict[str, str] = {}
    line_of = ""
    for line in [*piece.text.split("\n"), ""]:
        if found := _SHOWN.match(line):
            fields[_SHOW_FIELDS[found["name"]]] = found["value"].strip().removesuffix(".service")
            line_of = line.strip() if found["name"] == "ActiveState" else line_of or line.strip()
        elif not line.strip() and "active" in fields:
            yield Sign(kind="unit", line=line_of, fields=fields)
            fields, line_of = {}, ""


@given(_LISTED)
def _listed(piece: Piece) -> Iterator[Sign]:
    """`systemctl list-units`."""
    for line in piece.text.split("\n"):
        if found := _LISTED.search(line):
            fields = found.groupdict() | {"unit": found["unit"].removesuffix(".service")}
            yield Sign(kind="unit", line=line.strip(), fields=fields)


_SUPERVISOR = re.compile(
    r"\A\s*(?P<unit>[\w.:@-]{1,80})\s+(?P<state>RUNNING|STOPPED|FATAL|BACKOFF|EXITED|STARTING|STOPPING|"
    r"UNKNOWN)\b"
)
_RUNIT = re.compile(
    r"\A\s*(?P<state>run|down|fail|finish|warning): (?P<unit>[\w./-]+?)/?: (?=\(pid|\d+s|unable|runsv)"
)
_UPSTART = re.compile(
    r"\A\s*(?P<unit>[\w.-]{1,80}) (?P<goal>start|stop)/(?P<state>\w+)(?:, process \d+)?\s*\Z"
)
_INIT = re.compile(
    r"(?:\A|[\s*])(?!(?:page|site|website|link|url|ui|everything|all|domain|portal|status|pods?|process"
    r"|\d+|[0-9a-f]{12}(?:[0-9a-f]{52})?"  # a process or container by its number is no unit
    r"|and|but|or|it|that|this|which|what|who|still|also)\b)"
    r"(?P<unit>[\w.-]{1,80}) (?:\(pid .{1,40}\) )?(?:is|service is) (?P<state>"
    r"running(?! (?:out|low|slow|late|short|at|on|behind|into|as|an?|the|[A-Z]))|not running(?! as)|"
    r"stopped(?! (?:gracefully|in|by|with|before|after|when))|dead)\b"
)
#: Before a unit: it is told when, or that none runs.
_MAYBE = re.compile(
    r"\b(?:(?:when(?:ever)?|if|until|once|unless|whether|ensure|usually)\s+(?:[\w-]+\s+){0,2}|no\s+(?:other\s+)?)\Z",
    re.IGNORECASE,
)
_INIT_DOWN = re.compile(r"\A\s*(?P<unit>[\w.-]{1,80}) (?P<state>dead|is dead) but (?:pid|subsys)")
_BRACKETS = re.compile(
    r"(?P<verb>Starting|Stopping|Restarting)\s.{0,40}?(?P<unit>[\w.-]{1,80})(?: [\w ]{0,30})"
    r"?\W+\[ ?(?P<state>FAILED|fail|OK|ok)"
)
_DOWN = ("STOPPED", "FATAL", "EXITED", "BACKOFF", "down", "fail", "finish", "errored", "stopped")


@given((_SUPERVISOR, _RUNIT, _UPSTART, _INIT, _INIT_DOWN, _BRACKETS))
def _others(piece: Piece) -> Iterator[Sign]:
    """Lines of the other supervisors; each says a service's name and its state."""
    for line in piece.text.split("\n"):
        fields = _other(line)
        if fields:
            yield Sign(kind="unit", line=line.strip(), fields=fields)


def _other(line: str) -> dict[str, str]:
    if found := _SUPERVISOR.match(line) or _RUNIT.match(line):
        return _state(found["unit"], found["state"])
    if found := _UPSTART.match(line):
        return {
            "unit": found["unit"],
            "active": "active" if found["state"] == "running" else "inactive",
            "sub": found["state"],
        }
    if (found := _INIT.search(line) or _INIT_DOWN.match(line)) and not _MAYBE.search(
        line[: found.start("unit")]
    ):
        is_up = found["state"] == "running"
        return {"unit": found["unit"], "active": "active" if is_up else "inactive", "sub": found["state"]}
    if (found := _BRACKETS.search(line)) and found["verb"] != "Stopping":
        is_up = found["state"].lower() == "ok"
        return {
            "unit": found["unit"],
            "active": "active" if is_up else "failed",
            "result": "" if is_up else "exit-code",
        }
    return {}


def _state(unit: str, state: str) -> dict[str, str]:
    if state in ("FATAL", "BACKOFF", "errored", "fail"):
        active = "failed"
    elif state in _DOWN:
        active = "inactive"
    elif state in ("STARTING", "launching", "waiting restart"):
        active = "activating"
    else:
        active = "active"
    return {"unit": unit, "active": active, "sub": state.lower()}


READERS: tuple[Reader, ...] = (_blocks, _shown, _listed, _others)
