"""systemd gave up starting the app."""

from itertools import pairwise

from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, RestartAdvice, RuledOut
from bot.parsers.changes import Changes
from bot.parsers.disks import Disks
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _by_socket,
    _clock,
    _dialling,
    _life,
    _outage,
    _quote,
    _since_end,
    _stores,
    _told,
    _whose,
)


def start_limit_hit(
    unit: UnitState,
    app_journal: Journal | None,
    changes: Changes | None,
    host: Host,
    listeners: ListeningSockets | None,
    upstreams: HttpProbes | None,
    disks: Disks | None,
) -> Finding | RuledOut | None:
    """systemd stopped trying: the unit was started too often in too short a time.

    Why: the unit is failed and systemd said that the start was repeated too quickly.
    Ruled out when: the unit runs or still waits for its next start.
    Mistaken when: what made it start so often is still there - then that is the cause and this only its end.
    Mended by: `systemctl reset-failed` and a start, when the runs before ended well; a longer
    StartLimitIntervalSec= where restarts are meant to be frequent.
    Not mended by: more starts while what ended the runs before is still there.
    Source: systemd.unit(5) StartLimitIntervalSec=; `systemctl reset-failed` clears the counter.
    """
    if unit.container:
        return None  # Docker has no such limit; a policy with a number of tries ends where each failed
    if unit.active != "failed":
        because = (_quote.state(unit, "ActiveState", "SubState", "Result"),)
        return RuledOut(
            cause="start_limit_hit",
            says=f"the unit is {unit.active}, not failed",
            because=because,
        )
    said = app_journal.of_systemd(_life.TOO_QUICKLY) if app_journal else ()
    if unit.result != "start-limit-hit" and not said:
        return None
    clean = unit.exit_code == 1 and unit.exit_status == 0
    seen = _since_end.Seen(changes=changes, listeners=listeners, upstreams=upstreams, disks=disks)
    since = None if clean else _since_end.mended(seen, host, unit, app_journal)
    return Finding(
        cause="start_limit_hit",
        certainty=Certainty.CONFIRMED if clean else Certainty.LIKELY,
        says=f"systemd gave up on {unit.name} {_after(unit)}",
        because=(
            *(_quote.logged(entry) for entry in said[:1]),
            _quote.state(unit, "ActiveState", "Result", "NRestarts"),
            *(since.because if since else ()),
        ),
        restart=since.advice
        if since
        else _quote.helps("app", "the last run ended well; only the limit keeps it down")
        if clean
        else _quote.useless("app", "what ended it so often is still there"),
        next_check=None if clean else "why the starts before failed",
        weight=78 if clean else 45,
    )


def _after(unit: UnitState) -> str:
    """systemd counts only the starts that Restart= brought about."""
    if unit.restarts:
        return f"after {unit.restarts} restarts"
    held = next(iter(_by_socket.sockets(unit)), None)
    by = f" by connections to {held}" if held else ""
    return f"after it was started too often in a short time{by}"


def told(signs: Signs) -> Finding | None:
    """systemd says it; the cause only where no run before it failed."""
    said = signs.first("start_limit")
    over = _over(signs, said or signs.first("tries_used"))
    if said is None:
        return over or _socket_shut(signs) or _in_a_row(signs)
    if over is not None:
        return over
    valid = signs.first("config_valid")
    if valid is not None and "nginx" in said["unit"] and not signs.has("port_taken", "config_invalid"):
        says = "systemd gave up on nginx, whose configuration is valid: it was started too often in a row"
        return _told.likely("start_limit_hit", 84, says, _NGINX, said, valid, next_check=_CHECK)
    if (missed := _missed(signs)) is not None:
        says = "systemd gave up while a store was away that is there now, and nobody starts the app again"
        return _told.likely("start_limit_hit", 84, says, _THERE_NOW, said, *missed, next_check=_CHECK)
    failed = [
        s for s in signs.of(*_FAILURES) if s["code"] not in ("0", "exited") or s["status"] not in ("", "0")
    ]
    failed += [s for s in signs.of("unit") if _ended_ill(s, said)]
    ill = next((s for s in signs.of("unit_failed") if not said["unit"] or _is_same(s, said)), None)
    well = [s for s in signs.of("exited", "stopped", "unit") if _ended_well(s, said)]
    what = _whose.program(*signs.of("start_limit"))
    it = "it" if what == _whose.APP else what
    says = f"systemd gave up starting {it}: it was started too often in too short a time"
    back = _came_after(signs)
    if back is not None:
        says = f"systemd gave up on it while {back['name']} was away, which is up by now"
        return _told.likely("start_limit_hit", 88, says, _BACK, said, back, next_check=_CHECK)
    if well and not failed and ill is None:
        return _told.confirmed("start_limit_hit", 90, says, _started(what), said, well[0])
    if not failed:
        advice = _still(what) if ill is not None else _unseen(what)
        return _told.likely("start_limit_hit", 68, says, advice, said, next_check=_CHECK)
    return _told.possible("start_limit_hit", 44, says, _still(what), said, next_check=_CHECK)


def _is_same(one: Sign, other: Sign) -> bool:
    """systemd's lines name a unit with its suffix, its blocks are read without."""
    return one["unit"].removesuffix(".service") == other["unit"].removesuffix(".service")


def _ended_ill(unit: Sign, said: Sign) -> bool:
    """The unit's block has the code its last run ended with."""
    code = unit["status"].partition("/")[0]
    return unit["code"] == "exited" and code not in ("", "0") and (not said["unit"] or _is_same(unit, said))


def _ended_well(sign: Sign, said: Sign) -> bool:
    """Its last run ended by order or with 0; of another unit that says nothing."""
    if sign.kind == "unit":
        return sign["code"] == "exited" and sign["status"].partition("/")[0] == "0" and _is_same(sign, said)
    return sign["code"] == "0" or sign.kind == "stopped"


def _over(signs: Signs, said: Sign | None) -> Finding | None:
    """It has used up its tries, and what failed them is over by somebody's word."""
    now = signs.first("lack_over", "dependency_back")
    if said is None or now is None or signs.has(*_LASTING):
        return None
    says = "its supervisor tries no more, and what failed its starts is over by now"
    return _told.likely("start_limit_hit", 89, says, _BACK, said, now, next_check=_CHECK)


def _socket_shut(signs: Signs) -> Finding | None:
    """systemd shuts a socket that set off too many starts in a short time; the service itself is well."""
    shut = next(iter(signs.where("tries_used", by="socket")), None)
    if shut is None or signs.has("app_failed", "missing_module", "unit_exec"):
        return None
    says = "systemd shut the socket: it set off its service too often in too short a time"
    return _told.likely("start_limit_hit", 82, says, _SHUT, shut, next_check=_CHECK)


def _in_a_row(signs: Signs) -> Finding | None:
    """Started anew within seconds each time, in good order, and found down: DefaultStartLimitBurst= is 5."""
    down, starts = signs.first("nginx_not_running"), signs.of("unit_started")
    if down is None or signs.has("config_invalid", "nginx_start_failed", "port_taken", "unit_failed"):
        return None
    for one, other in pairwise(starts):
        gap_s = _clock.gap_s(one.line, other.line)
        if (
            one["who"] == other["who"]
            and "nginx" in one["who"]
            and gap_s is not None
            and 0 < gap_s <= _BURST_S
        ):
            says = "nginx was started anew every few seconds and is down: maybe systemd's limit of starts"
            return _told.likely(
                "start_limit_hit", 76, says, _unseen("nginx"), one, other, down, next_check=_WHO
            )
    return None


#: DefaultStartLimitIntervalSec=, systemd-system.conf(5).
_BURST_S = 10
_WHO = "`systemctl status nginx`: start-limit-hit? and what starts it so often (a hook of renewals, a script)"
_NGINX = _quote.helps("nginx", "its configuration is valid; only the limit keeps it down")
_SHUT = _quote.helps("app", "the socket unit only has to be started again")
#: What no time mends.
_LASTING = ("missing_module", "migration_failed", "unit_exec", "unit_user", "unit_wrong", "port_taken")


def _came_after(signs: Signs) -> Sign | None:
    """The store whose absence ended each run came up after systemd had given up."""
    if signs.has(
        "missing_module", "missing_setting", "migration_failed", "config_invalid", *_outage.NARROWER
    ):
        return None
    limit = signs.of("start_limit")[-1]
    lacked = [s["name"] for s in signs.of("dependency_away")]
    ups = (s for s in signs.of("store_up") if any(_stores.is_of(s["name"], name) for name in lacked))
    return next((s for s in ups if _stores.is_later(s, limit)), None)


_BACK = _quote.helps("app", "what it lacked is up by now: `systemctl reset-failed`, then a start")


def _missed(signs: Signs) -> tuple[Sign, Sign] | None:
    """What the app missed at its starts, and that it is there now; nothing else that fails them."""
    away, back = signs.first("dependency_away"), signs.first("dependency_back")
    if away is not None and back is None:
        host = away["target"].rpartition(":")[0]
        back = next((s for s in signs.of("reached") if host and s["target"].strip("[]") == host), None)
    if away is None or back is None or signs.has(*_OWN_REASONS, *_outage.NARROWER):
        return None
    return away, back


#: What fails a start whether the store is there or not.
_OWN_REASONS = ("missing_module", "missing_setting", "migration_failed", "out_of_memory")
_THERE_NOW = _quote.helps("app", "what it missed at its starts is there now; only the limit keeps it down")
_FAILURES = (*(kind for kind in _dialling.DEEPER if kind != "start_limit"), "exited", "config_invalid")


def _started(what: str) -> RestartAdvice:
    why = "the last run ended well and only the limit keeps it down: `systemctl reset-failed`, then a start"
    return _quote.helps(what, why)


def _still(what: str) -> RestartAdvice:
    return _quote.useless(what, "what ended it so often is still there")


def _unseen(what: str) -> RestartAdvice:
    """No failure is shown before the limit: it may have been started too often while it was well."""
    why = "no failure before the limit is shown: `systemctl reset-failed` and one start would tell"
    return _quote.unknown(what, why)


_CHECK = "the app's log before the first restart: why did it end?"
