"""Addresses that containers and pods have by default."""

import ipaddress
import re
from functools import lru_cache

from bot.rules._place import Place, address_of

#: Parts of an address that somebody blotted out.
_HIDDEN = re.compile(r"\.(?:x+|\*+|y+|z+)(?=\.|\Z)")
_DOCKER_DNS = re.compile(r"\A(?:host|gateway)\.docker\.internal\Z")
#: Docker's pools (of 172.31, AWS' default, only what Docker gives first), k3s' and flannel's pods. It cuts
#: 192.168.0.0/16 into networks of 4096 and gives the lowest addresses first; the first one is most often
#: somebody's LAN.
_CONTAINER_NETS = (
    *(
        ipaddress.ip_network(net)
        for net in ("172.16.0.0/13", "172.24.0.0/14", "172.28.0.0/15", "172.30.0.0/16", "172.31.0.0/28")
    ),
    *(ipaddress.ip_network(net) for net in ("10.42.0.0/16", "10.244.0.0/16")),
    *(ipaddress.ip_network(net) for net in ("10.88.0.0/16", "10.89.0.0/16")),  # Podman
    *(ipaddress.ip_network(f"192.168.{third}.0/24") for third in range(16, 256, 16)),
)


def is_container_address(dial: Place) -> bool:
    """An address of Docker's bridges or of pods as they are by default."""
    return _is_of_containers(dial.host)


@lru_cache(maxsize=4096)
def _is_of_containers(host: str) -> bool:
    address = None if _DOCKER_DNS.match(host) else address_of(_HIDDEN.sub(".0", host))
    return address is not None and any(
        address in net for net in _CONTAINER_NETS if net.version == address.version
    )
