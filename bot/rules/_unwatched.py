"""An app that systemd does not watch: a command left it in the background and ended.

Init scripts do so (systemd-sysv-generator(8): Type=forking, RemainAfterExit=yes); Debian's for uWSGI counts
as done as soon as the master is in the background, which may still load the app.
"""

from datetime import timedelta

from bot.model.verdict import Certainty, Finding
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _last_words, _life, _quote
from bot.rules._mend_by_words import mend_by_words


def gone(
    unit: UnitState,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    app_journal: Journal | None,
) -> Finding | None:
    """A command left the app behind and ended: the unit stays active whatever becomes of it."""
    if unit.main_pid or unit.active != "active" or unit.sub != "exited":
        return None
    refused = _address.refused(upstreams, error_log)
    refused.update({p.address: (_quote.probe(p),) for p in _missing(upstreams)})
    if not refused:
        return None
    seen = next(iter(refused.values()))[-1]
    state = _quote.state(unit, "ActiveState", "SubState", "Type", "MainPID", "ActiveEnterTimestamp")
    if (words := _never_up(unit, app_journal)) is not None:
        return Finding(
            cause="app_crash_startup",
            certainty=Certainty.LIKELY,
            says=f"{unit.name} counts as active, but what it left in the background ended while it loaded:"
            f" {words.message.strip()}",
            because=(_quote.logged(words), state, seen),
            restart=_quote.useless("app", "its last start ended so; it meets the same missing piece again"),
            next_check="the app's own log since that start",
            mend=mend_by_words(unit, words.message),
            weight=80,
        )
    return Finding(
        cause="app_crash_runtime",
        certainty=Certainty.LIKELY,
        says=f"{unit.name} counts as active, but nothing of it runs: what it left in the background is gone",
        because=(state, seen),
        restart=_quote.perhaps(
            "app", "a restart runs its command again; a start does nothing while it is active"
        ),
        next_check="the app's own log, for systemd did not see how it ended",
        mend=f"{unit.name} written so that systemd watches the app: Type=simple or exec, in the foreground",
        weight=70,
    )


def _missing(upstreams: HttpProbes | None) -> tuple[Probe, ...]:
    return upstreams.that(Answer.MISSING) if upstreams else ()


def _never_up(unit: UnitState, journal: Journal | None) -> JournalEntry | None:
    """The error of a start after which it said nothing more."""
    started = unit.active_since
    said = [e for e in journal.entries if not e.is_from_systemd] if journal else []
    last = next((e.at for e in reversed(said) if e.at), None)
    if started is None or last is None or not _at_start(last - started):
        return None
    words = _last_words.last_words(journal)
    return words if words and _last_words.NAMED_ERROR.search(words.message) else None


def _at_start(after: timedelta) -> bool:
    return -_life.STARTUP_S <= after.total_seconds() <= _life.STARTUP_S
