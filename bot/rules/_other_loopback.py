"""A loopback that refuses while the host's own address answers on that port: it is another loopback."""

import ipaddress

from bot.model.sign import Sign, Signs
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


def door(signs: Signs, dial: Place) -> tuple[Sign, ...] | None:
    """The published port and its answer by hand, for a refused dial: who dials is not on the host."""
    published = _dialling.mapped(signs, dial) if dial.is_loopback else None
    if published is None or published["host_port"] == published["port"] or _dialling.is_on_host(dial.sign):
        return None
    answer = _answer(signs, dial.port)
    return (published, answer) if answer is not None else None


def asked(signs: Signs, written: Place) -> Sign | None:
    """For a loopback address in the files: that very port answers by hand, at whatever address."""
    return _answer(signs, written.port) if written.port not in (80, 443) else None


def _answer(signs: Signs, port: int) -> Sign | None:
    for sign in signs.of("answers", "opened_as"):
        one = _dialling.place(sign["target"], sign, "http")
        if one is not None and one.port == port:
            return sign
    return None


def _is_of_lan(one: Place) -> bool:
    try:
        address = ipaddress.ip_address(one.host)
    except ValueError:
        return False
    return address.is_private and not address.is_loopback and not _dialling.is_container_address(one)
