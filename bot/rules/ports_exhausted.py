"""No local port is left to dial the app from."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _quote, _told


def ports_exhausted(
    error_log: NginxErrorLog | None, upstreams: HttpProbes | None, config: NginxConfig | None
) -> Finding | None:
    """All local ports from which nginx may dial the app are taken: connections that are open, or that ended
    less than a minute ago.

    Why: connect() gives "Cannot assign requested address" (99) for an IPv4 address.
    Ruled out when: connections are made, or fail for another reason.
    Mistaken when: proxy_bind names an address that is not this host's.
    Mended by: connections that are used again (keepalive in the upstream group, proxy_http_version 1.1 and an
    empty Connection header), a unix socket, a wider net.ipv4.ip_local_port_range, net.ipv4.tcp_tw_reuse, a
    second address of the upstream; an end to whoever opens connections and does not close them.
    Not mended by: a restart of nginx or the app where the ports rest in TIME_WAIT, more workers, a higher
    worker_connections.
    Source: connect(2) EADDRNOTAVAIL; ip(7) ip_local_port_range; ngx_event_connect.c; proxy_bind.
    """
    logged = [e for e in error_log.of(Fault.NO_ADDRESS) if "[" not in e.address] if error_log else []
    asked = upstreams.that(Answer.NO_ADDRESS) if upstreams else ()
    if not logged and not asked:
        return None
    bound = [d for d in config.named(*_BIND) if d.arguments[:1] not in ((), ("off",))] if config else []
    if bound and not asked:
        return _not_ours(_quote.error(logged[0]), bound[0].text)
    address = logged[0].address if logged else asked[0].address
    again = [p for p in upstreams.probes if p.address == address and p.is_well] if upstreams else []
    return Finding(
        cause="ports_exhausted",
        certainty=Certainty.LIKELY if again or (config is None and not asked) else Certainty.CONFIRMED,
        says=f"this host has no local port left to dial {address} from"
        if not again
        else f"this host had no local port left to dial {address} from; just now there was one",
        because=(*(_quote.error(e) for e in logged[:1]), *(_quote.probe(p) for p in asked[:1])),
        restart=_quote.useless(
            "app",
            "ports of connections that ended rest for a minute, and are taken again under the same load",
        ),
        next_check=f"`ss -tan dst {address} | cut -c1-10 | sort | uniq -c` and `sysctl "
        "net.ipv4.ip_local_port_range`: many TIME-WAIT want keepalive, many ESTAB or CLOSE-WAIT have one who"
        " does not close them (`ss -tanp`)",
        weight=89,
    )


_BIND = ("proxy_bind", "fastcgi_bind", "uwsgi_bind", "scgi_bind", "grpc_bind")


def _not_ours(said: Line, directive: str) -> Finding:
    """With an address of its own to dial from, that one may be missing as well as its ports be used up."""
    return Finding(
        cause="ports_exhausted",
        certainty=Certainty.LIKELY,
        says=f"nginx finds no local address or port to dial from ({directive.rstrip(';')})",
        because=(said, Line(step="config", text=directive)),
        restart=_quote.useless("app", "nginx has no address to dial it from afterwards either"),
        mend="an address of this host in that directive, or none; if it is one, keepalive to the upstream",
        next_check="`ip addr`: does this host have the address that the directive names?",
        weight=89,
    )


def told(signs: Signs) -> Finding | None:
    """The kernel's word for it, of an IPv4 address; IPv6 may just be off (ipv6_mismatch)."""
    said = next((s for s in signs.of("dial_no_address") if _FOUR.search(s.line)), None)
    if said is None:
        return None
    says = "the proxy has no local port left to dial the app from"
    return _told.likely("ports_exhausted", 84, says, _AGAIN, said, next_check=_CHECK)


_FOUR = re.compile(r"\bto \d{1,3}(?:\.\d{1,3}){3}:\d+ failed", re.IGNORECASE)
_AGAIN = _quote.useless("app", "the ports are taken again under the same load")
_CHECK = "`ss -tan dst ADDRESS` by state and `sysctl net.ipv4.ip_local_port_range`; is proxy_bind set?"
