"""A program that supervisord runs and that is down: of it systemd knows nothing, its unit is supervisord's.

Source: supervisor's process.py ("spawned", "exited", "gave up", "stopped") and its "Process States".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from bot.model.verdict import Certainty, Finding, Line, RestartAdvice
from bot.parsers.app_logs import AppLogs
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _last_words, _life, _quote
from bot.rules._app_logs import with_files
from bot.rules._mend_by_words import mend_by_words

#: supervisord begins anew, with every program stopped.
_BEGINS = re.compile(r"\bsupervisord started with pid \d+")
_SAID = re.compile(
    r"\b(?:INFO|WARN|CRIT) (?:"
    r"spawned: '(?P<spawned>[^']+)' with pid (?P<pid>\d{1,10})"
    r"|success: (?P<up>\S+) entered RUNNING state"
    r"|spawnerr: (?P<unspawned>.+)"
    r"|exited: (?P<exited>\S+) \((?P<how>[^;)]*); (?:not )?expected\)"
    r"|gave up: (?P<fatal>\S+) entered FATAL state"
    r"|stopped: (?P<stopped>\S+) \()"
)
_OWN = re.compile(
    r"\b(?:INFO|WARN|CRIT) (?:gave up|exited|spawned|success|spawnerr|stopped|waiting for|reaped|received"
    r"|killing|supervisord started|Included|Set uid|RPC interface|Supervisor)\b"
)
#: An app server may listen for the moment that its start takes to fail.
_DEAF = (Answer.REFUSED, Answer.MISSING, Answer.RESET, Answer.CLOSED)


#: A program that ended so lately and does not answer ends again and again, whatever state it is called.
_LATELY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class _Program:
    name: str
    #: Group of `_SAID` that was said of it last.
    state: str
    entry: JournalEntry
    spawned_at: datetime | None = None
    pid: int | None = None
    #: How it ended last, if it did, and whether it had lived longer than a start takes.
    ended: JournalEntry | None = None
    has_served: bool = False

    @property
    def is_away(self) -> bool:
        """Not up; `RUNNING` says only that it lived for startsecs=, by default one second."""
        if self.state not in ("up", "spawned"):
            return True
        if self.ended is None or self.ended.at is None or self.entry.at is None:
            return False
        return self.entry.at - self.ended.at <= _LATELY


def down(app_journal: Journal | None, upstreams: HttpProbes | None, unit: UnitState | None) -> Finding | None:
    """The finding about the program that is down while nginx finds nobody; None where none is.

    With supervisord itself down all its programs are: that is its unit's trouble, and supervisorctl fails.
    """
    if unit is not None and not unit.is_running:
        return None
    deaf = upstreams.that(*_DEAF) if upstreams else ()
    known = _programs(app_journal) if app_journal and deaf else {}
    away = [program for program in known.values() if program.is_away]
    if app_journal is None or not away:
        return None
    program = max(away, key=lambda one: (one.state == "fatal", one.ended is not None))
    certainty = Certainty.CONFIRMED if len(known) == 1 else Certainty.LIKELY
    telling = program.ended if program.state in ("up", "spawned") and program.ended else program.entry
    because = (_quote.logged(telling), _quote.probe(deaf[0]))
    if program.state == "stopped":
        return _stopped(program, certainty, because)
    words = _last_words.last_words(_of_programs(app_journal))
    because = (*((_quote.logged(words),) if words else ()), *because)
    if program.has_served and program.state == "exited":
        return _ended(program, certainty, because, words)
    return _fails(program, certainty if words else Certainty.LIKELY, because, words)


def runs_since(facts: Mapping[str, object], zone: timezone, now: datetime) -> datetime | None:
    """When the program that listens where nginx dials was started; None where none is known that stays up.

    systemd tells only when supervisord was.
    """
    unit, own, logs = (facts.get(step) for step in ("unit", "app_journal", "app_logs"))
    journal = own if isinstance(own, Journal) else None
    if isinstance(logs, AppLogs) and logs.files:
        journal = with_files(journal, logs, zone, since=now, is_well=False)
    if not isinstance(unit, UnitState) or not unit.is_running or journal is None:
        return None
    known = _programs(journal)
    up = [one for one in known.values() if one.state in ("up", "spawned") and not one.is_away]
    serving = [one for one in up if one.pid in _pids_dialled(facts)] or (up if len(known) == 1 else [])
    return max((one.spawned_at for one in serving if one.spawned_at), default=None)


def _pids_dialled(facts: Mapping[str, object]) -> set[int]:
    listeners, upstreams = facts.get("listeners"), facts.get("upstreams")
    if not isinstance(listeners, ListeningSockets) or not isinstance(upstreams, HttpProbes):
        return set()
    places = [place for probe in upstreams.probes if (place := _address.split(probe.address)) is not None]
    sockets = [s for host, port in places if _address.is_local(host) for s in listeners.on_port(port)]
    return {pid for socket in sockets for _, pid in socket.processes}


def _programs(journal: Journal) -> dict[str, _Program]:
    """By name, as the log leaves them; only since supervisord itself began."""
    known: dict[str, _Program] = {}
    failed: JournalEntry | None = None
    for entry in (*journal.earlier, *journal.entries):
        if _BEGINS.search(entry.message):
            known = {}
        said = _SAID.search(entry.message)
        if said is None:
            continue
        state = next(name for name in _STATES if said[name])
        if state == "unspawned":
            failed = entry
            continue
        before = known.get(said[state]) or _Program(name=said[state], state=state, entry=entry)
        now = replace(before, state=state, entry=entry)
        if state == "spawned":
            now = replace(now, spawned_at=entry.at, pid=int(said["pid"]))
        elif state == "exited":
            now = replace(now, ended=entry, has_served=_has_served(now, entry))
        elif state == "fatal" and failed is not None:
            now = replace(now, ended=failed)
        elif state == "stopped":  # by order: the next start may be another program's
            now = replace(now, ended=None)
        known[now.name] = now
    return known


_STATES = ("spawned", "up", "unspawned", "exited", "fatal", "stopped")


def _has_served(program: _Program, end: JournalEntry) -> bool:
    if "terminated by SIG" in end.message:
        return True
    if program.spawned_at is None or end.at is None:
        return program.spawned_at is None  # its start is too long ago to be in the log
    return (end.at - program.spawned_at).total_seconds() > _life.STARTUP_S


def _of_programs(journal: Journal) -> Journal:
    return Journal(entries=tuple(e for e in journal.entries if not _OWN.search(e.message)))


def _stopped(program: _Program, certainty: Certainty, because: tuple[Line, ...]) -> Finding:
    at = f" at {program.entry.at:%H:%M:%S} UTC" if program.entry.at else ""
    return Finding(
        cause="app_stopped_by_hand",
        certainty=certainty,
        says=f"supervisord's program {program.name} was stopped{at} and not started again",
        because=because,
        restart=_quote.helps(program.name, f"it only has to be started: supervisorctl start {program.name}"),
        next_check="who stopped it, and why",
        mend=f"supervisorctl start {program.name}, after asking who stopped it and why",
        weight=90,
    )


def _ended(
    program: _Program, certainty: Certainty, because: tuple[Line, ...], words: JournalEntry | None
) -> Finding:
    said = f": {words.message.strip()}" if words else ""
    return Finding(
        cause="app_crash_runtime",
        certainty=certainty,
        says=f"supervisord's program {program.name} ended after it had run, and is not started again{said}",
        because=because,
        restart=_again(program),
        next_check=f"why it ended, and autorestart= of [program:{program.name}]",
        weight=90,
    )


def _fails(
    program: _Program, certainty: Certainty, because: tuple[Line, ...], words: JournalEntry | None
) -> Finding:
    tries = "supervisord gave up on it" if program.state == "fatal" else "its last start ended so"
    said = f": {words.message.strip()}" if words else ""
    ended = (_quote.logged(program.ended),) if program.ended and program.state == "fatal" else ()
    return Finding(
        cause="app_crash_startup",
        certainty=certainty,
        says=f"supervisord's program {program.name} fails while starting, {tries}{said}",
        because=(*because, *ended),
        restart=_quote.useless(
            program.name, "every start ended the same way; it meets the same trouble again"
        ),
        next_check=None
        if words
        else f"stderr_logfile= of [program:{program.name}]: supervisorctl tail {program.name} stderr",
        # supervisord starts none again that it gave up on, and reads its files only when it is told to.
        mend=f"{mend_by_words(None, words.message if words else '') or _LACKS}; then supervisorctl update "
        f"for a change of supervisord's files, and supervisorctl start {program.name}",
        weight=90,
    )


_LACKS = "what its start lacks, as its last error line names it: a module, a setting, a store, or right code"


def _again(program: _Program) -> RestartAdvice:
    why = f"supervisorctl start {program.name} brings it back until it ends again"
    return _quote.temporary(program.name, why)
