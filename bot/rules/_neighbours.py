"""An address that is dialled, held against the addresses that hosts have."""

import ipaddress

from bot.model.sign import Sign, Signs
from bot.rules import _dialling
from bot.rules._dialling import Place


def state_of(signs: Signs, address: str) -> Sign | None:
    """What the proxy's table of neighbours last said of an address."""
    return next(iter(signs.where("neighbour", address=address)[-1:]), None)


def unheard(signs: Signs, dial: Place) -> Sign | None:
    """Nobody answers for the address on its network: no filter, for a filter's host is a neighbour."""
    said = state_of(signs, dial.host)
    return said if said is not None and said["state"] == "failed" else None


def others(signs: Signs, dial: Place) -> tuple[Sign, ...]:
    """Neighbours that are there, but for the likely gateways."""
    known = signs.where("neighbour", state="known")
    return tuple(s for s in known if s["address"] != dial.host and not s["address"].endswith((".1", ".254")))


def host_of_app(signs: Signs, dial: Place) -> Sign | None:
    """The address of a host on the dialled network that listens on the dialled port, and is not dialled."""
    if dial.family != 4 or dial.is_loopback or any(d.is_name for d in _dialling.configured(signs)):
        return None
    if _dialling.is_container_address(dial):  # given anew with each start: dns_stale
        return None
    own = signs.of("own_address")
    if any(sign["address"] == dial.host for sign in own):
        return None
    open_to_all = [one.sign.at[0] for one in _dialling.on_port(signs, dial.port) if one.is_any]
    near = (s for s in own if ipaddress.ip_address(dial.host) in ipaddress.ip_network(s["net"]))
    return next((sign for sign in near if sign.at[0] in open_to_all), None)
