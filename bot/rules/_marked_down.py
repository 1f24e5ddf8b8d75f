"""A server that is well and that nginx's files mark `down`, while none of the others of its group answers."""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import Directive, NginxConfig
from bot.rules import _quote


def kept_out(
    config: NginxConfig | None, upstreams: HttpProbes | None, front: HttpProbes | None
) -> Finding | None:
    """nginx has a server that would answer, and may not ask it.

    Source: ngx_http_upstream_module server, `down` ("marks the server as permanently unavailable").
    """
    if config is None or upstreams is None or front is None or not front.probes or front.are_well:
        return None
    well = {probe.address: probe for probe in upstreams.probes if probe.is_well}
    asked = {probe.address for probe in upstreams.probes}
    for group, addresses in config.groups.items():
        servers = [d for d in config.named("server") if d.within[-1:] == (("upstream", group),)]
        marked = [d for d in servers if "down" in d.arguments[1:] and d.arguments[0] in well]
        used = set(addresses) - {d.arguments[0] for d in servers if "down" in d.arguments[1:]}
        if marked and used and used <= asked - well.keys():
            return _finding(group, marked[0], sorted(used), well[marked[0].arguments[0]].address, upstreams)
    return None


def _finding(group: str, marked: Directive, used: list[str], address: str, upstreams: HttpProbes) -> Finding:
    away = next(probe for probe in upstreams.probes if probe.address == used[0])
    well = next(probe for probe in upstreams.probes if probe.address == address and probe.is_well)
    return Finding(
        cause="no_live_upstreams",
        certainty=Certainty.CONFIRMED,
        says=f"{address} answers, but the configuration marks it `down`; of upstream {group} nginx asks"
        f" {', '.join(used[:3])} only, which {'do' if len(used) > 1 else 'does'} not answer well",
        because=(
            Line(step="config", text=marked.text),
            _quote.probe(away),
            _quote.probe(well),
        ),
        restart=_quote.useless("app", "nginx does not ask the one that answers"),
        mend=f"`down` taken off {address} in {marked.file or 'the upstream block'}, then a reload of nginx;"
        f" or what should listen on {used[0]}",
        weight=88,
    )
