"""Rows of bare fields as sentences with units, line by line; what is no such row stays as it is."""

from bot.model.evidence import CommandOutput
from bot.model.runbook import Runbook
from bot.parsers.changes import changes
from bot.parsers.http_probes import http_probes
from bot.parsers.resources import resources

#: The step that asks nginx itself; the others ask what is behind it.
_FRONT = "front"
#: What one looks for in a unit's properties, the most telling last.
_TELLING = ("NRestarts", "ExecMainStatus", "Result", "SubState", "ActiveState")


def in_words(step: str, body: str, runbook: Runbook | None) -> str:
    """What a step said, for people; the run's file has it as the host sent it."""
    match next((one.parse for one in runbook.steps if one.id == step), None) if runbook else None:
        case "http_probes":
            return "\n".join(_probe(step, line) for line in body.splitlines())
        case "changes":
            return "\n".join(_change(step, line) for line in body.splitlines())
        case "unit_state":
            # `systemctl show` has no order of its own, and what is cut is the beginning.
            return "\n".join(sorted(body.splitlines(), key=_weight))
        case "resources":
            return "\n".join(resources(_output(step, body)).told()) or body
        case _:
            return body


def _probe(step: str, line: str) -> str:
    probes = http_probes(_output(step, line)).probes
    return probes[0].told("nginx" if step == _FRONT else "") if probes else line


def _weight(line: str) -> int:
    name = line.partition("=")[0]
    return _TELLING.index(name) if name in _TELLING else -1


def _change(step: str, line: str) -> str:
    """Its time as a date: the host gives seconds since the epoch."""
    told = changes(_output(step, line))
    release = next((f"release {one.line}" for one in told.releases), line)
    return next((one.line for one in (told.link, *told.files) if one), release)


def _output(step: str, text: str) -> CommandOutput:
    return CommandOutput(step=step, argv=(), exit_status=0, stdout=text)
