"""The app drops connections in the middle of a request."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, RestartAdvice, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.containers import Containers
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _ajp,
    _boxes,
    _fpm,
    _fpm_allowed,
    _fpm_child,
    _fpm_oom,
    _last_words,
    _life,
    _limits,
    _native_told,
    _outage,
    _quote,
    _supervised,
    _told,
    _unit_exit,
    _uwsgi_and_http,
)
from bot.rules._mend_by_words import mend_by_words
from bot.rules.upstream_timeout_worker_kill import KILLED_FOR_TIME as _KILLED_FOR_TIME


def premature_close_crash(
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    app_journal: Journal | None,
    kernel_log: KernelLog | None,
    php_fpm: PhpFpm | None,
    unit: UnitState | None,
    containers: Containers | None,
) -> Finding | RuledOut | None:
    """A worker of the app dies, or gives up, on a request: it closes the connection before it has answered.

    Why: nginx saw the connection closed or reset before a header came, and asked directly the app does
    it again
    (or the kernel logged a crash).
    Ruled out when: asked directly, everything is answered, and nginx saw no early close.
    Mistaken when: a pooled connection was reused just as it was closed (keepalive_race_reset), the app server
    killed its own worker (upstream_timeout_worker_kill), or another protocol is spoken there.
    Mended by: an upgrade or removal of the extension or library that crashes, found by a core dump or the
    request that does it.
    Not mended by: a restart, for workers are replaced already; proxy buffers or time-outs.
    Source: ngx_http_upstream.c ngx_http_upstream_process_header; segfault lines of the kernel.
    """
    if _boxes.deaf(upstreams, containers) is not None:
        return None  # nobody listens in the container: it was the way in that closed
    logged = error_log.of(Fault.CLOSED_EARLY, Fault.RESET, Fault.CUT_SHORT) if error_log else ()
    # What speaks TLS where HTTP was meant hangs up as well: protocol_mismatch.
    foreign = {p.address for p in upstreams.that(Answer.NOT_HTTP)} if upstreams else set()
    logged = tuple(entry for entry in logged if entry.address not in foreign)
    dropped = upstreams.that(Answer.CLOSED, Answer.RESET) if upstreams else ()
    crashes = kernel_log.crashes if kernel_log else ()
    died = app_journal.matching(_WORKER_DIED) if app_journal and logged else ()
    killed = app_journal.matching(_WORKER_KILLED) if app_journal and logged and not died else ()
    if not logged and not dropped:
        if upstreams is None or not upstreams.probes:
            return None
        return RuledOut(cause="premature_close_crash", says="no connection was closed before its answer")
    if not dropped and not crashes and app_journal is not None and _says_more(app_journal):
        return None
    is_known_better = (
        _ajp.asked_by_http(app_journal, upstreams)  # protocol_mismatch
        or _uwsgi_and_http.finding(error_log, upstreams, app_journal)
        or _fpm.asked_by_http(php_fpm, upstreams, error_log)
        or _supervised.down(app_journal, upstreams, unit)
        # systemd itself closes what waits in its socket
        or (unit is not None and _unit_exit.was_not_run(unit))
        or _fpm.words(php_fpm, upstreams, error_log, _TIMED_OUT)  # upstream_timeout_worker_kill
        or _fpm_allowed.turned_away(php_fpm, upstreams, error_log) is not None  # firewall_or_no_route
    )
    if is_known_better:
        return None
    ends = _fpm.words(php_fpm, upstreams, error_log, _fpm_child.CHILD_ENDED)
    own_kills = _fpm_oom.kills_of(kernel_log, unit.name) if unit else ()
    of_memory = own_kills or _fpm_oom.finding(php_fpm, upstreams, error_log, kernel_log)
    if ends and "signal 9 " in ends[-1].message and of_memory:
        return None  # oom_kill
    if ends and logged:
        return _fpm_child.of_child(ends[-1], logged[0], crashes)
    words = _last_words.last_words(app_journal)
    tasks = _limits.of_tasks(unit, words.message if words else "")
    ended = _life.last_exit(app_journal) if logged else None
    is_cut = any(entry.fault is Fault.CUT_SHORT for entry in logged)
    is_half = is_cut and not dropped and all(entry.fault is Fault.CUT_SHORT for entry in logged)
    is_short = words is not None and _limits.NO_THREAD.search(words.message) and _limits.of_memory(unit)
    sure = (bool(died) or (bool(dropped) and bool(logged or crashes))) and not is_short  # memory_rlimit
    return Finding(
        cause="premature_close_crash",
        certainty=Certainty.CONFIRMED
        if sure
        else Certainty.LIKELY
        if dropped or crashes or is_cut or killed or ended
        else Certainty.POSSIBLE,
        says="a worker of the app crashes on a request, and its connection breaks"
        if died
        else "a worker of the app was killed by signal 9 in the middle of a request"
        if killed
        else "the app may start no more threads or processes (TasksMax=), and closes connections unanswered"
        if tasks
        else "the app breaks its answers off"
        if is_half
        else "the app closes connections before it has answered"
        + (f": {words.message.strip()}" if words and dropped else ""),
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(_quote.probe(probe) for probe in dropped[:1]),
            *(_quote.kernel(event) for event in crashes[-1:]),
            *(_quote.logged(entry) for entry in (*died, *killed)[:1]),
            *((_quote.logged(ended),) if ended and not died and not killed else ()),
            *((_quote.logged(words),) if words and not died and not killed else ()),
            *((tasks,) if tasks else ()),
        ),
        restart=_restart(is_limit=tasks is not None, upstreams=upstreams),
        mend=_limits.mend_of_tasks(unit)
        if tasks and unit
        else None
        if crashes or died or killed
        else mend_by_words(unit, words.message if words else "") or _mend(has_ended=ended is not None),
        next_check=None
        if sure
        else "who killed it: the kernel for want of memory (dmesg), a watchdog, or somebody"
        if killed
        else _fpm_child.check(php_fpm),
        weight=55,
    )


#: Its master ends a worker that a kill ended as it finds it; for its own time-out it says so before.
_WORKER_KILLED = re.compile(
    r"DAMN ! worker \d+ \(pid: \d+\) died, killed by signal 9\b|Worker \(pid:\d+\) was sent SIGKILL"
    r"|Worker with pid \d+ was terminated due to signal 9\b"
)
_HEAD_TOO_LONG = re.compile(r"invalid request block size")


def _says_more(app_journal: Journal) -> bool:
    """The app server says why it closes: upstream_timeout_worker_kill, request_too_big_for_app."""
    return bool(app_journal.matching(_KILLED_FOR_TIME) or app_journal.matching(_HEAD_TOO_LONG))


#: uWSGI's master.c and gunicorn's arbiter.py of a worker that a crash ended; 9 and 15 are somebody's orders.
_WORKER_DIED = re.compile(
    r"got Segmentation Fault !!!|DAMN ! worker \d+ \(pid: \d+\) died, killed by signal (?:4|6|7|8|11)\b"
    r"|Worker \(pid:\d+\) was sent SIG(?:SEGV|ABRT|BUS|ILL|FPE)"
    r"|Worker with pid \d+ was terminated due to signal (?:4|6|7|8|11)\b"
)


_TIMED_OUT = re.compile(r"execution timed out \([\d.]+ sec\), terminating")


def _restart(*, is_limit: bool, upstreams: HttpProbes | None) -> RestartAdvice:
    if is_limit:
        return _quote.perhaps(
            "app", "a new process has fewer threads, until they have grown to the limit again"
        )
    others = (
        "; other requests are answered meanwhile" if upstreams and upstreams.that(Answer.ANSWERED) else ""
    )
    return _quote.useless("app", f"it drops the same request again{others}")


def _mend(*, has_ended: bool) -> str:
    """What mends it, by what was seen to end."""
    if has_ended:
        return "a correction of what ends the app's process on that request; its log of that second names it"
    return (
        "a correction of what closes the connection: the handler of that request, "
        "a limit or time-out of the app server; no end of a process was seen"
    )


def told(signs: Signs) -> Finding | None:
    """A crash of a worker, and the connection that broke with it."""
    broken = signs.first(*_outage.BROKEN)
    module = next((s for s in signs.where("proxy_crashed", proxy="apache") if "child pid" in s.line), None)
    if module is not None:
        says = "a child of Apache crashes, most often in a module that runs the app: PHP, Python, Perl"
        return _told.likely("premature_close_crash", 87, says, _REPLACED, module, next_check=_CHECK)
    child = next((s for s in signs.where("exited", who="php-fpm child") if s["code"] not in ("", "0")), None)
    if child is not None and not signs.has("out_of_memory", "fpm_dies"):
        says = f"a child of PHP-FPM ends with code {child['code']}, and its request's connection with it"
        return _told.likely("premature_close_crash", 84, says, _REPLACED, child, broken, next_check=_CHECK)
    route, native = signs.first("one_route"), _native_told.native_end(signs)
    if route is not None and native is not None and not signs.has("out_of_memory", "heap_exhausted"):
        says = "native code crashes on one kind of request, and the connection breaks with it"
        return _told.likely("premature_close_crash", 88, says, _REPLACED, native, route, next_check=_CHECK)
    workers = [s for s in _outage.crashes(signs) if s["signal"] and not _outage.is_main(s)]
    native = next(
        (s for s in signs.of("crashed") if _native_told.NATIVE.search(s.line)), None
    ) or _native_told.native_frame(signs)
    if (
        native is not None
        and not (workers and broken)
        and not signs.has("out_of_memory", "heap_exhausted", *_outage.DEAF)
    ):
        says = "a native library that the app loads crashes its process, and the request's connection breaks"
        weight = 84 if broken is not None else 80
        return _told.likely(
            "premature_close_crash", weight, says, _REPLACED, native, broken, next_check=_CHECK
        )
    whole = next((s for s in _outage.crashes(signs) if s["signal"] == "SIGSEGV" and "139" in s.line), None)
    if whole is not None and broken is not None and not workers and not signs.has(*_outage.DEAF):
        says = "the app's process ends on a signal, and the connection of the request breaks with it"
        return _told.likely("premature_close_crash", 84, says, _REPLACED, whole, broken, next_check=_CHECK)
    died = max(workers, key=lambda sign: bool(sign["who"]), default=signs.first("handler_died"))
    if died is not None:
        says = "a worker of the app crashes on a request and its connection breaks"
        if (
            died.kind == "handler_died" and died["app"] != "mod_wsgi"
        ):  # the process lives on: a bug on a request (app_crash_runtime)
            return _told.likely("premature_close_crash", 70, says, _REPLACED, died, broken, next_check=_CHECK)
        own = broken is not None and broken.line != died.line
        if own and not signs.has("heap_exhausted", "out_of_memory"):
            return _told.confirmed("premature_close_crash", 92, says, _REPLACED, died, broken)
        weight = 82 if "worker" in died["who"] or "child" in died["who"] else 70
        return _told.likely("premature_close_crash", weight, says, _REPLACED, died, next_check=_CHECK)
    if broken is None or signs.has(
        "worker_timeout", "tls_not_spoken", "answer_not_protocol", "out_of_memory"
    ):
        return None
    # Signal 9 is the kernel's (oom_kill) or somebody's, 15 an order: no crash of its own.
    ended = next((s for s in signs.of("exited") if "worker" in s["who"] or "child" in s["who"]), None)
    says = "the connection breaks before the answer; maybe a worker of the app dies on the request"
    if ended is not None:
        return _told.likely("premature_close_crash", 72, says, _REPLACED, broken, ended, next_check=_CHECK)
    booted = _outage.replaced(signs)
    weight = 50 if booted or _UNPOOLED.search(broken.line) else _WEIGHTS.get(broken.kind, 40)
    return _told.possible("premature_close_crash", weight, says, _REPLACED, broken, booted, next_check=_CHECK)


_WEIGHTS = {"answer_closed": 35, "answer_cut": 42}
#: Connections of these are seldom kept, so a race over a kept one is unlikely.
_UNPOOLED = re.compile(r"(?:fastcgi|uwsgi|scgi)://|php\S*\.sock")
_REPLACED = _quote.useless("app", "workers are replaced already; the same request ends the next one")
_CHECK = "the app's log and the kernel's at the second of the error: does a worker die there?"
