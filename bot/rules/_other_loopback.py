"""A loopback that refuses while the host's own address answers on that port: it is another loopback."""

import ipaddress

from bot.model.sign import Signs
from bot.rules import _dialling
from bot.rules._dialling import Place


def answered(signs: Signs, dial: Place) -> Place | None:
    """The host's address that answers, for a dial of a proxy that no line shows on the host.

    What listens on every address, as a published port does, would take both.
    """
    if not dial.is_loopback or _dialling.is_on_host(dial.sign) or _dialling.on_port(signs, dial.port):
        return None
    asked = (_dialling.place(sign["target"], sign, "http") for sign in signs.of("answers"))
    return next((one for one in asked if one and one.port == dial.port and _is_of_lan(one)), None)


def _is_of_lan(one: Place) -> bool:
    try:
        address = ipaddress.ip_address(one.host)
    except ValueError:
        return False
    return address.is_private and not address.is_loopback and not _dialling.is_container_address(one)
