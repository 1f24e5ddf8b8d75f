"""nginx has taken every upstream server out."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote


def no_live_upstreams(error_log: NginxErrorLog, upstreams: HttpProbes | None) -> Finding | None:
    """nginx counts every server of the group as failed (max_fails, fail_timeout) and asks none of them.

    Why: nginx says "no live upstreams", though a server answers when asked directly.
    Ruled out when: nginx does not say so.
    Mistaken when: the servers really are down - then that is the cause and this only its echo.
    Source: ngx_http_upstream_module max_fails, fail_timeout.
    """
    logged = error_log.of(Fault.NO_LIVE)
    if not logged:
        return None
    well = [probe for probe in upstreams.probes if probe.is_well] if upstreams else []
    return Finding(
        cause="no_live_upstreams",
        certainty=Certainty.CONFIRMED if well and not error_log.of(Fault.REFUSED) else Certainty.POSSIBLE,
        says="nginx counts all upstream servers as failed"
        + ("; one answers when asked directly" if well else ""),
        because=(_quote.error(logged[0]), *(_quote.probe(probe) for probe in well[:1])),
        restart=_quote.useless("app", "nginx asks it again by itself after fail_timeout"),
        next_check="the error each server gave before nginx took it out",
        weight=30,
    )
