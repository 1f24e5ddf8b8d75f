"""Whether an app that kept on dying was started by hand since, and serves."""

from datetime import timedelta

from bot.model.evidence import HostClock
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.unit_state import UnitState
from bot.rules import _life


def serves_since(
    unit: UnitState, clock: HostClock, upstreams: HttpProbes | None, journal: Journal | None
) -> bool:
    """It answers well, and has outlived its former starts since one that systemd had not scheduled.

    systemd keeps NRestarts over a `systemctl restart` between two of its own starts, so the count alone would
    call a mended app one that dies. Source: systemd, src/core/service.c, flush_n_restarts.
    """
    if journal is None or unit.started_at is None or not unit.is_running:
        return False
    if upstreams is None or not upstreams.probes or not all(probe.is_well for probe in upstreams.probes):
        return False
    exit_ = _life.last_exit(journal)
    ends = [index for index, entry in enumerate(journal.entries) if entry is exit_]
    since = [e for e in journal.entries[ends[-1] + 1 if ends else 0 :] if e.is_from_systemd]
    if any(_life.SCHEDULED.search(entry.message) for entry in since):
        return False
    lived = max([unit.lived_s or 0.0, *_life.lives_of(journal)])
    is_older = clock.now - unit.started_at > timedelta(seconds=lived + 1)
    return is_older and any(_life.STARTED.search(entry.message) for entry in since)
