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
