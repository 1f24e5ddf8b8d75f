"""There is no way from nginx to the app."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _quote


def firewall_or_no_route(error_log: NginxErrorLog | None, upstreams: HttpProbes | None) -> Finding | None:
    """A packet filter, a route or a dead neighbour stands between nginx and the upstream.

    Why: connecting gives "No route to host", or times out, from this host too.
    Ruled out when: the upstream takes or refuses connections.
    Mistaken when: the address is stale (dns_stale), or the other host is down.
    Source: connect(2) EHOSTUNREACH, ETIMEDOUT; iptables REJECT --reject-with icmp-host-prohibited.
    """
    logged = error_log.of(Fault.NO_ROUTE, Fault.CONNECT_TIMEOUT) if error_log else ()
    lost = upstreams.that(Answer.UNREACHABLE, Answer.CONNECT_TIMEOUT) if upstreams else ()
    far = [p for p in lost if (place := _address.split(p.address)) and not _address.is_local(place[0])]
    reached = {p.address for p in upstreams.probes if p not in lost} if upstreams else set()
    logged = tuple(e for e in logged if e.address not in reached)
    if not far and not any(entry.fault is Fault.NO_ROUTE for entry in logged):
        return None
    where = far[0].address if far else logged[0].address
    return Finding(
        cause="firewall_or_no_route",
        certainty=Certainty.LIKELY if far else Certainty.POSSIBLE,
        says=f"there is no way from this host to the upstream {where}",
        because=(*(_quote.error(entry) for entry in logged[:1]), *(_quote.probe(probe) for probe in far[:1])),
        restart=_quote.useless("app", "the way to it stays closed"),
        next_check="is the other host up, does its filter let this one in, is the address right?",
        weight=63,
    )
