"""Where nginx dials and nobody listens, held against where the app does."""

from dataclasses import replace

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.listening_sockets import ListeningSocket
from bot.parsers.php_fpm import FpmPool
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _address,
    _boxes,
    _fpm,
    _other_proxies,
    _quote,
)


def not_reloaded(
    address: str,
    lines: tuple[Line, ...],
    own: list[ListeningSocket],
    pool: FpmPool,
    unit: UnitState | None,
) -> Finding:
    """PHP-FPM's file says the port that nginx dials, and what runs has read an older one."""
    return Finding(
        cause="wrong_port",
        certainty=Certainty.CONFIRMED,
        says=f"nginx dials {address}, where nobody listens; the file of PHP-FPM's pool {pool.name} names it, "
        "and PHP-FPM was not reloaded since",
        because=(
            *lines,
            *(Line(step="listeners", text=socket.line) for socket in own[:1]),
            _fpm.waits_for_reload(pool),
        ),
        restart=_fpm.reload_helps(pool, unit),
        weight=86,
    )


def inside(deaf: _boxes.Deaf) -> Finding | None:
    """The way into a container ends at a port where nobody listens, while its app listens on another."""
    box, name, port = deaf.behind.box, deaf.behind.name, deaf.behind.port
    others = [one for one in box.sockets if not one.is_loopback]
    if box.on_port(port) or not others:
        return None
    where = ", ".join(str(number) for number in sorted({one.port for one in others})[:4])
    way = f"port {deaf.behind.lead.port} of the host leads to" if deaf.behind.lead else "nginx dials"
    return Finding(
        cause="wrong_port",
        certainty=Certainty.CONFIRMED,
        says=f"{way} port {port} of the container {name}, where nobody listens; inside it listens on {where}",
        because=(_quote.probe(deaf.probe), *deaf.behind.lines(others[0])),
        restart=_quote.useless("app", "it would listen on the same port again"),
        mend=f"the port published to {where} of the container, or the app told to listen on {port}, "
        "whichever was meant; then the container made anew",
        weight=94,
    )


def left_out(address: str, lines: tuple[Line, ...], own: list[ListeningSocket]) -> Finding:
    """Another server answers, but nginx dials none of the app's ports."""
    where = ", ".join(socket.address for socket in own[:4])
    return Finding(
        cause="wrong_port",
        certainty=Certainty.LIKELY,
        says=f"nginx dials {address}, where nobody listens, and never {where}, where the app listens; "
        "another server answers in its place",
        because=(*lines, *(Line(step="listeners", text=socket.line) for socket in own[:2])),
        restart=_quote.useless("app", "it would listen on the same port again"),
        next_check=f"whether {address} is meant to be the app",
        weight=14,
    )


def found(
    address: str,
    lines: tuple[Line, ...],
    sockets: list[ListeningSocket],
    upstreams: HttpProbes | None,
    *,
    is_own: bool,
) -> Finding:
    """Somebody, maybe the app itself, listens on another port."""
    where = ", ".join(socket.address for socket in sockets[:4])
    place = _address.split(address)
    is_near = place is None or _address.is_local(place[0])
    dialler = _other_proxies.dialler(address, upstreams)
    who = "the app" if is_own else "another program, maybe the app,"
    return Finding(
        cause="wrong_port",
        certainty=Certainty.POSSIBLE if not is_own else Certainty.CONFIRMED if is_near else Certainty.LIKELY,
        says=f"{dialler} dials {address}, where nobody listens; {who} listens on {where}",
        because=(*lines, *(Line(step="listeners", text=socket.line) for socket in sockets[:2])),
        restart=_quote.useless("app", "it would listen on the same port again"),
        next_check=_next(address, where, is_own=is_own, is_near=is_near),
        mend=f"the app put back on {address}, or {dialler} told to dial {_way_to(sockets)}, whichever was"
        " meant",
        weight=86 if is_own else 25,
    )


def _way_to(sockets: list[ListeningSocket]) -> str:
    """What nginx on the same host would dial: nobody dials the address that stands for all of them."""
    ways = (f"127.0.0.1:{s.port}" if s.is_any else s.address for s in sockets[:4])
    return " or ".join(dict.fromkeys(ways))


def _next(address: str, where: str, *, is_own: bool, is_near: bool) -> str | None:
    """An address that is no loopback may be another host's, of which this one's sockets tell nothing."""
    if not is_near:
        return f"`ip addr`: is {address.rpartition(':')[0]} this host's, or is an app on another host meant?"
    return None if is_own else f"whether the process on {where} is the app"


def not_met(found: Finding, address: str) -> Finding:
    """The files name the address, and visitors are served: another part of the site, or files not applied."""
    return replace(
        found,
        certainty=max(found.certainty, Certainty.LIKELY, key=lambda one: one.rank),
        says=found.says.replace("nginx dials", "nginx's files dial", 1)
        + "; visitors are served: what runs has not dialled it",
        restart=_quote.harmful("nginx", "it might read files that are wrong and that it has not read yet"),
        next_check=f"since when the files say {address}: `nginx -T`, and when nginx was last reloaded",
        weight=12,
    )
