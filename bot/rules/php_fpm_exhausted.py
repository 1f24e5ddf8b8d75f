"""PHP-FPM has no child left."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _outage, _quote, _restart_told, _told

_SAID = re.compile(r"(server )?reached (pm\.)?max_children setting", re.IGNORECASE)


def php_fpm_exhausted(app_journal: Journal, error_log: NginxErrorLog | None) -> Finding | None:
    """All children of the PHP-FPM pool are busy, so requests wait until nginx gives up.

    Why: PHP-FPM says that pm.max_children is reached.
    Ruled out when: it does not say so.
    Mistaken when: it was reached for a moment and requests are answered again.
    Mended by: faster scripts (slow log), a time limit for stuck ones (request_terminate_timeout), or more
    children where memory allows (pm.max_children).
    Not mended by: longer nginx time-outs; more children than memory holds.
    Source: fpm_process_ctl.c; php-fpm pm.max_children.
    """
    said = app_journal.matching(_SAID)
    if not said:
        return None
    logged = error_log.of(Fault.READ_TIMEOUT, Fault.BACKLOG, Fault.CONNECT_TIMEOUT) if error_log else ()
    return Finding(
        cause="php_fpm_exhausted",
        certainty=Certainty.CONFIRMED if logged else Certainty.LIKELY,
        says="all PHP-FPM children are busy",
        because=(_quote.logged(said[0]), *(_quote.error(entry) for entry in logged[:1])),
        restart=_quote.temporary("app", "children are free again until the slow requests come back"),
        next_check="what the children wait for (php-fpm slow log)",
        weight=69,
    )


def told(signs: Signs) -> Finding | None:
    """FPM's own line about its children; stuck ones are freed by a restart, busy ones are busy again."""
    full = next((s for s in signs.of("pool_exhausted") if s["app"] == "php-fpm"), None)
    seen = signs.first(*_outage.SLOW, *_outage.BROKEN, "dial_refused") or next(
        iter(_outage.gateway_errors(signs)), None
    )
    says = "all children of the PHP-FPM pool are busy, so requests wait"
    counted = signs.first("fpm_all_busy")
    if full is None and counted is not None and not signs.has("worker_timeout", "out_of_memory"):
        return _told.likely("php_fpm_exhausted", 89, says, _BUSY_AGAIN, counted, seen, next_check=_CHECK)
    if full is None:
        busy = next((s for s in signs.of("pool_busy") if s["app"] == "php-fpm"), None)
        if busy is not None and seen is not None:
            return _told.likely("php_fpm_exhausted", 66, says, _BUSY_AGAIN, busy, seen, next_check=_CHECK)
        return _guessed(signs)
    stuck = signs.has("answer_timeout")
    helped = _restart_told.brought_back(signs)
    of_fpm = helped if helped is not None and helped.what == "php-fpm" else None
    advice = _STUCK if stuck else of_fpm or _BUSY_AGAIN
    deeper = signs.has(
        "worker_timeout", "crashed", "out_of_memory", "dependency_away", "dial_denied", "lock_awaited"
    )
    queue = signs.first("dial_busy")
    if queue is not None and not deeper:  # a late answer alone may be one slow script's (http_504_timeout)
        return _told.confirmed("php_fpm_exhausted", 93, says, advice, full, queue)
    if seen is not None and not deeper and seen.kind not in ("dial_refused", *_outage.BROKEN):
        return _told.likely("php_fpm_exhausted", 90, says, advice, full, seen, next_check=_CHECK)
    return _told.likely("php_fpm_exhausted", 80, says, advice, full, seen, next_check=_CHECK)


_STUCK = _quote.temporary("php-fpm", "stuck children are gone until the slow requests come back")
_BUSY_AGAIN = _quote.useless("php-fpm", "the same load takes all children again")
_CHECK = "how long the children work on what (php-fpm status page, slow log)"


def _guessed(signs: Signs) -> Finding | None:
    """A FastCGI socket whose queue is full, or that answers too late, has all children busy."""
    waits = next(
        (
            s
            for s in signs.of("dial_busy", "answer_timeout", "dial_timeout")
            if (s["protocol"] == "fastcgi" or "php" in s["target"])
            and (s.kind != "dial_timeout" or "unix:" in s["target"])
        ),
        None,
    )
    if waits is None:
        return None
    says = "FastCGI waits for PHP-FPM; maybe all of its children are busy"
    weight = 40 if waits.kind == "answer_timeout" else 56
    return _told.possible("php_fpm_exhausted", weight, says, _BUSY_AGAIN, waits, next_check=_CHECK)
