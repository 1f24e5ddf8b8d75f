"""The app accepts connections and never answers."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.changes import Changes
from bot.parsers.containers import Containers
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _address,
    _boots,
    _boxes,
    _fpm,
    _hangs,
    _http_only,
    _life,
    _quote,
    _store_away,
    _told,
    _workers,
)
from bot.rules._release import broke


def app_hang(  # noqa: PLR0913, PLR0917  # who hangs, who waits for it, and whose it is
    upstreams: HttpProbes,
    error_log: NginxErrorLog | None,
    listeners: ListeningSockets | None,
    app_journal: Journal | None,
    unit: UnitState | None,
    processes: Processes | None,
    front: HttpProbes | None,
    php_fpm: PhpFpm | None,
    changes: Changes | None,
    access_log: AccessLog | None,
    containers: Containers | None,
    clock: HostClock,
) -> Finding | RuledOut | None:
    """The app takes connections (or its queue is full of them) but answers none, not even its health path.

    Why: asked directly, every path times out; the process is there. Of PHP-FPM: connections wait in the
    queue of its pool while it has children that are idle.
    Ruled out when: it answers at least one path in time; it was started a moment ago and may still load.
    Mistaken when: every path waits for the same slow dependency, so that it would answer in the end.
    Mended by: freeing what it waits for (lock, dependency, exhausted pool) and time-outs on its own calls;
    more threads or workers.
    Not mended by: longer proxy time-outs, which only let more requests pile up.
    Source: tcp(7) listen queue; ngx_http_proxy_module proxy_read_timeout.
    """
    deaf = next((p for p in _fpm.dialled(php_fpm, upstreams, error_log) if _fpm.is_deaf(p)), None)
    if deaf is not None and front is not None and not front.are_well:
        return _hangs.deaf(deaf, front, error_log, unit)
    asked = [p for p in upstreams.probes if p.protocol in _ASKED and p.path != "-"]
    hung = _hangs.hung(asked)
    if not hung:
        answered = upstreams.that(Answer.ANSWERED)
        if not answered:
            return None
        says = "the app answers at least one path in time"
        return RuledOut(cause="app_hang", says=says, because=(_quote.probe(answered[0]),))
    if app_journal is not None and app_journal.matching(_life.TOO_MANY_FILES):
        return None
    if _workers.start_again(app_journal) or _workers.none_left(app_journal):
        return None  # nobody is there to accept
    if unit is not None and _life.is_crashing(unit, clock):
        return None  # app_crash_startup
    if _http_only.asked_by_uwsgi(unit, upstreams, listeners):
        return None  # protocol_mismatch
    if _boots.silent(unit, clock, upstreams, access_log):
        return None  # not_ready_yet
    others = {probe.address for probe in asked} - set(hung)
    if unit is not None and unit.load == "loaded" and not unit.is_running and not others:
        return None  # its connections wait in a socket that systemd holds for it
    silent = [probe for probe in asked if probe.address == hung[0]]
    if paused := _boxes.paused(silent[0].address, containers):
        return _hangs.paused(silent[0], paused)
    waiting = _hangs.waiting(hung[0], listeners)
    if not waiting and not any(probe.answer is Answer.READ_TIMEOUT for probe in silent):
        return None
    logged = error_log.of(Fault.READ_TIMEOUT, Fault.CONNECT_TIMEOUT) if error_log else ()
    first = _hangs.slow_request(logged, silent)
    part = f"{len(hung)} of {len(hung) + len(others)} upstream servers, {', '.join(hung)}," if others else ""
    is_new = broke(changes, access_log, upstreams) is not None
    is_own = not others or _hangs.is_own(hung[0], listeners, unit, processes)
    away = _store_away.last(app_journal.entries, upstreams) if app_journal and is_own else None
    return Finding(
        cause="app_hang",
        certainty=Certainty.CONFIRMED if waiting and not is_new and not away else Certainty.LIKELY,
        says=f"{part or f'the app at {hung[0]}'} {_hangs.does(silent)}"
        + ("; the others answer" if others else "")
        + (f"; requests for {first.path} were the first to wait" if first else "")
        + (f"; it says that it does not reach {away.name}" if away else ""),
        because=(
            *(_quote.probe(p) for p in silent[:2]),
            *waiting,
            *(_quote.error(e) for e in ([first] if first else logged[:1])),
            *((_quote.logged(away.entry),) if away else ()),
        ),
        restart=_hangs.restart(hung[0], first, away, is_own=is_own),
        next_check=f"whether {away.name} takes connections from here, and how long its answers take"
        if away
        else f"what {first.path} waits for"
        if first
        else "a stack dump of the process before it is restarted"
        if waiting
        else "what the app waits for",
        weight=_address.weight_of_part(62, front) if others else 62,
    )


_ASKED = ("http", "https", "uwsgi")


#: What stops an app after hours, and has a rule of its own.
_KNOWN_REASONS = (
    "worker_timeout",
    "pool_exhausted",
    "out_of_memory",
    "no_memory",
    "heap_exhausted",
    "disk_full",
)


def told(signs: Signs) -> Finding | RuledOut | None:
    """Asked past the proxy it does not answer either, or it says itself that its threads are stuck."""
    answers = signs.first("answers")
    if answers is not None and not signs.has("deadlock"):
        line = Line(step=answers.source or "pasted", text=answers.line)
        return RuledOut(cause="app_hang", says="asked past the proxy, the app answers", because=(line,))
    slow = signs.first("answer_timeout")
    stuck = signs.first("deadlock")
    if stuck is not None:
        weight = 88 if slow else 80
        says = "threads of the app wait for each other, so it answers nobody"
        return _told.likely("app_hang", weight, says, _UNTIL_AGAIN, stuck, slow, next_check=_CHECK)
    if (seen := _seen_stuck(signs, slow) or _hangs_later(signs, slow)) is not None:
        return seen
    silent = next((s for s in signs.of("answers_not") if _WAITED.search(s["reason"])), None)
    outside = next((s for s in signs.of("slow_call") if _OUTSIDE.match(s["call"])), None)
    if silent is not None and outside is not None and not silent["target"]:
        says = "requests wait for another service, which does not answer; the app may be well itself"
        return _told.possible("app_hang", 50, says, _NOT_KNOWN, outside, silent, next_check=_CHECK)
    if silent is not None:
        says = "asked past the proxy, the app does not answer in time either"
        weight = 84 if slow or signs.has("listening") else 72
        return _told.likely("app_hang", weight, says, _UNTIL_AGAIN, silent, slow, next_check=_CHECK)
    busy = next((s for s in signs.of("pool_exhausted", "connections_awaited") if s["app"] != "php-fpm"), None)
    if busy is not None:
        says = "all of the app's threads or connections are taken, so requests wait"
        mended = signs.first("restart_mended")
        again = _UNTIL_AGAIN if mended else _FULL_AGAIN
        return _told.likely(
            "app_hang", 79 if slow else 66, says, again, busy, slow, mended, next_check=_CHECK
        )
    few = next((s for s in signs.of("pool_busy") if s["app"] != "php-fpm"), None)
    if few is not None and not signs.has("worker_timeout", "out_of_memory"):
        says = "requests wait because the app has no free thread for them"
        return _told.likely("app_hang", 76 if slow else 62, says, _FULL_AGAIN, few, slow, next_check=_CHECK)
    if slow is None and (weary := signs.first("restart_mended")) is not None and _fails(signs):
        says = "it fails until it is restarted, and again after a while: it hangs, or wears out"
        return _told.possible("app_hang", 54, says, _NOT_KNOWN, weary, next_check=_CHECK)
    if slow is None or signs.has("worker_timeout", "pool_exhausted", "out_of_memory"):
        return None
    full = next((s for s in signs.of("dial_busy") if s.at > slow.at), None)
    if full is not None and "fastcgi" not in slow.line:
        says = "first the app answers nothing in time, then its queue is full: it hangs as a whole"
        return _told.likely("app_hang", 88, says, _UNTIL_AGAIN, slow, full, next_check=_CHECK)
    mended = signs.first("restart_mended")
    if mended is not None and not signs.has("reload_mended"):
        says = "the app answers nothing in time until it is restarted: it hangs as a whole"
        return _told.likely("app_hang", 78, says, _UNTIL_AGAIN, slow, mended, next_check=_CHECK)
    simple = next((s for s in signs.of("answer_timeout") if _SIMPLE.search(s.line)), None)
    if simple is not None:
        says = "not even its health page is answered in time"
        return _told.likely("app_hang", 72, says, _NOT_KNOWN, simple, next_check=_CHECK)
    says = "the app takes connections and does not answer in time; maybe it hangs as a whole"
    return _told.possible("app_hang", 34, says, _NOT_KNOWN, slow, next_check=_CHECK)


def _hangs_later(signs: Signs, slow: Sign | None) -> Finding | None:
    """It answers for hours or days, and then requests run into the proxy's time-out."""
    later = signs.first("hangs_later")
    if later is None or not (slow or signs.has("gateway_late")) or signs.has(*_KNOWN_REASONS):
        return None
    says = "it answers for hours and then no more, until it is started again"
    return _told.likely("app_hang", 82, says, _UNTIL_AGAIN, later, slow, next_check=_CHECK)


def _seen_stuck(signs: Signs, slow: Sign | None) -> Finding | None:
    """Sockets that nobody reads, and stacks that end in a lock."""
    if (idle := _reads_nothing(signs)) is not None:
        says = "the app reads nothing of what it is sent, and closes nothing that its clients gave up"
        weight = 84 if slow or signs.has("queue_full") else 72
        return _told.likely("app_hang", weight, says, _UNTIL_AGAIN, idle, slow, next_check=_CHECK)
    if (blocked := signs.first("threads_blocked")) is not None:
        says = "threads of the app wait for one lock, so their requests are not answered"
        weight = 80 if slow else 68
        return _told.likely("app_hang", weight, says, _UNTIL_AGAIN, blocked, slow, next_check=_CHECK)
    awaited = signs.first("lock_awaited")
    full = signs.first("pool_exhausted", "pool_busy", "dial_busy", "queue_full")
    if awaited is not None and (full or slow or int(awaited["count"]) >= _SEVERAL):
        says = "the app's workers wait for a lock that nobody gives back, until none is free"
        weight = 88 if full else 76
        return _told.likely("app_hang", weight, says, _UNTIL_AGAIN, awaited, full or slow, next_check=_HOLDER)
    return None


def _reads_nothing(signs: Signs) -> Sign | None:
    """Data waits unread on a port that is listened on, which the app's own pool does not explain."""
    ports = {sign["port"] for sign in signs.of("listening", "queue_full")}
    if signs.has("pool_exhausted", "fd_limit", "worker_timeout"):
        return None
    return next((sign for sign in signs.of("unread") if sign["port"] in ports), None)


#: PHP's calls to other hosts.
_OUTSIDE = re.compile(r"curl_(?:multi_)?exec|fsockopen|stream_socket_client|file_get_contents|SoapClient")
_WAITED = re.compile(r"time|hang|never", re.IGNORECASE)
_SIMPLE = re.compile(
    r"(?:GET|HEAD) /(?:\w+/){0,3}(?:health|healthz|health-?_?check|ping|livez|readyz|alive)\b"
)
_UNTIL_AGAIN = _quote.temporary("app", "a new process answers until whatever stuck it comes back")
_FULL_AGAIN = _quote.useless("app", "the same requests take all threads again")
_NOT_KNOWN = _quote.useless("app", "a slow answer is as slow after it")
#: So many stacks are no chance.
_SEVERAL = 3
_HOLDER = "a stack of every worker (gdb, pstack): do they wait for the same lock, and does its holder live?"
_CHECK = "ask the app past the proxy for its simplest page: does that hang too?"


def _fails(signs: Signs) -> bool:
    """A gateway's error is seen, and nothing that says why."""
    seen = any(s["status"][:3] in ("502", "503", "504") for s in signs.of("status", "page"))
    return seen and not signs.has("dial_refused", "dial_missing", "name_at_start", "reload_mended")
