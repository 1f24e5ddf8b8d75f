"""Facts as verbatim lines of evidence."""

from bot.model.evidence import Gap
from bot.model.verdict import Line, RestartAdvice, RestartEffect
from bot.parsers.access_log import Request
from bot.parsers.changes import Change
from bot.parsers.http_probes import Probe
from bot.parsers.journal import JournalEntry
from bot.parsers.kernel_log import KernelEvent
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.unit_state import UnitState


def error(entry: NginxError) -> Line:
    """A line of nginx's error log."""
    return Line(step="error_log", text=entry.line, at=entry.at if entry.at and entry.at.tzinfo else None)


def probe(entry: Probe, step: str = "upstreams") -> Line:
    """What a probe was told."""
    return Line(step=step, text=entry.line, told=entry.told("nginx" if step == "front" else ""))


def logged(entry: JournalEntry, step: str = "app_journal") -> Line:
    """A line of a journal, or of a file that stands beside it."""
    return Line(step=entry.step or step, text=entry.line, at=entry.at)


def kernel(event: KernelEvent) -> Line:
    """A line of the kernel log."""
    return Line(step="kernel_log", text=event.line, at=event.at if event.at and event.at.tzinfo else None)


def request(entry: Request) -> Line:
    """A line of nginx's access log."""
    return Line(step="access_log", text=entry.line, at=entry.at)


#: What Docker calls the same; None where it has nothing like it.
_DOCKER_S = {
    "ActiveState": "Status",
    "SubState": None,
    "Result": "OOMKilled",
    "ExecMainCode": None,
    "ExecMainStatus": "ExitCode",
    "NRestarts": "RestartCount",
    "InactiveEnterTimestamp": "FinishedAt",
    "ExecMainStartTimestamp": "StartedAt",
    "UnitFileState": "RestartPolicy",
    "MemoryMax": "Memory",
    "MainPID": "Pid",
    "ExecStart": "Path",
}


def state(unit: UnitState, *properties: str, step: str | None = None) -> Line:
    """Properties of a unit, under systemd's names, as its keeper printed them, on one line."""
    names = [_DOCKER_S.get(name, name) if unit.container else name for name in properties]
    said = [f"{name}={unit.properties[name]}" for name in names if name and unit.properties.get(name)]
    return Line(step=step or unit.step, text=" ".join([unit.name, *said]))


def gap(entry: Gap) -> Line:
    """Why a step could not answer."""
    return Line(step=entry.step, text=entry.reason)


def useless(what: str, why: str) -> RestartAdvice:
    """A restart changes nothing; `why` completes "because …"."""
    return RestartAdvice(effect=RestartEffect.USELESS, what=what, why=why)


def harmful(what: str, why: str) -> RestartAdvice:
    """A restart makes it worse."""
    return RestartAdvice(effect=RestartEffect.HARMFUL, what=what, why=why)


def temporary(what: str, why: str) -> RestartAdvice:
    """A restart brings service back for a while."""
    return RestartAdvice(effect=RestartEffect.TEMPORARY, what=what, why=why)


def helps(what: str, why: str) -> RestartAdvice:
    """A restart mends it."""
    return RestartAdvice(effect=RestartEffect.HELPS, what=what, why=why)


def perhaps(what: str, why: str) -> RestartAdvice:
    """A restart may mend it; `why` says what stands against it."""
    return RestartAdvice(effect=RestartEffect.TEMPORARY, what=what, why=why, is_sure=False)


def unknown(what: str, why: str) -> RestartAdvice:
    """Too little is known to advise a restart."""
    return RestartAdvice(effect=RestartEffect.USELESS, what=what, why=why, is_sure=False)


def change(entry: Change) -> Line:
    """What was changed and when."""
    return Line(step="changes", text=entry.line, at=entry.at)
