"""The app answers on one address family, nginx dials the other."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _quote


def ipv6_mismatch(
    listeners: ListeningSockets, upstreams: HttpProbes | None, error_log: NginxErrorLog | None
) -> Finding | None:
    """`localhost` is two addresses, ::1 and 127.0.0.1; the app answers on one of them only.

    Why: nginx was refused on one family while the same port listens on the other family alone.
    Ruled out when: a listener on the port takes the dialled family.
    Mistaken when: the listener belongs to another program.
    Source: getaddrinfo(3), ipv6(7) IPV6_V6ONLY; ngx_http_proxy_module proxy_pass (all addresses are tried).
    """
    entries = {e.address: (_quote.error(e),) for e in error_log.errors if e.address} if error_log else {}
    is_part = _address.any_well(upstreams)
    for address, lines in {**entries, **_address.refused(upstreams, error_log)}.items():
        place = _address.split(address)
        if place is None or not any("efused" in line.text or "refused" in line.text for line in lines):
            continue
        host, port = place
        sockets = listeners.on_port(port)
        if not sockets or any(_address.takes(s, host) for s in sockets) or host == "localhost":
            continue
        other = [s for s in sockets if s.is_v6 != (":" in host)]
        if other:
            return Finding(
                cause="ipv6_mismatch",
                certainty=Certainty.LIKELY if is_part else Certainty.CONFIRMED,
                says=f"nginx dials {address}; the port is open on {other[0].address} only",
                because=(*lines, Line(step="listeners", text=other[0].line)),
                restart=_quote.useless("app", "it would bind the same family again"),
                next_check="whether requests fail at all: another server answers" if is_part else None,
                weight=4 if is_part else 86,
            )
    return None
