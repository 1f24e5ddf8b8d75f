"""A program of supervisord or pm2 that is down: systemd knows nothing of it, its unit is the keeper's.

Source: supervisor's process.py ("spawned", "exited", "gave up", "stopped") and its "Process States".
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone

from bot.model.verdict import Certainty, Finding, Line, RestartAdvice
from bot.parsers.app_logs import AppLogs
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _last_words, _pm2, _quote
from bot.rules._app_logs import with_files
from bot.rules._mend_by_words import mend_by_words
from bot.rules._program import Program

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


def down(app_journal: Journal | None, upstreams: HttpProbes | None, unit: UnitState | None) -> Finding | None:
    """The finding about the program that is down while nginx finds nobody; None where none is.

    With supervisord itself down all its programs are: that is its unit's trouble, and supervisorctl fails.
    """
    if unit is not None and not unit.is_running:
        return None
    deaf = upstreams.that(*_DEAF) if upstreams else ()
    known = _known(app_journal) if app_journal and deaf else {}
    away = [program for program in known.values() if program.is_away]
    if app_journal is None or not away:
        return None
    program = max(away, key=lambda one: (one.state == "fatal", one.ended is not None))
    program = replace(program, keeper=program.keeper.of(unit.name)) if unit else program
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
    known = _known(journal)
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


def _known(journal: Journal) -> dict[str, Program]:
    return _programs(journal) or _pm2.programs(journal)


def _programs(journal: Journal) -> dict[str, Program]:
    """By name, as the log leaves them; only since supervisord itself began."""
    known: dict[str, Program] = {}
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
        before = known.get(said[state]) or Program(name=said[state], state=state, entry=entry)
        now = replace(before, state=state, entry=entry)
        if state == "spawned":
            now = replace(now, spawned_at=entry.at, pid=int(said["pid"]))
        elif state == "exited":
            now = replace(
                now,
                ended=entry,
                has_served=now.has_lived(entry, is_by_signal="terminated by SIG" in entry.message),
            )
        elif state == "fatal" and failed is not None:
            now = replace(now, ended=failed)
        elif state == "stopped":  # by order: the next start may be another program's
            now = replace(now, ended=None)
        known[now.name] = now
    return known


_STATES = ("spawned", "up", "unspawned", "exited", "fatal", "stopped")


def _of_programs(journal: Journal) -> Journal:
    return Journal(
        entries=tuple(
            e for e in journal.entries if not _OWN.search(e.message) and not _pm2.OWN.search(e.message)
        )
    )


def _stopped(program: Program, certainty: Certainty, because: tuple[Line, ...]) -> Finding:
    at = f" at {program.entry.at:%H:%M:%S} UTC" if program.entry.at else ""
    start = program.keeper.start.format(program.name)
    return Finding(
        cause="app_stopped_by_hand",
        certainty=certainty,
        says=f"{program.keeper.name}'s program {program.name} was stopped{at} and not started again",
        because=because,
        restart=_quote.helps(program.name, f"it only has to be started: {start}"),
        next_check="who stopped it, and why",
        mend=f"{start}, after asking who stopped it and why{program.keeper.forgotten}",
        weight=90,
    )


def _ended(
    program: Program, certainty: Certainty, because: tuple[Line, ...], words: JournalEntry | None
) -> Finding:
    said = f": {words.message.strip()}" if words else ""
    return Finding(
        cause="app_crash_runtime",
        certainty=certainty,
        says=f"{program.keeper.name}'s program {program.name} ended after it had run, "
        f"and is not started again{said}",
        because=because,
        restart=_again(program),
        next_check=f"why it ended, and {program.keeper.restarts.format(program.name)}",
        weight=90,
    )


def _fails(
    program: Program, certainty: Certainty, because: tuple[Line, ...], words: JournalEntry | None
) -> Finding:
    tries = f"{program.keeper.name} gave up on it" if program.state == "fatal" else "its last start ended so"
    said = f": {words.message.strip()}" if words else ""
    ended = (_quote.logged(program.ended),) if program.ended and program.state == "fatal" else ()
    return Finding(
        cause="app_crash_startup",
        certainty=certainty,
        says=f"{program.keeper.name}'s program {program.name} fails while starting, {tries}{said}",
        because=(*because, *ended),
        restart=_quote.useless(
            program.name, "every start ended the same way; it meets the same trouble again"
        ),
        next_check=None if words else program.keeper.errors.format(program.name),
        mend=f"{mend_by_words(None, words.message if words else '') or _LACKS}; then "
        + program.keeper.after_mend.format(program.name),
        weight=90,
    )


_LACKS = "what its start lacks, as its last error line names it: a module, a setting, a store, or right code"


def _again(program: Program) -> RestartAdvice:
    why = f"{program.keeper.start.format(program.name)} brings it back until it ends again"
    return _quote.temporary(program.name, why)
