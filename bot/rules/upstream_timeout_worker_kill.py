"""The app server killed its own worker."""

import re

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.journal import Journal
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote

#: gunicorn (arbiter.py), uWSGI (master.c harakiri), unicorn (http_server.rb), Puma, PHP-FPM (fpm_request.c).
_SAID = re.compile(
    r"WORKER TIMEOUT|HARAKIRI|worker=\d+ PID:\d+ timeout|Terminating timed out worker|"
    r"execution timed out \([\d.]+ sec\), terminating",
    re.IGNORECASE,
)


def upstream_timeout_worker_kill(app_journal: Journal, error_log: NginxErrorLog | None) -> Finding | None:
    """The app server ends workers that take longer than its own timeout; nginx sees the connection close.

    Why: its log says that it killed a worker for its time.
    Ruled out when: it does not say so.
    Mistaken when: the worker was stuck because memory ran short (oom_kill).
    Source: gunicorn settings `timeout`, uWSGI `harakiri`, unicorn `timeout`, PHP-FPM
    request_terminate_timeout.
    """
    said = app_journal.matching(_SAID)
    if not said:
        return None
    logged = error_log.of(Fault.CLOSED_EARLY, Fault.RESET, Fault.READ_TIMEOUT) if error_log else ()
    return Finding(
        cause="upstream_timeout_worker_kill",
        certainty=Certainty.CONFIRMED if logged else Certainty.LIKELY,
        says="the app server kills its own workers because requests take longer than its timeout",
        because=(_quote.logged(said[0]), *(_quote.error(entry) for entry in logged[:1])),
        restart=_quote.useless("app", "workers are already replaced; the requests stay slow"),
        next_check="which request is slow, and what it waits for",
        weight=69,
    )
