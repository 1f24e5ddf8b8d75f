"""The app listens on the right port of another address."""

import re

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.containers import Containers
from bot.parsers.http_probes import HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _address,
    _asked_names,
    _bound_inside,
    _boxes_moved,
    _dialling,
    _hosts,
    _lan,
    _other_loopback,
    _quote,
    _told,
)
from bot.rules._dialling import Place


def wrong_address(
    listeners: ListeningSockets,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    front: HttpProbes | None,
    unit: UnitState | None,
    config: NginxConfig | None,
    containers: Containers | None,
) -> Finding | None:
    """nginx dials an address where the app does not listen, though its port is right.

    Why: the address refuses, and the port has a listener that is bound to another address of the same family.
    Ruled out when: a listener on the port takes the dialled address.
    Mistaken when: two programs use the port on different addresses.
    Mended by: the address the app is bound to in the proxy's configuration, or the app bound to the address
    that is dialled.
    Not mended by: a restart; both keep their addresses.
    Source: bind(2), ip(7); Linux net/ipv4/route.c (no destination: INADDR_LOOPBACK).
    """
    if containers is not None and (
        moved := _boxes_moved.moved(upstreams, error_log, config, containers, unit)
    ):
        return moved
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
                weight=_address.weight_of_part(4, front) if is_part else 86,
            )
    return None


def told(signs: Signs) -> Finding | None:
    """The port is right and the address is not; refused or unreachable alone it is a guess."""
    slip = signs.first("mistyped")
    if slip is not None:
        says = f"`{slip['name']}` is looked up, which is `localhost` mistyped"
        return _told.likely("wrong_address", 88, says, _RESTART, slip, next_check=_CHECK)
    glued = signs.first("path_glued")
    if glued is not None:
        says = f"`{glued['path']}` is part of the path: a slash is missing behind {glued['address']}"
        return _told.likely("wrong_address", 90, says, _RESTART, glued, next_check=_SLASHES)
    for dial in _dialling.refused(signs):
        other = _bound_elsewhere(signs, dial)
        if other is not None:
            says = f"{dial.text} is dialled; on that port only {other.text} is listened on"
            if other.is_loopback and _bound_inside.boxed(signs) is not None:
                return _told.likely(
                    "wrong_address", 84, says, _RESTART, dial.sign, other.sign, next_check=_CHECK
                )
            return _told.confirmed("wrong_address", 91, says, _RESTART, dial.sign, other.sign)
    for dial in _dialling.dialled(signs):
        if dial.host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
            if _dialling.proxy_container(signs) is not None:
                continue  # the proxy's own container
            if dial.sign.kind == "dial_refused":  # on Linux the proxy's own host, where nobody listens
                continue
            says = f"{dial.text} is dialled, which is an address to bind, not to dial"
            return _told.likely("wrong_address", 72, says, _RESTART, dial.sign, next_check=_CHECK)
        there = None if _dialling.is_container_address(dial) else _answers_elsewhere(signs, dial)
        if there is not None and _other_loopback.answered(signs, dial) is None:
            says = f"{dial.text} is dialled; the app answers on {there.text}"
            return _told.likely("wrong_address", 80, says, _RESTART, dial.sign, there.sign, next_check=_CHECK)
    return (
        _hosts.told(signs)
        or _lan.told(signs)
        or _port_not_socket(signs)
        or _moved(signs)
        or _in_host_network(signs)
        or _guess(signs)
    )


def _in_host_network(signs: Signs) -> Finding | None:
    """A container in the host's network has no name in Docker's; the host's address is where it is."""
    asked = _asked_names.asked_by_name(signs)
    for sign in _asked_names.in_host_network(signs):
        if _dialling.is_proxy(sign):
            continue
        named = next((dial for name, dial in asked if _dialling.is_called(name, sign)), None)
        docker = next(
            (s for s in signs.where("conf", directive="resolver") if "127.0.0.11" in s["value"]), None
        )
        if named is not None or docker is not None:
            says = f"{sign['name']} is in the host's network, where Docker's names do not lead"
            return _told.likely("wrong_address", 76, says, _RESTART, sign, named or docker, next_check=_CHECK)
    return None


_RESTART = _quote.useless("app", "it would bind the same address again")
_SLASHES = "ProxyPass: a slash at the end of both its arguments, or of neither"
_CHECK = "which address the app is bound to, and from where it is dialled"


def _moved(signs: Signs) -> Finding | None:
    """The host's address changed, somebody writes, and a file still names the one that is dialled."""
    moved = signs.first("address_moved", "address_old")
    dial = next((one for one in _dialling.dialled(signs) if _dialling.is_written(signs, one)), None)
    if moved is None or dial is None or dial.is_name or dial.is_loopback or signs.has("reload_mended"):
        return None
    if any(sign["dialled"] == dial.host for sign in signs.of("name_now")):
        return None  # the log has it, and no file
    says = f"{dial.text} is written in the configuration; the app's host has another address now"
    return _told.likely("wrong_address", 78, says, _RESTART, dial.sign, moved, next_check=_CHECK)


def _bound_elsewhere(signs: Signs, dial: Place) -> Place | None:
    same = _dialling.on_port(signs, dial.port)
    is_gateway = dial.host.endswith(".0.1")  # Docker's bridges: the host itself
    if _dialling.is_container_address(dial) and not is_gateway and any(one.is_loopback for one in same):
        return None  # bind_localhost_in_container
    if dial.is_name or not same or any(_dialling.takes(one, dial) for one in same):
        return None
    is_inside = any(_dialling.is_inside(one) for one in same)
    if is_inside and any(one.is_loopback for one in same) and signs.has("endpoints", "in_cluster", "pod"):
        return None  # the same
    if any(one.is_any for one in same) or (is_inside and _dialling.has_containers(signs) is not None):
        return None
    return next((one for one in same if one.family == dial.family or _is_bound(signs, one)), None)


def _is_bound(signs: Signs, one: Place) -> bool:
    """Whether `localhost` is what it is bound to, and not only how the app greets."""
    is_meant = signs.has("loopback_only") or _AS_BOUND.search(one.sign.line) is not None
    return one.host == "localhost" and is_meant


#: Kestrel and PHP's own server write the address that they were told to bind.
_AS_BOUND = re.compile(r"Now listening on:|Development Server \(")


def _answers_elsewhere(signs: Signs, dial: Place) -> Place | None:
    """Asked on another address of the same port, the app answers."""
    asked = [_dialling.place(sign["target"], sign, "http") for sign in signs.of("answers")]
    found = [one for one in asked if one and one.port == dial.port and one.host != dial.host]
    if any(one and one.host == dial.host and one.port == dial.port for one in asked):
        return None
    # A name may stand for the very address; a container's own loopback tells of where it is bound.
    boxed = _dialling.may_be_container(signs, dial)
    found = [one for one in found if not (one.is_loopback and boxed) and (one.is_loopback or not one.is_name)]
    is_silent = dial.sign.kind in ("dial_timeout", "dial_no_route")
    return next((one for one in found if is_silent or one.is_loopback != dial.is_loopback), None)


def _port_not_socket(signs: Signs) -> Finding | None:
    """A unix socket is dialled in vain, while the pool is told to listen on a port."""
    vain = next((s for s in signs.of("dial_refused", "dial_missing") if "unix:" in s["target"]), None)
    pools = signs.where("listening", process="php-fpm")
    if vain is None or not pools or any(pool["path"] for pool in pools):
        return None
    says = f"{vain['target']} is dialled; the pool listens on port {pools[0]['port']}"
    # A file that is not there is first of all that (socket_missing), whoever should have made it.
    weight = 72 if vain.kind == "dial_missing" else 84
    return _told.likely("wrong_address", weight, says, _RESTART, vain, pools[0], next_check=_CHECK)


def _guess(signs: Signs) -> Finding | None:
    dials = _dialling.refused(signs) or _dialling.dialled(signs)
    if not dials or not signs.has("dial_refused", "dial_timeout", "dial_no_route"):
        return _instead_of_socket(signs)
    is_weak = dials[0].is_loopback or not signs.has("dial_refused") or _dialling.deeper(signs) is not None
    weight = 16 if is_weak else 47 if _lan.is_public(dials[0]) else 32
    greets = any(one.host == "localhost" for one in _dialling.on_port(signs, dials[0].port))
    if greets and not is_weak and _dialling.has_containers(signs) is None:
        weight = 48  # many apps greet so though they are bound to all addresses
    says = f"{dials[0].text} is dialled; maybe the app is at another address"
    return _told.possible("wrong_address", weight, says, _RESTART, dials[0].sign, next_check=_CHECK)


def _instead_of_socket(signs: Signs) -> Finding | None:
    """Refused by TCP, while the pool listens on a unix socket (its refusal would name the path)."""
    refused = next((s for s in signs.of("dial_refused") if "unix:" not in s.line), None)
    pool = next((s for s in signs.where("listening", process="php-fpm") if s["path"]), None)
    if refused is None or pool is None:
        return None
    says = f"a TCP address is dialled; the pool listens on {pool['path']}"
    return _told.possible("wrong_address", 48, says, _RESTART, refused, pool, next_check=_CHECK)
