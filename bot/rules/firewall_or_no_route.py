"""There is no way from nginx to the app."""

import re

from bot.model.evidence import HostClock
from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import Answer, HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.php_fpm import PhpFpm
from bot.parsers.unit_state import UnitState
from bot.rules import _address, _dialling, _filtered, _fpm_allowed, _neighbours, _outage, _quote, _told


def firewall_or_no_route(
    clock: HostClock,
    error_log: NginxErrorLog | None,
    upstreams: HttpProbes | None,
    listeners: ListeningSockets | None,
    unit: UnitState | None,
    php_fpm: PhpFpm | None,
) -> Finding | None:
    """A packet filter, a route or a dead neighbour stands between nginx and the upstream.

    Why: connecting gives "No route to host", or times out, from this host too; or the port is open on this
    very host with nobody waiting in its queue, and yet takes no connection. Or PHP-FPM itself shuts out the
    address nginx comes from (listen.allowed_clients).
    Ruled out when: the upstream takes or refuses connections.
    Mistaken when: the address is stale (dns_stale), or the other host is down.
    Mended by: a rule that lets the proxy in to the backend's port, a route, or bringing the other host up.
    Not mended by: a restart of nginx or the app, or longer time-outs.
    Source: connect(2) EHOSTUNREACH, ETIMEDOUT; iptables REJECT --reject-with icmp-host-prohibited.
    """
    if (shut := _fpm_allowed.turned_away(php_fpm, upstreams, error_log)) is not None:
        dropped = error_log.of(Fault.RESET, Fault.CLOSED_EARLY) if error_log else ()
        return _fpm_allowed.by_fpm(*shut, dropped) if dropped else None
    logged = error_log.of(Fault.NO_ROUTE, Fault.CONNECT_TIMEOUT) if error_log else ()
    lost = upstreams.that(Answer.UNREACHABLE, Answer.CONNECT_TIMEOUT) if upstreams else ()
    far = [p for p in lost if (place := _address.split(p.address)) and not _address.is_local(place[0])]
    reached = {p.address for p in upstreams.probes if p not in lost} if upstreams else set()
    logged = tuple(e for e in logged if e.address not in reached)
    if (near := _filtered.here(upstreams, listeners, unit, clock.now)) is not None:
        return _filtered.on_this_host(*near, tuple(e for e in logged if e.address == near[0].address))
    if not far and not any(entry.fault is Fault.NO_ROUTE for entry in logged):
        return None
    where = far[0].address if far else logged[0].address
    return Finding(
        cause="firewall_or_no_route",
        certainty=Certainty.LIKELY if far else Certainty.POSSIBLE,
        says=f"there is no way from this host to the upstream {where}",
        because=(*(_quote.error(entry) for entry in logged[:1]), *(_quote.probe(probe) for probe in far[:1])),
        restart=_quote.useless("app", "the way to it stays closed"),
        next_check="is the other host up, does its filter let this one in, is the address right?",
        weight=63,
    )


_NAME = "firewall_or_no_route"
_STAYS_CLOSED = _quote.useless("app", "the way to it stays closed")
_OPEN = "once the app is restarted it is reached, so the way to it is open"
_THREE_SECONDS = re.compile(r"(?<![\d.])(?:3\.[01]\d\d?(?!\d)|3[01]\d\dms)")
_CHECK = (
    "from the proxy's host or container: nc -zv ADDRESS PORT; is the address right, does a filter drop it?"
)
_TABLE = "`sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max`: do they still meet?"


def told(signs: Signs) -> Finding | RuledOut | None:
    """No route, or silence while connecting; a filter's rule or log for that port settles it."""
    lost = signs.first("dial_no_route")
    silent = next((s for s in signs.of("dial_timeout") if "unix:" not in s["target"]), None)
    by_hand = next((s for s in signs.of("not_reached") if _is_lost(s)), None)
    filtered = _filter_of(signs, lost or silent or by_hand)
    says = "a packet filter or a missing route stands between the proxy and the app"
    if filtered is not None and (dial := lost or silent or by_hand):
        return _told.confirmed("firewall_or_no_route", 93, says, _STAYS_CLOSED, dial, filtered)
    closed = _closed(signs, lost or silent or by_hand)
    if closed is not None and (dial := lost or silent or by_hand):
        says = "an opening of the packet filter was taken away, and what it let through is lost"
        return _told.likely("firewall_or_no_route", 88, says, _STAYS_CLOSED, dial, closed, next_check=_CHECK)
    hint = signs.first("filter_mends", "blocked", "filter_active", "conntrack_full", "route")
    if hint is not None and (dial := lost or silent or by_hand):
        return _told.likely("firewall_or_no_route", 86, says, _STAYS_CLOSED, dial, hint, next_check=_CHECK)
    if lost is not None:
        return _without_filter(signs, lost, by_hand, says)
    if silent is not None:
        if by_hand is not None:
            return _told.likely(_NAME, 70, says, _STAYS_CLOSED, silent, by_hand, next_check=_CHECK)
        if ready := _ready_pod(signs, silent):
            says = "the pod is ready on its own node, and connections to it from the proxy's get lost"
            return _told.likely(_NAME, 72, says, _STAYS_CLOSED, silent, ready, next_check=_CHECK)
        near = _neighbours.state_of(signs, silent["target"].rpartition(":")[0])
        if near is not None and near["state"] == "known":  # up, and on the same network
            return _told.likely(
                "firewall_or_no_route", 74, says, _STAYS_CLOSED, silent, near, next_check=_CHECK
            )
        if (again := signs.first("restart_mended")) is not None:
            line = Line(step=again.source or "pasted", text=again.line)
            return RuledOut(cause=_NAME, says=_OPEN, because=(line,))
        place = _dialling.place(silent["target"], silent)
        weight = 34 if place is not None and place.is_loopback else 50  # few filters drop on loopback
        return _told.possible("firewall_or_no_route", weight, says, _STAYS_CLOSED, silent, next_check=_CHECK)
    if (full := signs.first("conntrack_full")) is not None:
        says = "the kernel's table of connections is full, and it drops the packets of new ones"
        return _told.likely("firewall_or_no_route", 76, says, _STAYS_CLOSED, full, next_check=_TABLE)
    if by_hand is not None:
        return _told.possible("firewall_or_no_route", 46, says, _STAYS_CLOSED, by_hand, next_check=_CHECK)
    by_app = next(
        (s for s in signs.of("dependency_away") if _is_lost(s) or "EHOSTUNREACH" in s["reason"]), None
    )
    if by_app is not None and not signs.has("dial_refused", "app_failed", "exited"):
        return _told.likely("firewall_or_no_route", 62, says, _STAYS_CLOSED, by_app, next_check=_CHECK)
    return (
        _asked(signs, says)
        or _closed_by_default(signs, says)
        or _refused_by_filter(signs, says)
        or _after_three_seconds(signs, says)
        or _listed(signs, says)
        or _with_filter_off(signs)
    )


def _with_filter_off(signs: Signs) -> Finding | None:
    """Nothing was logged; it works with the filter off and not with it on, as somebody writes."""
    told = next((s for s in signs.of("filter_mends") if "firewall" in s.line.lower()), None)
    page = next(
        (s for s in (*signs.of("page"), *signs.of("status")) if s["status"][:3] in ("502", "504")), None
    )
    if told is None or page is None or signs.has(*_outage.DEAF, *_outage.BROKEN, "denied_by_policy"):
        return None
    says = "it works with the packet filter off and not with it on, as the report says"
    return _told.likely("firewall_or_no_route", 80, says, _STAYS_CLOSED, told, page, next_check=_CHECK)


def _without_filter(signs: Signs, lost: Sign, by_hand: Sign | None, says: str) -> Finding:
    """113 alone: a filter that rejects, a host that is away, or an address whose container is gone."""
    may_be_stale = lost["target"].startswith(("172.", "192.168.")) and signs.has(
        "container", "compose_service", "proxy_in_container", "released"
    )
    # A container that ended: nobody answers for its address any more.
    if any(s["state"] in ("exited", "dead", "restarting") for s in signs.of("container")):
        return _told.possible("firewall_or_no_route", 44, says, _STAYS_CLOSED, lost, next_check=_CHECK)
    if re.match(r"\[[0-9a-f:]+\]", lost["target"], re.IGNORECASE):
        return _told.possible("firewall_or_no_route", 52, says, _STAYS_CLOSED, lost, next_check=_CHECK)
    neighbour = _neighbours.state_of(signs, lost["target"].rpartition(":")[0])
    if neighbour is not None and neighbour["state"] == "known":
        says = "the host is there and its filter, or one before it, rejects the connection"
        return _told.likely(
            "firewall_or_no_route", 86, says, _STAYS_CLOSED, lost, neighbour, next_check=_CHECK
        )
    is_told = neighbour is not None or signs.has("address_old", "reload_mended")
    weight = 62 if may_be_stale or is_told else 80 if by_hand else 72
    return _told.likely("firewall_or_no_route", weight, says, _STAYS_CLOSED, lost, by_hand, next_check=_CHECK)


def _asked(signs: Signs, says: str) -> Finding | None:
    """Asked by hand, it answers where it runs and not from the proxy."""
    asked = signs.of("asked_from")
    late = next((s for s in asked if s["where"] in ("proxy", "away") and s["result"] == "late"), None)
    well = next((s for s in asked if s["where"] in ("app", "host") and s["result"] == "well"), None)
    if late is None or signs.has("networks_told"):
        return None
    if well is None:
        return _told.possible("firewall_or_no_route", 52, says, _STAYS_CLOSED, late, next_check=_CHECK)
    return _told.likely("firewall_or_no_route", 78, says, _STAYS_CLOSED, late, well, next_check=_CHECK)


def _closed_by_default(signs: Signs, says: str) -> Finding | None:
    """A filter that drops what it is not told to let in, beside a gateway's time-out: nginx answers 504 for a
    connection that does not come about, too."""
    closed = signs.first("closed_by_default")
    late = next((s for s in signs.of("status", "page") if s["status"].startswith("504")), None)
    if (
        closed is None
        or late is None
        or signs.has("answer_timeout", "worker_timeout", "slow_request", "answers")
    ):
        return None
    return _told.likely("firewall_or_no_route", 74, says, _STAYS_CLOSED, closed, late, next_check=_CHECK)


def _refused_by_filter(signs: Signs, says: str) -> Finding | None:
    refused, blocked = signs.first("dial_refused", "dial_failed"), signs.first("blocked", "filter_mends")
    if refused is None or blocked is None:
        return None
    return _told.possible(
        "firewall_or_no_route", 43, says, _STAYS_CLOSED, refused, blocked, next_check=_CHECK
    )


def _listed(signs: Signs, says: str) -> Finding | None:
    """Only a filter's list of what it lets in is shown: then that is the suspect."""
    shown = signs.first("filter_allows", "blocked") or next(
        iter(signs.where("filter_active", who="kubernetes")), None
    )
    if shown is None or signs.has("answers", "dial_refused", "answer_timeout", "app_failed", "exited"):
        return None
    return _told.possible("firewall_or_no_route", 40, says, _STAYS_CLOSED, shown, next_check=_CHECK)


def _after_three_seconds(signs: Signs, says: str) -> Finding | None:
    """A neighbour that nobody hears of is given up after three seconds (mcast_solicit times retrans_time)."""
    slow = next((s for s in signs.where("status", status="502") if _THREE_SECONDS.search(s.line)), None)
    if slow is None:
        return None
    return _told.possible("firewall_or_no_route", 44, says, _STAYS_CLOSED, slow, next_check=_CHECK)


def _ready_pod(signs: Signs, silent: Sign) -> Sign | None:
    """The kubelet's probes come from the pod's own node: ready tells nothing of the way from another."""
    host = silent["target"].rpartition(":")[0]
    if signs.has("app_failed", "probe_failed", "backing_off", "out_of_memory", "dial_busy", "queue_full"):
        return None
    pods = (s for s in signs.where("pod", address=host, status="Running") if host)
    return next((s for s in pods if _READY.fullmatch(s["ready"])), None)


_READY = re.compile(r"([1-9]\d*)/\1")


def _closed(signs: Signs, dial: Sign | None) -> Sign | None:
    """What was closed is the port that is dialled, or its port is not told."""
    port = dial["target"].rpartition(":")[2] if dial else ""
    shut = signs.of("filter_closed")
    return next((s for s in shut if not s["port"] or not port.isdigit() or s["port"] == port), None)


def _is_lost(sign: Sign) -> bool:
    reason = sign["reason"].lower()
    return any(word in reason for word in ("route", "unreachable", "timed out", "timeout", "packet loss"))


def _filter_of(signs: Signs, dial: Sign | None) -> Sign | None:
    """A rule or a dropped packet for the very port (or address) that is dialled."""
    target = dial["target"] if dial else ""
    for sign in signs.of("blocked"):
        if sign["port"] and target.endswith(f":{sign['port']}"):
            return sign
        if sign["target"] and sign["target"] in target:
            return sign
    return None
