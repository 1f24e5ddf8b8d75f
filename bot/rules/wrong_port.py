"""The app is up, but on another port."""

import re

from bot.model.host import Host
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.containers import Containers
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.init import Init
from bot.parsers.listening_sockets import ListeningSocket, ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.processes import Processes
from bot.parsers.related_units import RelatedUnits
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _address,
    _boxes,
    _dialling,
    _fpm,
    _fpm_elsewhere,
    _no_systemd,
    _port_dialled,
    _port_held,
    _port_services,
    _port_shown,
    _port_told,
    _quote,
    _told,
)


def wrong_port(  # noqa: PLR0913, PLR0917  # who dials, who listens, and who answers all the same
    listeners: ListeningSockets,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    unit: UnitState | None,
    processes: Processes | None,
    php_fpm: PhpFpm | None,
    front: HttpProbes | None,
    behind: HttpProbes | None,
    containers: Containers | None,
    init: Init | None,
    host: Host,
    related_units: RelatedUnits | None,
) -> Finding | RuledOut | None:
    """The app is up but does not listen on the port nginx dials.

    Why: the dialled port refuses and nobody listens on it, while the app's own process listens on
    another one, or systemd holds another one for it; or FastCGI is spoken to it, and PHP-FPM runs and
    listens elsewhere, be it a unix socket.
    Ruled out when: somebody listens on the dialled port.
    Mistaken when: the other port is only for metrics or debugging, and the real one failed to open.
    Mended by: the app's real port in proxy_pass, the upstream block, the Ingress or VIRTUAL_PORT; inside a
    container network the container's own port, not the published one.
    Not mended by: a restart of either: both come back on the ports they are told.
    Source: connect(2) ECONNREFUSED; ss(8); compose "Networking in Compose"; kubernetes.io "Service".
    """
    if (deaf := _boxes.deaf(upstreams, containers)) is not None:
        return None if _boxes.is_another(deaf.behind, unit) else _port_dialled.inside(deaf)
    dialled = {a: split for a in _address.refused(upstreams, error_log) if (split := _address.split(a))}
    if not dialled:
        return _ruled_out(listeners, upstreams)
    lines = _address.refused(upstreams, error_log)
    answering = _address.any_well(upstreams)
    own = [s for s in _address.app_sockets(listeners, unit, processes) if s.port]
    own = own or _no_systemd.own_sockets(init, listeners, host)
    fastcgi = _fpm.addresses(upstreams, error_log)
    for address, (at, port) in dialled.items():
        if listeners.on_port(port) or (behind and behind.bound(port)):
            continue
        if unit is not None and not unit.is_running:
            return _port_held.found(address, lines[address], unit, related_units)
        if _fpm.not_running(php_fpm, address) is not None:
            return None  # php_fpm_down
        if pool := _fpm.not_reloaded(php_fpm, address):
            return _port_dialled.not_reloaded(address, lines[address], own, pool, unit)
        elsewhere = _fpm_elsewhere.pools(php_fpm, address, is_fastcgi=address in fastcgi)
        if elsewhere and not answering and _address.is_local(at):
            return _fpm_elsewhere.port(address, tuple(lines[address]), elsewhere, unit)
        if answering:
            is_left_out = bool(own) and not _is_dialled(own, upstreams)
            return _port_dialled.left_out(address, lines[address], own) if is_left_out else None
        found = own or list(_address.strangers(listeners))
        if found:
            answer = _port_dialled.found(address, lines[address], found, upstreams, is_own=bool(own))
            is_met = any(line.step == "error_log" for line in lines[address])
            return (
                answer
                if is_met or not front or not front.are_well
                else _port_dialled.not_met(answer, address)
            )
    return None


def _is_dialled(own: list[ListeningSocket], upstreams: HttpProbes | None) -> bool:
    """One of the app's ports is among those nginx dials."""
    places = [_address.split(probe.address) for probe in upstreams.probes] if upstreams else []
    return not {s.port for s in own}.isdisjoint(place[1] for place in places if place)


def _ruled_out(listeners: ListeningSockets, upstreams: HttpProbes | None) -> RuledOut | None:
    """Sockets are this host's: of another host's address only its own answer tells."""
    for probe in upstreams.probes if upstreams else ():
        place = _address.split(probe.address)
        if place is None:
            continue
        says = f"somebody listens on {probe.address}, where nginx dials"
        sockets = [s for s in listeners.on_port(place[1]) if _address.takes(s, place[0])]
        if sockets and _address.is_local(place[0]):
            line = Line(step="listeners", text=sockets[0].line)
            return RuledOut(cause="wrong_port", says=says, because=(line,))
        if probe.answer is Answer.ANSWERED:
            return RuledOut(cause="wrong_port", says=says, because=(_quote.probe(probe),))
    return None


def told(signs: Signs) -> Finding | RuledOut | None:
    """Two ports held against each other; refused alone it is one guess of several."""
    for judge in (
        _port_told.ingress,
        _port_services.service,
        _port_told.elsewhere,
        _port_told.generated,
        _port_told.answered,
        _port_shown.probed,
        _port_told.unpublished,
        _port_told.set_otherwise,
        _port_told.configured,
        _port_told.written,
        _port_shown.of_platform,
        _port_shown.of_fpm,
        _port_shown.none_known,
        _port_shown.greeted,
        _port_shown.itself,
        _port_shown.inside,
        _port_shown.blamed,
        _port_shown.not_chosen,
        _port_shown.unsaid,
    ):
        judged = judge(signs)
        if judged is not None:
            return _told_port(*judged)
    if banner := next(iter(signs.where("answer_not_protocol", wants="banner")), None):
        says = "another program greets on the port that is dialled: SSH, mail or a store"
        return _told.likely("wrong_port", 84, says, _RESTART, banner, next_check=_CHECK)
    return _by_image(signs) or _refused_alone(signs)


def _by_image(signs: Signs) -> Finding | None:
    """HTTP is spoken to a container whose image is PHP-FPM alone."""
    image = next((s for s in signs.where("speaks", protocol="fastcgi", path="fpm")), None)
    http = next((s for s in signs.of("dial_refused", "dial_failed") if s["protocol"] == "http"), None)
    if image is not None and (http is not None or signs.has("serves_port", "published")):
        says = (
            "the image is PHP-FPM, which listens on 9000 and speaks FastCGI; HTTP is spoken to another port"
        )
        because = (http, image) if http else (image,)
        return _told.likely("wrong_port", 70, says, _RESTART, *because, next_check=_CHECK)
    return None


def _refused_alone(signs: Signs) -> Finding | RuledOut | None:
    """Nothing says where the app listens, but for what is known of the port that is dialled."""
    refused = _dialling.refused(signs)
    for dial in refused:
        same = next((one for one in _dialling.on_port(signs, dial.port)), None)
        if same is not None:
            line = Line(step=same.sign.source or "pasted", text=same.sign.line)
            return RuledOut(
                cause="wrong_port",
                says=f"somebody listens on port {dial.port}, which is dialled",
                because=(line,),
            )
    said = signs.first("dial_refused")
    odd = next(
        (d for d in _dialling.dialled(signs) if d.port in _NOT_WEB and d.sign["protocol"] == "http"), None
    )
    if odd is not None:
        says = f"{odd.text} is dialled for HTTP; on port {odd.port} another protocol is spoken by custom"
        return _told.likely("wrong_port", 76, says, _RESTART, odd.sign, said, next_check=_CHECK)
    plain = next((s for s in signs.of("dial_refused") if _PLAIN_TO_TLS.search(s.line)), None)
    if plain is not None:
        says = "plain HTTP is dialled on port 443, the one for TLS, and nobody listens there"
        return _told.likely("wrong_port", 66, says, _RESTART, plain, next_check=_CHECK)
    other = signs.first("other_conf")
    if other is not None and (said is not None or signs.has("dial_failed", "page")):
        says = "the app reads another configuration file, so it may listen on another port"
        return _told.likely("wrong_port", 66, says, _RESTART, other, said, next_check=_CHECK)
    if said is None:
        return None
    weight = 22 if _dialling.deeper(signs) else 48 if _is_shifted(signs, said) else 40
    if said["target"].startswith("unix:"):
        weight = min(weight, 15)  # a socket file has no port
    if signs.has("no_live"):
        weight = min(weight, 30)
    if any(_dialling.may_be_container(signs, dial) for dial in refused):
        weight = min(weight, 36)  # a container that came back elsewhere is refused just so
    says = "the dialled port refuses; maybe the app listens on another one"
    return _told.possible("wrong_port", weight, says, _RESTART, said, next_check=_CHECK)


def _is_shifted(signs: Signs, said: Sign) -> bool:
    """Where was dialled is blotted out, and a container has another port inside than on the host."""
    return not said["target"] and any(s["host_port"] != s["port"] for s in signs.of("published"))


#: Mail, shells, files, stores; 50000 is where Jenkins' agents come in.
_NOT_WEB = frozenset(
    {21, 22, 23, 25, 53, 110, 111, 139, 143, 389, 445, 465, 587, 636, 993, 995}
    | {1433, 1521, 3306, 5432, 5672, 6379, 9042, 11211, 27017, 50000}
)
#: No proxy comes to that by itself: a port was taken from a list (an image's EXPOSE) or left as it was.
_PLAIN_TO_TLS = re.compile(r"\bupstream: \"http://[\w.:\[\]-]{1,200}:443[/\"]")
_RESTART = _quote.useless("app", "it would listen on the same port again")
_CHECK = "`ss -ltnp` where the app runs: on which port does it listen?"


def _told_port(certainty: Certainty, weight: int, says: str, because: tuple[Sign, ...]) -> Finding:
    if certainty is Certainty.CONFIRMED:
        return _told.confirmed("wrong_port", weight, says, _RESTART, *because)
    if certainty is Certainty.POSSIBLE:
        return _told.possible("wrong_port", weight, says, _RESTART, *because, next_check=_CHECK)
    return _told.likely("wrong_port", weight, says, _RESTART, *because, next_check=_CHECK)
