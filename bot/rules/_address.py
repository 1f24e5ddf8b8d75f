"""Addresses nginx dials, held against sockets that listen."""

import ipaddress
import re
from functools import lru_cache

from bot.model.verdict import Line
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _quote

_TCP = re.compile(r"\A(?P<host>\[[^\]]+\]|[^:]+):(?P<port>\d+)\Z")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
#: Addresses whose kind is remembered: a log dials a few of them many times, each beside each listener.
_MOST_KNOWN = 4096


def split(address: str) -> tuple[str, int] | None:
    """`[::1]:3000` -> ("::1", 3000); None for a unix socket or a bare name."""
    found = _TCP.match(address)
    if found is None or address.startswith("unix:"):
        return None
    return found["host"].strip("[]"), int(found["port"])


def is_plain(address: str) -> bool:
    """A unix socket, or a number and a port: it leads to no other address."""
    place = split(address)
    return address.startswith("unix:") or (
        place is not None
        and place[0].replace(".", "").replace(":", "").isalnum()
        and not place[0].replace(".", "").isalpha()
    )


def takes(socket: ListeningSocket, host: str) -> bool:
    """Whether a socket on the dialled port takes connections to `host`."""
    if host in ("localhost",):
        return socket.is_any or socket.host in _LOOPBACK or socket.host.startswith("127.")
    if socket.is_any:
        return socket.host != "0.0.0.0" or ":" not in host  # noqa: S104  # compared, not bound
    return socket.host == host or is_name(host)


@lru_cache(maxsize=_MOST_KNOWN)
def is_local(host: str) -> bool:
    """Loopback: the proxy and the app must be on this host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=_MOST_KNOWN)
def is_name(host: str) -> bool:
    """No IP address, so it has to be looked up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def refused(upstreams: HttpProbes | None, error_log: NginxErrorLog | None) -> dict[str, tuple[Line, ...]]:
    """Addresses that refuse now -> lines that say so, nginx's own first.

    A direct probe that got through overrules the log; one that was not let in to a unix socket tells nothing.
    """
    lines: dict[str, list[Line]] = {}
    shut = (Answer.REFUSED, Answer.DENIED)
    open_ = {p.address for p in upstreams.probes if p.answer not in shut} if upstreams else set()
    for entry in error_log.of(Fault.REFUSED) if error_log else ():
        if entry.address and entry.address not in open_ and entry.address not in lines:
            lines[entry.address] = [_quote.error(entry)]
    for probe in upstreams.that(Answer.REFUSED) if upstreams else ():
        known = lines.setdefault(probe.address, [])
        if not any(line.step == "upstreams" for line in known):
            known.append(_quote.probe(probe))
    return {address: tuple(found) for address, found in lines.items()}


def any_well(upstreams: HttpProbes | None) -> bool:
    """Some upstream server answers, so one that does not explains at most a part."""
    return upstreams is not None and any(probe.answer is Answer.ANSWERED for probe in upstreams.probes)


def weight_of_part(noticed: int, front: HttpProbes | None) -> int:
    """One server of several: while nginx hands its requests to others, any other trouble matters more."""
    return -60 if front is not None and front.are_well else noticed


def app_sockets(
    listeners: ListeningSockets, unit: UnitState | None, processes: Processes | None
) -> tuple[ListeningSocket, ...]:
    """Sockets held by the app's unit, by pid, control group or user; empty when nobody can tell."""
    if unit is None:
        return ()
    if unit.container and unit.container.published:  # docker-proxy holds them, outside the container
        return tuple(s for port in unit.container.published for s in listeners.on_port(port.port))
    pids = set(processes.of_unit(unit.name)) if processes and unit.name else set()
    pids |= {unit.main_pid} - {0}
    uids = {p.uid for p in processes.processes if p.pid == unit.main_pid} - {0, None} if processes else set()
    return tuple(
        s
        for s in listeners.sockets
        if any(pid in pids for _, pid in s.processes)
        or s.control_group.endswith(f"/{unit.name}")
        or f"/{unit.name}/" in s.control_group
        or (not s.processes and not s.control_group and s.uid in uids)
    )


def are_owners_seen(listeners: ListeningSockets) -> bool:
    """Whether somebody said whose the sockets are; without root `ss` names no processes of others."""
    return any(s.processes or s.control_group for s in listeners.sockets)


#: Proxies and the way in; none of them is the app.
_NOT_APPS = frozenset({"nginx", "sshd", "haproxy", "apache2", "httpd", "varnishd", "envoy", "traefik"})


def strangers(listeners: ListeningSockets) -> tuple[ListeningSocket, ...]:
    """Sockets that may be the app's when owners cannot be seen: not nginx's, on no well-known port."""
    known = {22, 25, 53, 80, 111, 443, 631}
    return tuple(
        s
        for s in listeners.sockets
        if s.port and s.port not in known and not any(name in _NOT_APPS for name, _ in s.processes)
    )
