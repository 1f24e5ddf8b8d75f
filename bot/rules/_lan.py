"""Addresses of hosts in a LAN: whose they are, and that a public one does not lead back in.

Source: iptables-extensions(8) SNAT and MASQUERADE (what a "hairpin" needs); docs.docker.com "Macvlan network
driver"; RFC 6762 (names in `.local`).
"""

import ipaddress
import re

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _neighbours, _quote, _told
from bot.rules._dialling import Place

_RESTART = _quote.useless("app", "it would bind the same address again")
_CHECK = "which address the app is bound to, and from where it is dialled"


def told(signs: Signs) -> Finding | None:
    """The host that is dialled is not the app's (`wrong_address`)."""
    return _hairpin(signs) or _own_address(signs) or _renumbered(signs) or _not_its_own(signs)


def _hairpin(signs: Signs) -> Finding | None:
    """A public address is dialled from behind its own router, which leads nothing back in."""
    said = signs.first("hairpin")
    lost = ("dial_timeout", "dial_refused", "dial_no_route", "dial_failed", "answer_timeout", "not_reached")
    dials = (one for one in _dialling.dialled(signs) if one.sign.kind in lost)
    dial = next((one for one in dials if is_public(one) or (one.is_name and not one.is_service)), None)
    if said is None or dial is None:
        return None
    says = f"{dial.text} is the public address of the router before both; inside, the app has another one"
    return _told.likely("wrong_address", 82, says, _RESTART, dial.sign, said, next_check=_CHECK)


def _own_address(signs: Signs) -> Finding | None:
    """The container has an address of its own in the LAN (macvlan, ipvlan), and another host's is dialled."""
    for dial in _dialling.dialled(signs):
        if dial.is_name or dial.is_loopback or _dialling.is_container_address(dial):
            continue
        own = next((s for s in signs.of("on_network") if _is_neighbour(dial, s["address"])), None)
        if own is not None and not any(s["address"] == dial.host for s in signs.of("on_network")):
            says = f"{dial.text} is dialled; the container is in the LAN itself, at {own['address']}"
            return _told.likely("wrong_address", 84, says, _RESTART, dial.sign, own, next_check=_CHECK)
    return None


def _is_neighbour(dial: Place, address: str) -> bool:
    """Another address of the same /24; Docker's own networks are no LAN."""
    return (
        address != dial.host and bool(address) and address.rpartition(".")[0] == dial.host.rpartition(".")[0]
    )


def _renumbered(signs: Signs) -> Finding | None:
    """Nobody has the dialled address, and by its name in the LAN the app answers: DHCP gave it another."""
    lost = next((one for one in _dialling.dialled(signs) if one.sign.kind == "dial_no_route"), None)
    if lost is None and signs.has("not_reached") and not signs.has("dial_timeout", "dial_refused"):
        lost = next((one for one in _dialling.configured(signs) if one.family == 4), None)
    if lost is None or lost.is_name or _dialling.is_container_address(lost) or is_public(lost):
        return None
    named = next((s for s in signs.of("answers") if _OF_THE_HOME.search(s["target"])), None)
    if named is None:
        return None
    says = f"nobody has {lost.text}; by its name {named['target']} the app answers: its address is another"
    return _told.likely("wrong_address", 80, says, _RESTART, lost.sign, named, next_check=_ADDRESS)


#: Names that a home network's router or the host itself (mDNS) gives.
_OF_THE_HOME = re.compile(r"\.(?:local|lan|home|home\.arpa|fritz\.box)(?::\d+)?\Z", re.IGNORECASE)
_ADDRESS = "which address the app's host has now: `ping NAME.local`, or the router's list of leases"


def _not_its_own(signs: Signs) -> Finding | None:
    """The app's host shows another address than the one dialled, or nobody answers for that one."""
    for dial in _dialling.dialled(signs):
        own = _neighbours.host_of_app(signs, dial)
        if own is not None:
            says = f"{dial.text} is dialled; the host that listens there has the address {own['address']}"
            return _told.likely("wrong_address", 84, says, _RESTART, dial.sign, own, next_check=_CHECK)
        unheard = _neighbours.unheard(signs, dial)
        if unheard is None or _dialling.is_container_address(dial) or signs.has("address_moved"):
            continue
        says = f"no host has the address of {dial.text}: it is off, or has another one now"
        if others := _neighbours.others(signs, dial):
            return _told.likely(
                "wrong_address", 74, says, _RESTART, dial.sign, unheard, *others[:1], next_check=_CHECK
            )
        return _told.possible("wrong_address", 55, says, _RESTART, dial.sign, unheard, next_check=_CHECK)
    return None


def is_public(dial: Place) -> bool:
    """An app's own address is seldom one of the internet's; documentation's examples are."""
    try:
        address = ipaddress.ip_address(dial.host)
    except ValueError:
        return False
    return address.is_global or any(address in net for net in _EXAMPLES if net.version == address.version)


#: RFC 5737: addresses for documentation.
_EXAMPLES = tuple(map(ipaddress.ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))
