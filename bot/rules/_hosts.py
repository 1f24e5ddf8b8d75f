"""A dialled address held against the hosts that are listed: none has it, or one that is off."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Finding
from bot.rules import _dialling, _quote, _told
from bot.rules._dialling import Place
from bot.rules._once import lines_of

_RESTART = _quote.useless("app", "the address that is dialled would stay the same")
_CHECK = "which address the app's host has now, and which one the proxy's file names"
_SILENT = ("dial_timeout", "dial_no_route", "answer_timeout")


def told(signs: Signs) -> Finding | None:
    """Only written addresses: for a name that is looked up, `dns_stale` speaks."""
    if fixed := _in_hosts_file(signs):
        return fixed
    if any(one.is_name and not one.is_loopback for one in _dialling.configured(signs)):
        return None
    return _off(signs) or _nobodys(signs) or _moved(signs) or _other_works(signs)


def _dials(signs: Signs) -> tuple[Place, ...]:
    dials = _dialling.dialled(signs)
    return tuple(d for d in dials if d.family == 4 and not d.is_loopback and d.sign.kind in _SILENT)


def _in_hosts_file(signs: Signs) -> Finding | None:
    """/etc/hosts gives the name the dialled address, and DNS another: a restart reads the same file again."""
    now = [s for s in signs.of("resolves") if s["address"]]
    lines = lines_of(signs) if now else ()
    if not any("/etc/hosts" in line for line in lines):
        return None
    for dial in _dialling.dialled(signs):
        entry = re.compile(rf"\A\s*{re.escape(dial.host)}\s+[a-zA-Z]")
        line = next((one for one in lines if entry.match(one)), None)
        if dial.family == 4 and not dial.is_loopback and line and now[0]["address"] != dial.host:
            says = f"/etc/hosts still gives {dial.host}, which is dialled; DNS says {now[0]['address']}"
            file = Sign(kind="hosts_file", line=line.strip())
            return _told.likely(
                "wrong_address", 90, says, _RESTART, dial.sign, file, now[0], next_check=_CHECK
            )
    return None


def _off(signs: Signs) -> Finding | None:
    """The listed host with that address is off, and one of a like name is on."""
    dialled = {dial.host for dial in _dials(signs)}
    for off in signs.where("host_listed", state="down"):
        named = off["address"] in dialled or _is_named_elsewhere(signs, off)
        on = next(
            (s for s in signs.where("host_listed", state="up") if _is_alike(s["name"], off["name"])), None
        )
        if named and on is not None:
            says = f"{off['name']} ({off['address']}) is dialled and off; {on['name']} has {on['address']}"
            return _told.likely("wrong_address", 84, says, _RESTART, off, on, next_check=_CHECK)
    return None


def _is_named_elsewhere(signs: Signs, off: Sign) -> bool:
    """Another line, of what fails, has the address."""
    failed = signs.of("not_reached", "health", "answers_not", "dials")
    return any(off["address"] in one.line and one.line != off.line for one in failed)


def _is_alike(one: str, other: str) -> bool:
    """`api-blue` and `api-green`, `home` and `home-1`."""
    return one[:_ALIKE] == other[:_ALIKE]


#: Letters by which two hosts' names are held to be of one service.
_ALIKE = 4


def _nobodys(signs: Signs) -> Finding | None:
    """Hosts of that network are listed, and none has the address that does not answer."""
    hosts = signs.where("host_listed", state="up")
    for dial in _dials(signs):
        listed = signs.of("host_listed")
        near = [s for s in hosts if s["address"].split(".")[:2] == dial.host.split(".")[:2]]
        near = near or [s for s in hosts if s["name"] == "Windows" and dial.host.startswith("172.")]
        if near and not any(s["address"] == dial.host for s in listed):
            says = f"{dial.text} is dialled and does not answer; of the hosts listed none has it"
            return _told.likely("wrong_address", 82, says, _RESTART, dial.sign, *near[:2], next_check=_CHECK)
    return None


def _moved(signs: Signs) -> Finding | None:
    """Somebody writes of a new address, and the host shows one of that network that is not dialled."""
    moved = signs.first("address_moved")
    for dial in _dials(signs) if moved is not None else ():
        own = [
            s
            for s in signs.of("own_address")
            if s["address"].rpartition(".")[0] == dial.host.rpartition(".")[0]
        ]
        if own and not any(s["address"] == dial.host for s in own):
            says = f"{dial.text} is dialled; the app's host has {own[0]['address']} now"
            return _told.likely(
                "wrong_address", 82, says, _RESTART, dial.sign, own[0], moved, next_check=_CHECK
            )
    return None


def _other_works(signs: Signs) -> Finding | None:
    """Somebody writes that another address in its place works."""
    works = signs.first("four_works")
    dial = next(iter(_dials(signs)), None)
    if works is None or dial is None or works["address"] == dial.host or _dialling.is_container_address(dial):
        return None
    says = f"{dial.text} is dialled and does not answer; {works['address']} in its place works"
    return _told.likely("wrong_address", 78, says, _RESTART, dial.sign, works, next_check=_CHECK)
