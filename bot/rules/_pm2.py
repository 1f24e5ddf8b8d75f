"""What pm2's own log says of the programs that it keeps.

2026-12-01T03:27:37: PM2 log: App [shop:0] exited with code [1] via signal [SIGINT]
2026-12-01T03:27:38: PM2 log: Script /srv/shop/server.js had too many unstable restarts (16). Stopped. …

Source: pm2's lib/Daemon.js, lib/God.js, lib/God/ActionMethods.js, ForkMode.js and ClusterMode.js.
"""

import re
from dataclasses import replace

from bot.parsers.journal import Journal, JournalEntry
from bot.rules._program import PM2, Program

OWN = re.compile(r"\bPM2 (?:log|error|warn)\b|^\[PM2\]|^\s*[│┌├└]")
#: It begins anew, with what was saved or nothing.
_BEGINS = re.compile(r"\bPM2 log: --- New PM2 Daemon started")
_SAID = re.compile(
    r"\bPM2 log: (?:"
    r"App \[(?P<spawned>[^\]]+)\] starting in -(?:fork|cluster) mode-"
    r"|App \[(?P<up>[^\]]+)\] online"
    r"|App \[(?P<exited>[^\]]+)\] exited with code \[[^\]]*\] via signal \[(?P<signal>[^\]]*)\]"
    r"|Script (?P<fatal>.+) had too many unstable restarts"
    r"|Stopping app:(?P<stopped>.+ id:\d+))"
)
_STATES = ("spawned", "up", "exited", "fatal", "stopped")


def programs(journal: Journal) -> dict[str, Program]:
    """By name and number, as the log leaves them; only since pm2 itself began."""
    known: dict[str, Program] = {}
    last: str | None = None
    for entry in (*journal.earlier, *journal.entries):
        if _BEGINS.search(entry.message):
            known, last = {}, None
        said = _SAID.search(entry.message)
        if said is None:
            continue
        state = next(name for name in _STATES if said[name])
        # What it gave up on it calls by its script: that is the one that ended just before.
        key = last if state == "fatal" else said[state].replace(" id:", ":")
        if key is None:
            continue
        before = known.get(key) or Program(name=_name(key), state=state, entry=entry, keeper=PM2)
        known[key] = _after(before, state, entry, signal=said["signal"])
        last = key if state == "exited" else last
    return known


def _name(key: str) -> str:
    name, _, number = key.rpartition(":")
    return name if number == "0" else f"{name} (id {number})"


def _after(before: Program, state: str, entry: JournalEntry, *, signal: str | None) -> Program:
    now = replace(before, state=state, entry=entry)
    if state == "spawned":
        return replace(now, spawned_at=entry.at)
    if state == "stopped":  # by order: the next start may be another program's
        return replace(now, ended=None)
    if state != "exited":
        return now
    if before.state == "stopped":  # of that order
        return before
    # It says SIGINT where there was no signal.
    is_killed = signal not in (None, "", "SIGINT")
    return replace(now, ended=entry, has_served=before.has_lived(entry, is_by_signal=is_killed))
