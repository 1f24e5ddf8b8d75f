"""What nginx saw of an address before the unit that listens there was started is over."""

from collections.abc import Mapping

from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.likely_units import LikelyUnits
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxError
from bot.rules import _address, _likely

#: Said of a whole group, by its name.
_OF_ALL = (Fault.NO_LIVE, Fault.DISABLED)


def is_over(error: NginxError, facts: Mapping[str, object]) -> bool:
    """The units that listen there were started after the error, and have not ended by themselves since."""
    likely, listeners, upstreams = (facts.get(step) for step in (_likely.STEP, "listeners", "upstreams"))
    if not isinstance(likely, LikelyUnits) or not isinstance(listeners, ListeningSockets) or error.at is None:
        return False
    probes = upstreams.probes if isinstance(upstreams, HttpProbes) else ()
    dialled = {p.address for p in probes} if error.fault in _OF_ALL else {error.address}
    places = [_address.split(address) if address else None for address in dialled]
    since = error.at.replace(microsecond=0)
    steady = [u for u in likely.units if u.active_since and u.active_since >= since and not u.restarts]
    ports = {socket.port for unit in steady for socket in _likely.sockets(unit, listeners)}
    return bool(places) and all(p and _address.is_local(p[0]) and p[1] in ports for p in places)
