"""nginx has no connections left."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def worker_connections(error_log: NginxErrorLog, config: NginxConfig | None) -> Finding | None:
    """nginx's workers have used up worker_connections; clients get 500 or are dropped.

    Why: nginx says so itself.
    Ruled out when: nginx does not say so.
    Mistaken when: a loop (nginx proxies to itself) or a slow upstream holds the connections.
    Source: ngx_connection.c ngx_get_connection; ngx_core_module worker_connections.
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
