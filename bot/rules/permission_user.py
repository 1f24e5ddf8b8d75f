"""The user or group of the unit does not exist."""

import re

from bot.model.evidence import HostClock
from bot.model.host import Host
from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers.changes import Changes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState
from bot.rules import _quote, _since_end, _told, _unit_exit

_SAID = re.compile(
    r"status=21[67]/|Failed to determine (user|group)|No such (user|group)|Failed at step (USER|GROUP)"
)


def permission_user(
    unit: UnitState, clock: HostClock, app_journal: Journal | None, changes: Changes | None, host: Host
) -> Finding | None:
    """systemd, or PHP-FPM, cannot become the user or group that the unit, or the pool, names.

    Why: systemd ended the start with 217/USER or 216/GROUP; or PHP-FPM, which names its user in the pool's
    file, ended its start and says that it cannot get the id.
    Ruled out when: the main process ended with another status.
    Mistaken when: a directory service that knows the user was away for a moment.
    Mended by: creating the user or group, or naming one that exists in User= and Group=.
    Not mended by: a restart, or file modes.
    Source: systemd.exec(5) "Process Exit Codes", EXIT_USER, EXIT_GROUP; fpm_unix.c.
    """
    asked = app_journal.matching(_OF_FPM) if app_journal and not unit.is_running else ()
    if asked and unit.active == "failed":
        return _of_fpm(unit, asked[0])
    if not _unit_exit.ended_with(unit, app_journal, clock, 216, 217):
        return None
    since = _since_end.changed(changes, host, unit, app_journal)
    return Finding(
        cause="permission_user",
        certainty=Certainty.CONFIRMED,
        says=f"the user or group of {unit.name} does not exist (User={unit.user})",
        because=(
            *_unit_exit.lines(unit, app_journal, _SAID, "User", "Group"),
            *(since.because if since else ()),
        ),
        restart=since.advice if since else _quote.useless("app", "the user is still not there"),
        weight=93,
    )


#: fpm_unix.c; the second for listen.owner and listen.group.
_OF_FPM = re.compile(r"cannot get (uid|gid) for (user|group) '(?P<name>[^']{1,64})'")


def _of_fpm(unit: UnitState, said: JournalEntry) -> Finding:
    found = _OF_FPM.search(said.message)
    kind, name = (found[2], found["name"]) if found else ("user", "")
    pool = f" of pool {where[1]}" if (where := re.search(r"\[pool ([^\]]{1,64})\]", said.message)) else ""
    return Finding(
        cause="permission_user",
        certainty=Certainty.CONFIRMED,
        says=f"{unit.name} does not start: the {kind} {name!r}{pool} does not exist",
        because=(_quote.logged(said), _quote.state(unit, "ActiveState", "Result", "ExecMainStatus")),
        restart=_quote.useless(
            "app", f"the {kind} is still not there, and one such pool keeps all from starting"
        ),
        mend=f"the {kind} {name!r} made, or one that exists named in the pool's file "
        "(user, group, listen.owner, listen.group); then a start",
        weight=93,
    )


def told(signs: Signs) -> Finding | None:
    """The supervisor says that it does not know the user or group."""
    said = signs.first("unit_user")
    if said is None:
        return None
    name = f" {said['name']}" if said["name"] else ""
    says = f"the user or group{name} that the service is to run as does not exist"
    if _BEFORE_START.search(said.line):
        return _told.confirmed("permission_user", 94, says, _STILL_GONE, said)
    return _told.likely("permission_user", 84, says, _STILL_GONE, said, next_check=_CHECK)


_STILL_GONE = _quote.useless("app", "the user is still not there")
_CHECK = "getent passwd USER and getent group GROUP on that host or in that container"
#: systemd's own words; others may be of an installer or a configuration that is not in use.
_BEFORE_START = re.compile(
    r"status=21[67]|Failed at step (?:USER|GROUP)|credentials|Invalid user/group", re.IGNORECASE
)
