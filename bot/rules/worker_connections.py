"""nginx has no connections left."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _front, _quote, _told


def worker_connections(error_log: NginxErrorLog, config: NginxConfig | None) -> Finding | None:
    """nginx's workers have used up worker_connections; clients get 500 or are dropped.

    Why: nginx says so itself.
    Ruled out when: nginx does not say so.
    Mistaken when: a loop (nginx proxies to itself) or a slow upstream holds the connections.
    Mended by: a higher worker_connections (and worker_rlimit_nofile above it), more workers, and an end
    to what holds the connections: a loop to itself, long polls, a slow upstream.
    Not mended by: a restart of the app; a restart of nginx frees them for minutes.
    Source: ngx_connection.c ngx_get_connection; ngx_core_module worker_connections;
    ngx_process_cycle.c ngx_cache_manager_process_cycle.
    """
    logged = error_log.of(Fault.CONNECTIONS)
    if not logged:
        return None
    limit = config.worker_connections if config else None
    lines = (Line(step="config", text=f"worker_connections {limit};"),) if limit else ()
    return Finding(
        cause="worker_connections",
        certainty=Certainty.CONFIRMED,
        says="nginx has no connections left" + (f" (worker_connections {limit})" if limit else ""),
        because=(_quote.error(logged[0]), *lines),
        restart=_quote.useless("app", "the limit is nginx's, and it fills again"),
        weight=90,
    )


def told(signs: Signs) -> Finding | None:
    """nginx's own sentence settles it; the warning at its start only says that it may come."""
    said = [s for s in signs.of("connections_limit") if "worker_connections" in s.line]
    real = next((s for s in said if "exceed open file" not in s.line), None)
    set_to = _front.setting(signs, "worker_connections")
    if real is not None and set_to is not None and real["limit"] and real["limit"] not in set_to["value"]:
        says = f"nginx complains of {real['limit']} connections although more are set"
        return _told.likely("worker_connections", 74, says, _FULL, real, set_to, next_check=_IN_FORCE)
    if real is not None and (more := _set_elsewhere(signs, real["limit"])):
        says = f"nginx complains of {real['limit']} connections although {more} are said to be set"
        return _told.likely("worker_connections", 74, says, _FULL, real, next_check=_IN_FORCE)
    if real is not None:
        limit = f" (worker_connections {real['limit']})" if real["limit"] else ""
        says = f"nginx has no connections left{limit}"
        taken = signs.first("port_taken", "dials_itself")
        if taken is not None:  # nginx that listens on the app's port asks itself until none is left
            check = "who listens on the port that nginx dials: is it nginx itself?"
            return _told.possible("worker_connections", 58, says, _FULL, real, taken, next_check=check)
        if real["limit"] == _OF_CACHE_MANAGER and set_to is None:
            return _told.likely("worker_connections", 90, says, _FULL, real, next_check=_WHO)
        return _told.confirmed("worker_connections", 96, says, _FULL, real)
    if said and not _front.upstream_trouble(signs):
        says = "worker_connections is higher than the descriptors nginx may open; it only warns"
        check = "whether `worker_connections are not enough` or `Too many open files` follows"
        return _told.possible("worker_connections", 40, says, _FULL, said[0], next_check=check)
    return None


#: Somebody writes of the directive; nginx's own line has the number before the word.
_SAID = re.compile(r"\bworker_connections[^\d\n]{0,20}(\d{3,7})\b")


def _set_elsewhere(signs: Signs, limit: str) -> str:
    """Another number that the text gives for the directive, where no configuration is pasted."""
    return next((number for number in _SAID.findall(signs.text) if limit and number != limit), "")


#: What the cache manager has whatever is set (ngx_process_cycle.c), beside what a worker has by default.
_OF_CACHE_MANAGER = "512"
_WHO = (
    "`ps` of the process that wrote the line: a worker, or the cache manager, whose 512 no directive changes"
)
_IN_FORCE = "which process writes it, and what `nginx -T` has in force: was the change read?"
_FULL = _quote.useless("app", "the limit is nginx's, and it fills again")
