"""nginx keeps an address that its name no longer has."""

from bot.model.verdict import Certainty, Finding
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _quote

_LOST = (Fault.REFUSED, Fault.NO_ROUTE, Fault.CONNECT_TIMEOUT)


def dns_stale(error_log: NginxErrorLog, config: NginxConfig, upstreams: HttpProbes | None) -> Finding | None:
    """nginx looked a name up when it started and still dials that address; the name has another one now.

    Why: nginx fails to connect to an address that its files do not name, while the name they do name, on the
    same port, answers when it is looked up now.
    Ruled out when: its files name addresses only, or the name does not answer either.
    Mistaken when: the name has several addresses and one of them is down (upstream_down).
    Source: ngx_http_upstream_module server (names are resolved at start and reload unless `resolve` is set).
    """
    names = {p[1]: a for a in config.addresses if (p := _address.split(a)) and _address.is_name(p[0])}
    if not names or upstreams is None:
        return None
    well = {probe.address: probe for probe in upstreams.probes if probe.is_well}
    for entry in error_log.of(*_LOST):
        place = _address.split(entry.address)
        name = names.get(place[1]) if place and not _address.is_name(place[0]) else None
        if name is None or name not in well:
            continue
        return Finding(
            cause="dns_stale",
            certainty=Certainty.LIKELY,
            says=f"nginx still dials {entry.address}; {name} answers at the address it has now",
            because=(_quote.error(entry), _quote.probe(well[name])),
            restart=_quote.helps("nginx", "a reload looks the name up again; the app needs none"),
            next_check=f"getent hosts {name.rsplit(':', 1)[0]} against {entry.address}",
            weight=71,
        )
    return None
