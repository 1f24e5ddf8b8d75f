"""Which IP addresses a probe may connect to; decided on the address itself, never on its spelling.

Sources: IANA special-purpose address registries (RFC 6890); RFC 3927 (link-local, where cloud metadata
lives), RFC 6052 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo); AWS and Alibaba metadata addresses.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192")))


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a probe may reach besides public addresses."""

    #: 10/8, 172.16/12, 192.168/16, fc00::/7 and their like: fleets on a private network.
    allow_private: bool = False
    #: For tests on this machine.
    allow_loopback: bool = False


def refusal(address: str, reach: Reach) -> str | None:
    """Why a probe may not connect to this address; None when it may."""
    try:
        ip = ip_address(address.split("%", 1)[0])
    except ValueError:
        return f"{address!r} is no IP address"
    for each in _meant(ip):
        why = _refusal(each, reach)
        if why:
            return f"{address} is {why}"
    return None


def _refusal(ip: IPv4Address | IPv6Address, reach: Reach) -> str | None:
    if ip in _METADATA:
        return "a cloud metadata address, which is never asked"
    if ip.is_loopback:
        return None if reach.allow_loopback else "loopback: it would ask the bot's own machine"
    if ip.is_link_local or ip.is_unspecified or ip.is_multicast or ip.is_reserved or _is_this_network(ip):
        return "no address of a service (link-local, unspecified, multicast or reserved)"
    if not ip.is_global and not reach.allow_private:
        return "private; allow private addresses for the outside probe to ask it"
    return None


def _is_this_network(ip: IPv4Address | IPv6Address) -> bool:
    return ip.version == 4 and ip.packed[0] == 0


def _meant(ip: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The address, or the IPv4 address it stands for; Teredo names two."""
    if isinstance(ip, IPv4Address):
        return [ip]
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    if ip in _NAT64 or (int(ip) >> 32 == 0 and int(ip) > 1):
        return [IPv4Address(int(ip) & 0xFFFFFFFF)]
    if ip.sixtofour is not None:
        return [ip, ip.sixtofour]
    return [ip, *(ip.teredo or ())]
