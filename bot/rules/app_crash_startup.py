"""The app dies while it starts."""

from bot.model.evidence import HostClock
from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.disks import Disks
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.likely_units import LikelyUnits
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.related_units import RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _broke_off,
    _by_systemd,
    _dialling,
    _last_words,
    _life,
    _likely_loops,
    _outage,
    _quote,
    _since_end,
    _start_by_hand,
    _starts_seen,
    _stores,
    _supervised,
    _told,
    _unit_exit,
    _unmet,
    _unwatched,
    _webapp,
    _workers,
)
from bot.rules._mend_by_words import mend_by_words
from bot.rules._release import is_suspect, of_one_server


def app_crash_startup(  # noqa: PLR0913, PLR0917  # a start fails by itself, for its release, or for others
    unit: UnitState | None,
    clock: HostClock,
    app_journal: Journal | None,
    changes: Changes | None,
    access_log: AccessLog | None,
    app_history: Journal | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    related_units: RelatedUnits | None,
    host: Host,
    listeners: ListeningSockets | None,
    disks: Disks | None,
    likely_units: LikelyUnits | None,
) -> Finding | RuledOut | None:
    """The app dies or gives up while starting: a setting or a dependency is missing, or the code is broken.

    Why: its main process ended by itself within seconds of its start, and systemd is trying again or gave up;
    or systemd did not run it, for a unit that it requires failed. Or Tomcat runs, and a web application in
    it did not start: its paths are 404. Where the fleet names no unit: the one whose socket unit listens
    where nginx dials.
    Ruled out when: the unit runs and was not started again; a signal from outside ended it.
    Mistaken when: a program forks and its starter ends well (Type=forking); a dependency was away for a
    moment only.
    Mended by: the missing piece: install the module, give the setting, start the store it needs, correct the
    code; the app's last error line names it.
    Not mended by: a restart, which meets the same missing piece unless something was changed or came since
    its last start; longer proxy time-outs; nginx settings.
    Source: systemd.service(5) Restart=, systemd.exec(5) "Process Exit Codes".
    """
    if unit is None:
        return _likely_loops.found(likely_units, upstreams, host)
    inside = (
        _supervised.down(app_journal, upstreams, unit)
        or _unwatched.gone(unit, upstreams, error_log, app_journal)
        or _webapp.failed(app_journal, upstreams)
    )
    if inside is not None:
        return inside if inside.cause == "app_crash_startup" else None
    is_ill = upstreams is not None and not upstreams.are_well
    boots = (_workers.start_again(app_journal) or _workers.none_left(app_journal)) if is_ill else ()
    if boots and unit.is_running and unit.restarts == 0:
        return _starts_seen.of_workers(unit, app_journal, boots)
    if unit.is_running and unit.restarts == 0:
        return RuledOut(
            cause="app_crash_startup",
            says=f"the app runs and was never started again by {unit.keeper.value}",
            because=(_quote.state(unit, "ActiveState", "SubState", "NRestarts"),),
        )
    if unit.container and unit.container.error and not unit.is_running:
        return _starts_seen.not_made(unit)
    if (lacks := _unmet.needed(unit, app_journal, related_units)) is not None:
        return _starts_seen.not_started(unit, lacks)
    if _by_systemd.last(unit, app_journal) is not None:
        return None  # systemd_unit_error
    if (short := _life.gave_up(unit, app_journal)) is not None:
        return _starts_seen.gave_up(unit, app_journal, short)
    is_of_systemd = _unit_exit.ended_with(unit, app_journal, clock, *_unit_exit.SYSTEMD_EXITS)
    if not _life.is_crashing(unit, clock) or is_of_systemd or unit.result == "resources":
        return None
    exit_ = _life.last_exit(app_journal)
    if (unit.was_killed and unit.exit_status in (9, 15)) or (exit_ and _life.KILLED.search(exit_.message)):
        return None
    lived = _life.lived_s(unit, app_journal)
    reread = _life.failed_to_reread(unit, lived)
    if lived is not None and lived > _life.STARTUP_S and not reread:
        return None
    since_by_hand = _start_by_hand.serves_since(unit, clock, upstreams, app_journal)
    broke_off = _broke_off.request_at_end(app_journal, error_log, upstreams) is not None
    if broke_off or since_by_hand or _starts_seen.serves_between(unit, upstreams, app_journal):
        return None
    words = _last_words.words_of_exit(app_journal)
    leads_elsewhere = _life.has_own_reason(app_journal) or is_suspect(
        unit, clock, changes, of_one_server(access_log, upstreams), app_history or app_journal
    )
    is_sure = words is not None and lived is not None and not leads_elsewhere
    state = _quote.state(unit, "ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts")
    seen = _since_end.Seen(changes=changes, listeners=listeners, upstreams=upstreams, disks=disks)
    since = _since_end.mended(seen, host, unit, app_journal)
    return Finding(
        cause="app_crash_startup",
        certainty=Certainty.CONFIRMED if is_sure else Certainty.LIKELY,
        says=_starts_seen.dies(unit, lived, words.message.strip() if words else "", is_reload=reread),
        because=(
            *((_quote.logged(words),) if words else ()),
            state,
            *((_quote.logged(exit_),) if exit_ else ()),
            *(since.because if since else ()),
        ),
        restart=since.advice if since else _starts_seen.restart(unit, is_reload=reread),
        next_check=None if is_sure else f"{unit.log} before its last exit",
        mend=_again(unit) or mend_by_words(unit, words.message if words else ""),
        weight=80,
    )


def _again(unit: UnitState) -> str | None:
    """systemd runs the unit as it was read; its file may have been put right since."""
    if not unit.needs_reload:
        return None
    return (
        f"systemctl daemon-reload if the change of {unit.name} on disk is the mend, then a start; systemd"
        " still runs it as it was"
    )


def told(signs: Signs) -> Finding | RuledOut | None:
    """The app's own words say that its start fails; refused alone it is one guess of several."""
    up = _outage.came_up(signs)
    failed = _outage.failed_start(signs)
    if up is not None and failed is None:
        line = Line(step=up.source or "pasted", text=up.line)
        return RuledOut(cause="app_crash_startup", says="the app says that it came up", because=(line,))
    away = signs.first("dependency_away")
    ended = next(iter(_outage.ends(signs)), None)
    if failed is None and (away is None or (ended is None and not signs.has(*_outage.DEAF))):
        return _unexplained(signs, ended)
    words, seen = failed or away, ended or _outage.away(signs)
    narrower = signs.has(*_outage.NARROWER)
    later_up = up is not None and words is not None and up.at > words.at
    plain = not narrower and up is None and not signs.has("released", "went_back")
    says, again = (_SAYS, _AGAIN) if failed is None or failed.kind in _NAMES_IT else (_FAILS, _FAILS_AGAIN)
    again = again if failed else _LACKS
    if failed is not None and failed.kind == "missing_setting" and seen is not None and plain:
        return _told.confirmed("app_crash_startup", 91, _SAYS, _AGAIN, failed, seen)
    # Broken code may as well be a broken release: without a word about releases it is not settled.
    weight = 62 if narrower or later_up else 86 if failed and seen else 82 if failed else 76
    back = _store_is_back(signs, away) if failed is None else None
    if back is not None:
        says = f"the app did not come up while {back['name']} was away, which is up by now"
        return _told.likely("app_crash_startup", weight, says, _BACK, words, seen, back, next_check=_CHECK)
    return _told.likely("app_crash_startup", weight, says, again, words, seen, away, next_check=_CHECK)


def _store_is_back(signs: Signs, away: Sign | None) -> Sign | None:
    """A store came up after the app had missed it for the last time; whoever tries again needs no start."""
    lost = signs.of("dependency_away")[-1:] if away is not None else ()
    if not lost or signs.has("backing_off", *_outage.NARROWER) or not _is_left_down(signs):
        return None
    ups = (s for s in signs.of("store_up") if _stores.is_of(s["name"], lost[0]["name"]))
    return next((s for s in ups if _stores.is_later(s, lost[0])), None)


def _is_left_down(signs: Signs) -> bool:
    """Its supervisor has given up on it or never tries again."""
    return signs.has("start_limit") or any(s["active"] == "failed" for s in signs.of("unit"))


_SAYS = "the app fails while it starts, and its own log names the piece that is missing"
_BACK = _quote.helps("app", "what it lacked is up by now, and nobody starts it again")
_AGAIN = _quote.useless("app", "it meets the same missing piece again")
#: Kinds of signs that name what is missing.
_NAMES_IT = ("missing_setting", "missing_module")
_FAILS = "the app fails while it starts, by its own words or its supervisor's"
_FAILS_AGAIN = _quote.useless("app", "its start fails, and nothing shows that the next one does not")
_ENDS = _quote.useless("app", "it was started and ended by itself, and nothing shows what changed since")
_LACKS = _quote.useless("app", "a start does not bring back the store that it does not reach")
_STORE = _quote.unknown("app", "it is not known whether the app ended, nor whether the store is back")
_UNSEEN = _quote.unknown("app", "it is not known whether the app ended, nor why")
_PASSWORD = _quote.useless("app", "the store still has the other password")
_SAME_CPU = _quote.useless("app", "the program and the processor stay the same")
_BUILT_FOR = "`uname -m` and the flags in /proc/cpuinfo, against what the program or its image is built for"
_CHECK = "the app's log from its last start to its end: the last error in it"


def _alien(signs: Signs) -> Sign | None:
    """Each crash is of SIGILL (4): code for another processor is run; V8 ends so without memory."""
    crashes = _outage.crashes(signs)
    if signs.has("heap_exhausted", *_outage.BROKEN, *_outage.NARROWER):
        return None
    is_all = all(s["signal"] in ("4", "SIGILL") and "child" not in s["who"] for s in crashes)
    return next(iter(crashes), None) if is_all else None


def _unexplained(signs: Signs, ended: Sign | None) -> Finding | None:
    """It ends again and again, or nothing listens, and nobody says why."""
    alien = _alien(signs)
    if alien is not None:
        says = "the program meets an instruction that this machine's processor does not have"
        return _told.likely("app_crash_startup", 78, says, _SAME_CPU, alien, ended, next_check=_BUILT_FOR)
    crashed = next(iter(_outage.crashes(signs)), None)
    again = ended or (crashed if signs.has(*_outage.DEAF) else None)
    if again is not None and not signs.has(*_outage.NARROWER, "heap_exhausted", "worker_timeout", "killed"):
        says = "the app ends by itself, so nothing listens where the proxy dials"
        if "fpm" in again["unit"] + again["who"]:
            return None  # php_fpm_down
        weight = 73 if again.kind == "crashed" and _outage.is_main(again) else 64
        return _told.likely("app_crash_startup", weight, says, _ENDS, again, next_check=_CHECK)
    locked = signs.first("store_password_changed")
    if locked is not None and not signs.has("up_on_loopback", "config_invalid", *_outage.NARROWER):
        says = "a store keeps the password of its data, whatever its settings say now: the app may not get in"
        return _told.likely("app_crash_startup", 68, says, _PASSWORD, locked, again, next_check=_CHECK)
    refused = signs.first("dial_refused", "dial_failed")
    away = signs.first("dependency_away")
    if refused is None and away is not None and not signs.has("dependency_starting", *_outage.NARROWER):
        says = "a store that the app needs is away; without it the app may not come up"
        return _told.possible("app_crash_startup", 54, says, _STORE, away, next_check=_CHECK)
    if refused is None:
        return None
    fastcgi = refused["protocol"] == "fastcgi"
    says = "nothing listens where the proxy dials; maybe the app ends while it starts"
    boxed = any(_dialling.may_be_container(signs, dial) for dial in _dialling.refused(signs))
    weight = 18 if fastcgi else 37 if boxed else 30
    return _told.possible("app_crash_startup", weight, says, _UNSEEN, refused, next_check=_CHECK)
