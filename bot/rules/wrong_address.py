"""The app listens on the right port of another address."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _quote


def wrong_address(
    listeners: ListeningSockets, upstreams: HttpProbes | None, error_log: NginxErrorLog | None
) -> Finding | None:
    """nginx dials an address where the app does not listen, though its port is right.

    Why: the address refuses, and the port has a listener that is bound to another address of the same family.
    Ruled out when: a listener on the port takes the dialled address.
    Mistaken when: two programs use the port on different addresses.
    Source: bind(2), ip(7).
    """
    is_part = _address.any_well(upstreams)
    for address, lines in _address.refused(upstreams, error_log).items():
        place = _address.split(address)
        if place is None or place[0] == "localhost":
            continue
        host, port = place
        sockets = listeners.on_port(port)
        same = [s for s in sockets if (":" in host) == s.is_v6 and not s.is_any]
        if sockets and same and not any(_address.takes(s, host) for s in sockets):
            return Finding(
                cause="wrong_address",
                certainty=Certainty.LIKELY if is_part else Certainty.CONFIRMED,
                says=f"nginx dials {address}; on that port only {same[0].address} is listened on",
                because=(*lines, Line(step="listeners", text=same[0].line)),
                restart=_quote.useless("app", "it would bind the same address again"),
                next_check="whether requests fail at all: another server answers" if is_part else None,
                weight=4 if is_part else 86,
            )
    return None
