"""nginx keeps an address that its name no longer has."""

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _dialling, _front, _kept_addresses, _quote, _tls_alerts, _told
from bot.rules._place import FPM_PORT

_LOST = (Fault.REFUSED, Fault.NO_ROUTE, Fault.CONNECT_TIMEOUT)


def dns_stale(error_log: NginxErrorLog, config: NginxConfig, upstreams: HttpProbes | None) -> Finding | None:
    """nginx looked a name up when it started and still dials that address; the name has another one now.

    Why: nginx fails to connect to an address that its files do not name, while the name they do name, on the
    same port, answers when it is looked up now.
    Ruled out when: its files name addresses only, or the name does not answer either.
    Mistaken when: the name has several addresses and one of them is down (upstream_down).
    Mended by: a reload of nginx; lasting: `resolver` with the name in a variable, or `server NAME
    resolve` in the group, or an address that stays.
    Not mended by: a restart of the app, which may even give it another address again.
    Source: ngx_http_upstream_module server (names are resolved at start and reload unless `resolve` is set).
    """
    names = {
        p[1]: a
        for a in config.addresses
        if (p := _address.split(a)) and _address.is_name(p[0]) and p[0] != "localhost"
    }
    if not names or upstreams is None:
        return None
    well = {probe.address: probe for probe in upstreams.probes if probe.is_well}
    for entry in error_log.of(*_LOST):
        place = _address.split(entry.address)
        name = names.get(place[1]) if place and not _address.is_name(place[0]) else None
        if name is None or name not in well or _tls_alerts.connected_since(entry, error_log):
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


def told(signs: Signs) -> Finding | RuledOut | None:
    """An address in the log where the configuration or the container says another."""
    if signs.has("name_at_start"):
        return None
    lost = signs.of("dial_refused", "dial_timeout", "dial_no_route", "dial_failed")
    if lost and (held := _kept_addresses.held_by_proxy(signs)):
        says = f"the proxy keeps {held[0]['address']} for {held[0]['name']}, which has another address now"
        return _told.likely("dns_stale", 90, says, _RELOAD, lost[0], *held, next_check=_CHECK)
    lost = (*lost, *signs.of("tls_alert")) if signs.has("name_now") else lost
    if (other := _kept_addresses.of_another(signs)) is not None:
        says = f"what answers is {other[1]['name']}, which has the address that {other[2]['name']} had before"
        return _told.likely("dns_stale", 90, says, _AGAIN, *other, next_check=_CHECK)
    dials = [(s, one) for s in lost if (one := _dialling.place(s["target"], s)) and _is_address(one)]
    dials = [(sign, dial) for sign, dial in dials if not _dialling.is_written(signs, dial)]
    if dials and (same := _kept_addresses.same_by_hand(signs, dials[0][1])) is not None:
        line = Line(step=same.source or "pasted", text=same.line)
        says = f"the name resolves to {same['address']}, which is what is dialled"
        return RuledOut(cause="dns_stale", says=says, because=(line,))
    answers = (judge(signs, sign, dial) for judge in (_seen, _written, _guessed) for sign, dial in dials)
    return (
        next((answer for answer in answers if answer is not None), None) or _asked(signs) or _in_words(signs)
    )


def _is_address(dial: _dialling.Place) -> bool:
    """No name; parts of it may be blotted out."""
    return dial.family is not None or _dialling.is_container_address(dial)


def _asked(signs: Signs) -> Finding | None:
    """One sentence has the log's address and the name's; or the app is reached by name beside the proxy."""
    both = _kept_addresses.told_both(signs)
    if both is not None:
        says = f"the proxy still dials {both['dialled']}; the name has {both['address']} now"
        return _told.likely("dns_stale", 86, says, _RELOAD, both, next_check=_CHECK)
    by_name = _kept_addresses.reached_by_name(signs)
    seen = signs.first("dial_no_route", "dial_timeout", "dial_refused", "dial_failed")
    renewed = signs.first("container_renewed", "address_moved", "reload_mended")
    if by_name is None or renewed is None or signs.has(*_dialling.DEEPER, *_OTHER_THAN_REFUSED):
        return None
    says = "asked by its name where the proxy runs the app answers; only the proxy has an address of before"
    return _told.likely("dns_stale", 84, says, _RELOAD, by_name, renewed, seen, next_check=_CHECK)


def _in_words(signs: Signs) -> Finding | None:
    """Somebody writes that an address was kept, or that nginx had to look it up again."""
    said = signs.first("address_old", "reload_mended")
    said = said or (None if signs.has("restart_mended") else _renewed(signs))
    if said is None or signs.has(*_dialling.DEEPER, *_OTHER_THAN_REFUSED):
        return None
    says = "nginx dials an address that its name had before: it looks names up only when it starts"
    gone = _gone_with_container(signs, said)
    if gone is not None:
        return _told.likely("dns_stale", 80, says, _AGAIN, gone, said, next_check=_CHECK)
    if said.kind == "address_old" or (
        said.kind == "reload_mended"
        and (said["of"] == "both" or signs.has("address_moved", "released", "container_renewed"))
    ):
        return _told.likely("dns_stale", 74, says, _AGAIN, said, next_check=_CHECK)
    return _told.possible("dns_stale", 50, says, _UNSURE, said, next_check=_CHECK)


def _gone_with_container(signs: Signs, said: Sign) -> Sign | None:
    """Nobody is at an address, told without one, since a container was made anew."""
    lost = next((s for s in signs.of("dial_no_route") if not s["target"] and _front.is_nginx(s)), None)
    is_anew = said.kind in ("container_renewed", "address_moved")
    return lost if is_anew and not signs.has(*_FILTERS) else None


_FILTERS = ("filter_told", "filter_active", "filter_mends", "blocked", "route", "not_reached")


def _renewed(signs: Signs) -> Sign | None:
    """A container was made anew, or got another address, and since then a gateway fails."""
    if signs.has("dial_no_route") and not signs.has(*_FILTERS):
        is_told = all(s["target"] for s in signs.of("dial_no_route"))  # then _seen and _written know more
        return signs.first("container_renewed", *(() if is_told else ("address_moved",)))
    fails = any(s["status"].startswith("502") for s in signs.of("status", "page"))
    return signs.first("container_renewed") if fails else None


#: The far end is there, or nginx says otherwise why not.
_OTHER_THAN_REFUSED = (
    "dial_missing",
    "dial_denied",
    "config_invalid",
    "tls_alert",
    "tls_not_spoken",
    "tls_unverified",
)


def _seen(signs: Signs, sign: Sign, dial: _dialling.Place) -> Finding | None:
    """The address the name has now, or what mended it, stands in the text."""
    now = _address_now(signs, dial)
    if now is not None:
        says = f"nginx still dials {dial.text}; the name has another address now"
        return _told.likely("dns_stale", 88, says, _RELOAD, sign, now, next_check=_CHECK)
    moved = None if signs.has(*_dialling.DEEPER) else signs.first("address_moved")
    mended = signs.first("reload_mended") or moved
    if mended is None or dial.is_loopback or not _front.is_nginx(sign):
        return None
    says = f"{dial.text} is an address of before; nginx looks names up only when it starts"
    weight = 83 if mended.kind == "reload_mended" else 76
    return _told.likely("dns_stale", weight, says, _AGAIN, sign, mended, next_check=_CHECK)


def _written(signs: Signs, sign: Sign, dial: _dialling.Place) -> Finding | None:
    """The files name a host where the log has an address."""
    name = _name_dialled(signs, dial)
    if name is None or signs.has(*_dialling.DEEPER):
        return None
    if name.host.endswith(_MOVING):
        says = f"nginx dials {dial.text}; the addresses of {name.host} change by design"
        return _told.likely("dns_stale", 76, says, _AGAIN, sign, name.sign, next_check=_CHECK)
    says = f"nginx dials {dial.text}, its files say {name.host}: the address may be one of before"
    is_refused = sign.kind == "dial_refused"
    if signs.has("released") and not is_refused:
        return _told.likely("dns_stale", 74, says, _AGAIN, sign, name.sign, next_check=_CHECK)
    weight = 44 if is_refused else 52
    return _told.possible("dns_stale", weight, says, _UNSURE, sign, name.sign, next_check=_CHECK)


def _guessed(signs: Signs, sign: Sign, dial: _dialling.Place) -> Finding | None:
    """The address alone looks like a container's."""
    weight = _of_container(signs, sign, dial)
    if not weight:
        return None
    says = f"{dial.text} is a container's address; it may be one it had before it was made anew"
    if weight > _SURE:
        return _told.likely("dns_stale", weight, says, _MAY_BE_GONE, sign, next_check=_CHECK)
    return _told.possible("dns_stale", weight, says, _UNSURE, sign, next_check=_CHECK)


_RELOAD = _quote.helps("nginx", "a reload looks the name up again; the app needs none")
_AGAIN = _quote.temporary("nginx", "it looks the name up once more, until the address changes again")
#: Names of balancers and platforms whose addresses come and go.
_MOVING = (
    ".amazonaws.com",
    ".herokuapp.com",
    ".azurewebsites.net",
    ".cloudfront.net",
    ".run.app",
    ".cloudapp.net",
)
_MAY_BE_GONE = _quote.useless(
    "nginx", "where the container is gone its name is too, and nginx would not start"
)
_UNSURE = _quote.useless("app", "it would not tell nginx of its address")
_CHECK = "`getent hosts NAME` where nginx runs, held against the address it dials"


def _address_now(signs: Signs, dial: _dialling.Place) -> Sign | None:
    """The dialled name, or the only container beside the proxy, has another address."""
    asked = (_dialling.place(s["target"], s) for s in signs.of("answers"))
    places = (*_dialling.configured(signs), *(one for one in asked if one))
    names = {one.host for one in places if one.is_name and one.port == dial.port}
    names |= {name.removesuffix(".lxd").removesuffix(".incus") for name in names}
    for sign in signs.of("resolves", "on_network"):
        if (
            sign["address"]
            and sign["address"] != dial.host
            and any(_dialling.is_of(n, sign["name"]) for n in names)
        ):
            return sign
    return (
        _kept_addresses.looked_up(signs, dial, names)
        or _kept_addresses.service_now(signs, dial)
        or _kept_addresses.pod_now(signs, dial, names)
        or _kept_addresses.not_among_endpoints(signs, dial)
        or _kept_addresses.told_now(signs, dial.host)
    )


def _name_dialled(signs: Signs, dial: _dialling.Place) -> _dialling.Place | None:
    """The name that the configuration dials on the same port."""
    return next((one for one in _dialling.configured(signs) if one.is_name and one.port == dial.port), None)


def _of_container(signs: Signs, sign: Sign, dial: _dialling.Place) -> int:
    """How well an address fits a container that was made anew, 0 for not at all; nginx is in one itself."""
    if sign["proxy"] not in ("", "nginx") or _dialling.deeper(signs) is not None:
        return 0
    inside = signs.has("proxy_in_container") and dial.host.startswith(_BRIDGES)
    if not inside and not _dialling.is_container_address(dial):
        return 0
    if sign.kind == "dial_no_route":
        # Nobody answers ARP for a container that is gone; the first address of a network is the host itself.
        return 76 if dial.host.startswith(_ONE_HOST) and not dial.host.endswith(".1") else 38
    return 46 if inside and dial.port != FPM_PORT else 39


#: Networks of one host: Docker's and Podman's.
_ONE_HOST = ("172.", "10.88.", "10.89.")
#: Docker's networks by default; 10.* is left to pods and clouds.
_BRIDGES = ("172.", "192.168.")
_SURE = 60
