"""Another proxy in nginx's place, or in front of it."""

from bot.model.verdict import RuledOut
from bot.parsers.http_probes import Answer, HttpProbes, Probe
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.unit_state import UnitState
from bot.rules import _other_proxies, _quote


def refused_behind(behind: HttpProbes | None, config: NginxConfig | None) -> tuple[Probe, ...]:
    """Another proxy passes requests to nginx's port, and nobody listens there."""
    refused = behind.that(Answer.REFUSED) if behind and config else ()
    words = [d.arguments[0] for d in config.named("listen") if d.arguments] if config else []
    ports = {word.rpartition(":")[2] for word in words}
    return tuple(probe for probe in refused if probe.address.rpartition(":")[2] in ports)


def not_the_front(nginx_unit: UnitState, front: HttpProbes) -> RuledOut | None:
    """Another proxy has nginx's address and answers there: a start of nginx would only fail to bind it."""
    other = _other_proxies.in_nginx_place(front)
    if other is None or nginx_unit.active == "failed":
        return None
    where = f"{other} has {front.probes[0].address} and answers there in its place"
    state = "is not installed" if nginx_unit.load == "not-found" else "does not run"
    return RuledOut(
        cause="nginx_down",
        says=f"nginx {state}, and is not the front: {where}",
        because=(
            _quote.probe(front.probes[0], "front"),
            _quote.state(nginx_unit, "LoadState", "ActiveState", step="nginx_unit"),
        ),
    )


def built_at(nginx_unit: UnitState, config: NginxConfig | None) -> str:
    """The main file of an nginx that the named unit does not keep, for there is no such unit; else empty."""
    if nginx_unit.load != "not-found" or config is None or not config.directives:
        return ""
    return config.directives[0].file


def start_of(config: str) -> str:
    """How an nginx of one's own build comes up. Source: nginx.org "Building nginx from Sources"."""
    prefix = config.removesuffix("/conf/nginx.conf")
    program = f"{prefix}/sbin/nginx" if prefix != config else "nginx"
    return (
        f"a start by whatever keeps it (another unit, supervisord, a script), else by `{program}` once"
        f" `{program} -t` passes; then its unit in the fleet file (service.nginx.unit), so that it is seen"
    )
