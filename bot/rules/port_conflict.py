"""Another process has the app's port."""

from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.changes import Changes
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.processes import Processes
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _fpm_twice, _life, _nginx_port, _outage, _quote, _since_end, _told, _whose


def port_conflict(  # noqa: PLR0913, PLR0917  # the app and nginx itself, each with its log
    unit: UnitState | None,
    app_journal: Journal | None,
    listeners: ListeningSockets | None,
    upstreams: HttpProbes | None,
    processes: Processes | None,
    nginx_unit: UnitState | None,
    nginx_journal: Journal | None,
    front: HttpProbes | None,
    changes: Changes | None,
    host: Host,
    php_fpm: PhpFpm | None,
) -> Finding | None:
    """The app, or nginx itself, cannot bind its address because somebody else has it.

    Why: it says "Address already in use", is not running, and a stranger listens on that port; or another
    master of PHP-FPM, outside its service, has the socket.
    Ruled out when: it runs and listens, or does not complain.
    Mistaken when: an old process of the app itself still holds the port.
    Mended by: ending the other process, or giving one of them another port.
    Not mended by: a restart while the port is still taken.
    Source: bind(2) EADDRINUSE.
    """
    if (of_nginx := _nginx_port.taken(nginx_unit, nginx_journal, listeners, front)) is not None:
        return of_nginx
    if (twice := _fpm_twice.holds(unit, app_journal, php_fpm, front)) is not None:
        return twice
    if unit and unit.container and _life.ADDRESS_IN_USE.search(unit.container.error) and not unit.is_running:
        return _published(unit, listeners)
    said = app_journal.matching(_life.ADDRESS_IN_USE) if app_journal else ()
    if unit is None or not said or (unit.is_running and unit.restarts == 0):
        return None
    ports = {
        p[1] for probe in (upstreams.probes if upstreams else ()) if (p := _address.split(probe.address))
    }
    own = processes.of_unit(unit.name) if processes else frozenset()
    strangers = [
        s
        for port in ports
        for s in (listeners.on_port(port) if listeners else ())
        if not any(pid in own for _, pid in s.processes)
    ]
    free = None if strangers else _since_end.port_is_free(app_journal, upstreams, listeners)
    since = free or (None if strangers else _since_end.changed(changes, host, unit, app_journal))
    return Finding(
        cause="port_conflict",
        certainty=Certainty.CONFIRMED if strangers else Certainty.LIKELY,
        says=f"{unit.name} could not bind its address, which another process had when it was started last"
        if free
        else f"{unit.name} cannot bind its address: {_nginx_port.who(next(iter(strangers), None))} has it"
        f"{_older(strangers, unit)}",
        because=(
            _quote.logged(next((one for one in said if " in use" in one.message), said[0])),
            *(Line(step="listeners", text=socket.line) for socket in strangers[:1]),
            _quote.state(unit, "ActiveState", "NRestarts"),
            *(since.because if since and not free else ()),
        ),
        restart=since.advice if since else _quote.useless("app", "the other process still has the port"),
        next_check=None if strangers else "who had the port, and comes back to it" if free else _WHO,
        weight=94,
    )


def _older(strangers: list[ListeningSocket], unit: UnitState) -> str:
    """A program that the unit runs too, and that no unit runs: nobody ended it when the app was deployed."""
    words = {word.rpartition("/")[2] for word in unit.properties.get("ExecStart", "").split()}
    named = [s for s in strangers[:1] if s.processes and s.processes[0][0] in words]
    if not named or named[0].control_group.endswith(".service"):
        return ""
    return f"; it runs outside {unit.name}, maybe the app's own process from before a deploy"


def _published(unit: UnitState, listeners: ListeningSockets | None) -> Finding:
    """Docker cannot give the container its port on the host, and so does not start it."""
    ports = [one.port for one in unit.container.published] if unit.container else []
    holders = [s for port in ports for s in (listeners.on_port(port) if listeners else ())]
    return Finding(
        cause="port_conflict",
        certainty=Certainty.CONFIRMED,
        says=f"Docker cannot publish the port of {unit.name}: "
        f"{_nginx_port.who(next(iter(holders), None))} has it",
        because=(
            _quote.state(unit, "ActiveState", "Error"),
            *(Line(step="listeners", text=socket.line) for socket in holders[:1]),
        ),
        restart=_quote.useless("app", "the other process still has the port"),
        next_check=None if holders else _WHO,
        mend="ending the other process, or giving the container another port; then "
        f"`docker start {unit.name}`",
        weight=94,
    )


_WHO = "who listens on the app's port"
_TWO_FILES = _quote.useless("php-fpm", "it reads the same two files again")
_POOLS = "`php-fpm -t`, and `grep -rn '^listen' ` over the pools' files: each needs an address of its own"
_CHECK = "who listens on that port (ss -ltnp)?"


def told(signs: Signs) -> Finding | None:
    """A program cannot bind its address; a stranger seen to listen there settles it."""
    by_path = {s.line for s in signs.of("port_taken") if s["path"]}
    taken = next((s for s in signs.of("port_taken") if s.line not in by_path), None)
    twice = signs.first("listen_twice")
    if twice is not None:
        says = f"two pools are to listen in one place ({twice['address']}): their master does not start"
        fails = taken or _outage.any_sign(signs)
        return _told.likely("port_conflict", 86, says, _TWO_FILES, twice, fails, next_check=_POOLS)
    if taken is None or _came_up_after(signs, taken):
        return None
    port = f" {taken['port']}" if taken["port"] else ""
    what = _whose.program(taken)
    says = f"the port{port} is already taken by another process, so {_whose.called(taken)} cannot listen"
    again = _quote.useless(what, "the other process still has the port")
    holder = next(
        (s for s in signs.of("listening") if taken["port"] and s["port"] == taken["port"] and s["process"]),
        None,
    )
    if holder is not None and holder["process"] not in (taken["who"], "docker-proxy"):
        return _told.confirmed("port_conflict", 94, says, again, taken, holder)
    is_unix = not port and signs.has("socket_named", "socket_unheld")
    if is_unix or signs.has("already_running", "stale_file", "left_over"):
        return _told.likely("port_conflict", 70, says, again, taken, next_check=_CHECK)
    return _told.likely("port_conflict", 88, says, again, taken, next_check=_CHECK)


def _came_up_after(signs: Signs, taken: Sign) -> bool:
    """It tried again and could bind: the same app says later that it serves on that port."""
    return any(
        _outage.is_after(up, taken) and up["port"] in ("", taken["port"]) for up in signs.of("started")
    )
