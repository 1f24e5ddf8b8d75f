"""The app server killed its own worker."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.rules import _fpm, _outage, _quote, _told

#: gunicorn (arbiter.py), uWSGI (master.c harakiri), unicorn (http_server.rb), Puma, PHP-FPM (fpm_request.c).
KILLED_FOR_TIME = re.compile(
    # uWSGI in capitals: at its start it says that it was set ("you have enabled harakiri …").
    r"HARAKIRI (?:\[\w+\] )?(?:ON WORKER|!!! worker|triggered by)"
    r"|WORKER TIMEOUT|worker=\d+ PID:\d+ timeout|[Tt]erminating timed out worker"
    r"|execution timed out \([\d.]+ sec\), terminating"
)


def upstream_timeout_worker_kill(
    app_journal: Journal | None,
    error_log: NginxErrorLog | None,
    php_fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    front: HttpProbes | None,
) -> Finding | None:
    """The app server ends workers that take longer than its own timeout; nginx sees the connection close.

    Why: its log says that it killed a worker for its time. Where PHP-FPM's log may not be read: nginx gave
    502 after just the time that the pool's request_terminate_timeout allows.
    Ruled out when: it does not say so.
    Mistaken when: the worker was stuck because memory ran short (oom_kill).
    Mended by: a faster request (query, call, job moved to the background) or a time-out of the app server
    that allows it; enough memory where workers swap.
    Not mended by: a restart, for workers are replaced already; a longer proxy time-out alone, for the app
    server's is the shorter one.
    Source: gunicorn settings `timeout`, uWSGI `harakiri`, unicorn `timeout`, PHP-FPM
    request_terminate_timeout.
    """
    said = [_quote.logged(entry) for entry in (app_journal.matching(KILLED_FOR_TIME) if app_journal else ())]
    said += [
        _fpm.quoted(entry) for entry in reversed(_fpm.words(php_fpm, upstreams, error_log, KILLED_FOR_TIME))
    ]
    if not said:
        return _by_the_clock(php_fpm, upstreams, error_log, front)
    logged = error_log.of(Fault.CLOSED_EARLY, Fault.RESET, Fault.READ_TIMEOUT) if error_log else ()
    return Finding(
        cause="upstream_timeout_worker_kill",
        certainty=Certainty.CONFIRMED if logged else Certainty.LIKELY,
        says=_of_fpm(php_fpm, upstreams, error_log)
        or "the app server kills its own workers because requests take longer than its timeout",
        because=(said[0], *(_quote.error(entry) for entry in logged[:1])),
        restart=_quote.useless("app", "workers are already replaced; the requests stay slow"),
        next_check="which request is slow, and what it waits for",
        weight=69,
    )


_LIMIT = re.compile(r"([1-9]\d{0,5})(s|m|h|d)?")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
#: FPM looks at the clock of its children a few times within the limit, at the latest so long after it.
_LATE_S = 1.5


def _by_the_clock(
    fpm: PhpFpm | None,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    front: HttpProbes | None,
) -> Finding | None:
    """FPM's log is shut, and a request of ours was cut off after the time that a pool allows."""
    closed = error_log.of(Fault.CLOSED_EARLY, Fault.RESET) if error_log else ()
    shut = _fpm.shut(fpm)
    if fpm is None or front is None or not closed or shut is None:
        return None
    for pool in _fpm.dialled(fpm, upstreams, error_log):
        said = pool.settings.get("request_terminate_timeout", "")
        limit = _LIMIT.fullmatch(said)
        after_s = int(limit[1]) * _SECONDS[limit[2] or ""] if limit else 0
        for probe in front.probes:
            took_s = (probe.total_ms or 0) / 1000
            if after_s and probe.status == 502 and after_s <= took_s <= 2 * after_s + _LATE_S:
                return Finding(
                    cause="upstream_timeout_worker_kill",
                    certainty=Certainty.LIKELY,
                    says=f"nginx lost the connection after {took_s:.1f} s, as when PHP-FPM ends a child that"
                    f" takes longer than request_terminate_timeout = {said}",
                    because=(_quote.error(closed[0]), _quote.probe(probe, "front")),
                    restart=_quote.useless("app", "workers are already replaced; the requests stay slow"),
                    next_check=f"{shut}: `execution timed out`?",
                    weight=69,
                )
    return None


_SCRIPT = re.compile(r"script '(?P<script>[^']{1,200})'.* execution timed out \((?P<took>[\d.]+) sec\)")


def _of_fpm(fpm: PhpFpm | None, upstreams: HttpProbes | None, error_log: NginxErrorLog | None) -> str | None:
    """Which script, and which limit, where PHP-FPM says the one and its files the other."""
    ended = _fpm.words(fpm, upstreams, error_log, _SCRIPT)
    found = _SCRIPT.search(ended[-1].message) if ended else None
    if found is None:
        return None
    limits = {
        pool.settings.get("request_terminate_timeout", "") for pool in _fpm.dialled(fpm, upstreams, error_log)
    }
    limit = f" = {limits.pop()}" if len(limits) == 1 and "" not in limits else ""
    return (
        f"PHP-FPM ends the child that runs {found['script']} after {float(found['took']):.1f} s"
        f" (request_terminate_timeout{limit})"
    )


def told(signs: Signs) -> Finding | None:
    """The app server's own line about the worker that it killed."""
    killed = signs.first("worker_timeout")
    if killed is None:
        return _guessed(signs)
    seen = _outage.broken_or_slow(signs)
    memory = signs.first("out_of_memory", "no_memory")
    if memory is not None or signs.has("app_failed", "missing_module"):
        return _told.likely(_CAUSE, 68, _SAYS, _SLOW_AGAIN, killed, memory, next_check=_CHECK)
    if _outage.overflow(signs) is not None:
        return _told.likely(_CAUSE, 86, _SAYS, _SLOW_AGAIN, killed, seen, next_check=_CHECK)
    # mod_fcgid has waited too long, as nginx would have, and ends the process for that (fcgid_bridge.c).
    is_proxys = killed["app"] == "fcgid"
    if (
        seen is not None
        and not is_proxys
        and not signs.has("dial_denied", "answer_not_protocol", "pool_exhausted")
    ):
        return _told.confirmed(_CAUSE, 92, _SAYS, _SLOW_AGAIN, killed, seen)
    return _told.likely(_CAUSE, 88, _SAYS, _SLOW_AGAIN, killed, next_check=_CHECK)


_CAUSE = "upstream_timeout_worker_kill"
_SAYS = "the app server kills its own workers because they take longer than its time-out"
_SLOW_AGAIN = _quote.useless("app", "workers are replaced already; what is slow stays slow")
_CHECK = "which request (or start) takes so long, and whether memory is short meanwhile"


def _guessed(signs: Signs) -> Finding | None:
    """An early close, and an app server that kills slow workers: gunicorn after 30 s as it comes."""
    ended = next((s for s in signs.of("killed") if s["signal"] == "9" and "worker" in s["who"]), None)
    denied = signs.first("kills_denied")
    if ended is not None and denied is not None:
        says = "a worker is ended by signal 9, and not for want of memory: its own master ends slow ones so"
        return _told.likely(_CAUSE, 72, says, _SLOW_AGAIN, ended, denied, next_check=_CHECK)
    closed = signs.first("answer_closed", *(("answer_reset",) if signs.has("kill_time") else ()))
    if closed is None or signs.has("crashed", "out_of_memory", "answer_not_protocol", "tls_not_spoken"):
        return None
    servers = signs.of("worker_booted", "starting", "listening")
    server = next((sign for sign in servers if _KILLS.search(sign.line)), None)
    says = "the connection was closed before the answer; maybe the app server killed a slow worker"
    after = signs.first("kill_after")
    if after is not None and not signs.has("sporadic"):
        says = "the connection is closed before the answer, always after the same time: somebody's time-out"
        return _told.likely(_CAUSE, 66, says, _SLOW_AGAIN, closed, after, next_check=_CHECK)
    limit = signs.first("kill_time")
    weight = 52 if limit is not None else 47 if server is not None else 34
    if limit is None and server is not None and _outage.replaced(signs) is not None:
        weight = 44  # gunicorn says so when it kills one
    server = limit or server
    return _told.possible(_CAUSE, weight, says, _SLOW_AGAIN, closed, server, next_check=_CHECK)


_KILLS = re.compile(r"gunicorn|uwsgi|unicorn|Booting worker", re.IGNORECASE)
