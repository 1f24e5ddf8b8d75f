"""The app answers on one address family, nginx dials the other."""

import re
from collections.abc import Sequence

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers.http_probes import HttpProbes
from bot.parsers.listening_sockets import ListeningSockets
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules import _address, _dialling, _families, _families_asked, _quote, _told
from bot.rules._dialling import Place


def ipv6_mismatch(
    listeners: ListeningSockets,
    upstreams: HttpProbes | None,
    error_log: NginxErrorLog | None,
    front: HttpProbes | None,
) -> Finding | None:
    """`localhost` is two addresses, ::1 and 127.0.0.1; the app answers on one of them only.

    Why: nginx was refused on one family while the same port listens on the other family alone.
    Ruled out when: a listener on the port takes the dialled family.
    Mistaken when: the listener belongs to another program.
    Mended by: 127.0.0.1 instead of localhost in the proxy's configuration, or the app bound to both families.
    Not mended by: a restart; localhost stays two addresses.
    Source: getaddrinfo(3), ipv6(7) IPV6_V6ONLY; ngx_http_proxy_module proxy_pass (all addresses are tried).
    """
    entries = {e.address: (_quote.error(e),) for e in error_log.errors if e.address} if error_log else {}
    is_part = _address.any_well(upstreams)
    for address, lines in {**entries, **_address.refused(upstreams, error_log)}.items():
        place = _address.split(address)
        if place is None or not any("efused" in line.text or "refused" in line.text for line in lines):
            continue
        host, port = place
        sockets = listeners.on_port(port)
        if not sockets or any(_address.takes(s, host) for s in sockets) or host == "localhost":
            continue
        other = [s for s in sockets if s.is_v6 != (":" in host)]
        if other:
            return Finding(
                cause="ipv6_mismatch",
                certainty=Certainty.LIKELY if is_part else Certainty.CONFIRMED,
                says=f"nginx dials {address}; the port is open on {other[0].address} only",
                because=(*lines, Line(step="listeners", text=other[0].line)),
                restart=_quote.useless("app", "it would bind the same family again"),
                next_check="whether requests fail at all: another server answers" if is_part else None,
                mend=f"the app bound to {host} port {port}, or nginx told to dial {other[0].address}",
                weight=_address.weight_of_part(4, front) if is_part else 86,
            )
    return None


def told(signs: Signs) -> Finding | RuledOut | None:
    """One family is refused while the port is open, or not refused, on the other."""
    refused = _dialling.refused(signs)
    for dial in refused:
        other = _other_family(signs, dial)
        if other is not None:
            says = f"{dial.text} is dialled and refuses; the port is open on {other.text} only"
            return _told.confirmed("ipv6_mismatch", 94, says, _RESTART, dial.sign, other.sign)
    for dial in refused:
        asked = _families_asked.other_answers(signs, dial)
        if asked:
            says = f"{dial.text} is dialled and refuses; asked by hand, the other family answers on that port"
            if len(asked) > 1:
                return _told.confirmed("ipv6_mismatch", 93, says, _RESTART, dial.sign, *asked)
            return _told.likely("ipv6_mismatch", 88, says, _RESTART, dial.sign, *asked, next_check=_CHECK)
    ill = _families_asked.unhealthy(signs)
    if ill:
        says = "the health check asks localhost by one family; the port is open on the other one alone"
        return _told.likely("ipv6_mismatch", 86, says, _RESTART, *ill, next_check=_CHECK)
    beyond = _families.told(signs, refused)
    if beyond is not None:
        return beyond
    six = next((dial for dial in refused if dial.host == "::1"), None) or _taken_out(signs)
    if six is None:
        told = _without_route(signs) or _two_peers(signs) or _in_words(signs) or _one_family(signs)
        return told or _six_refuses(signs, refused)
    four = next((d for d in refused if d.port == six.port and d.family == 4 and d.is_loopback), None)
    if four is not None:
        line = Line(step=four.sign.source or "pasted", text=four.sign.line)
        return RuledOut(
            cause="ipv6_mismatch", says=f"{four.text} is refused as {six.text} is", because=(line,)
        )
    return _six_alone(signs, six)


_RESTART = _quote.useless("app", "it would bind the same family again")
_CHECK = "`ss -ltn` for the port: is it open on 127.0.0.1 only?"


def _without_route(signs: Signs) -> Finding | None:
    """A name gave an IPv6 address, and this host has no IPv6 way out (101)."""
    lost = next((s for s in signs.of("dial_no_route") if _UNREACHABLE.search(s.line)), None)
    unbound = next((s for s in signs.of("dial_no_address") if _SIX.search(s.line)), None)
    lone = next((s for s in signs.of("dial_no_address") if "[::1]" in s.line), None)
    if lone is not None:
        says = "::1 is dialled where the kernel has no IPv6: the name stands for an address of each family"
        return _told.likely("ipv6_mismatch", 80, says, _RESTART, lone, next_check=_ROUTE)
    if unbound is not None:
        says = "an IPv6 address is dialled, and the proxy has none of its own to dial from"
        return _told.likely("ipv6_mismatch", 76, says, _RESTART, unbound, next_check=_ROUTE)
    bound = signs.first("bind_other_family")
    if bound is not None:
        own = "has no IPv6" if "socket()" in bound.line else "dials from an IPv4 address"
        says = f"the proxy {own}, and the name gave an IPv6 one to dial"
        return _told.likely("ipv6_mismatch", 80, says, _RESTART, bound, next_check=_ROUTE)
    dial = _dialling.place(lost["target"], lost) if lost else None
    six = next((s for s in signs.of("resolves") if ":" in s["address"]), None)
    if lost is not None and six is not None and (dial is None or dial.host == six["name"]):
        says = f"{six['name']} has an IPv6 address too, and the proxy has no route to one that it dialled"
        return _told.likely("ipv6_mismatch", 77, says, _RESTART, lost, six, next_check=_ROUTE)
    if lost is None or dial is None or dial.family != 6:
        return None
    says = f"{dial.text} is dialled, and the proxy has no IPv6 route: the name has an address of each family"
    return _told.likely("ipv6_mismatch", 78, says, _RESTART, lost, next_check=_ROUTE)


#: A dialled address of that family that is no loopback.
_SIX = re.compile(r"connect\(\) to \[(?!::1\])[0-9a-f]*:[0-9a-f:.]+\]", re.IGNORECASE)
_UNREACHABLE = re.compile(r"\(101: |network is unreachable", re.IGNORECASE)
_ROUTE = "`ip -6 route` where the proxy runs; does the name answer by its IPv4 address?"


def _six_refuses(signs: Signs, refused: Sequence[Place]) -> Finding | None:
    """A host is there by IPv6 and refuses: few apps and images bind both families unless told to."""
    six = next((dial for dial in refused if dial.family == 6 and not dial.is_loopback), None)
    if six is None or any(one.family != 4 for one in _dialling.on_port(signs, six.port)):
        return None
    says = f"{six.text} is dialled and refuses; the app may listen on IPv4 alone"
    return _told.possible("ipv6_mismatch", 52, says, _RESTART, six.sign, next_check=_CHECK)


def _two_peers(signs: Signs) -> Finding | None:
    """nginx never counts an only server out: where `localhost` has none left, it is ::1 and 127.0.0.1.

    Source: ngx_http_upstream_round_robin.c, `peers->single` is not held against max_fails.
    """
    both = next((s for s in signs.where("no_live", proxy="nginx") if _LOCALHOST.match(s["target"])), None)
    if both is None:
        return None
    says = "nginx has two servers for `localhost`, ::1 and 127.0.0.1; the app may answer on one of them"
    return _told.possible("ipv6_mismatch", 48, says, _RESTART, both, next_check=_CHECK)


def _in_words(signs: Signs) -> Finding | None:
    """Somebody writes it: one name, two addresses, and one of them fails."""
    told = signs.first("families_told")
    if told is None or signs.has("dial_missing", "dial_denied", "dependency_away", "stopped"):
        return None
    says = "`localhost` is ::1 and 127.0.0.1; the app answers on one of them"
    return _told.likely("ipv6_mismatch", 76, says, _RESTART, told, next_check=_CHECK)


def _taken_out(signs: Signs) -> Place | None:
    """nginx counts ::1 as failed, which only is a server of its own beside 127.0.0.1."""
    places = (_dialling.place(s["target"], s) for s in signs.of("server_disabled"))
    return next((one for one in places if one is not None and one.host == "::1"), None)


def _one_family(signs: Signs) -> Finding | None:
    """`localhost` is dialled, and the port is open on IPv4 alone, as somebody writes."""
    four = signs.first("one_family")
    named = next((one.sign for one in _dialling.dialled(signs) if one.host == "localhost"), None)
    named = named or signs.first("localhost_dialled")
    if four is None or named is None or signs.has("dial_missing", "dial_denied"):
        return None
    says = "`localhost` is ::1 first and 127.0.0.1 second; the port is open on IPv4 alone"
    return _told.likely("ipv6_mismatch", 78, says, _RESTART, named, four, next_check=_CHECK)


_LOCALHOST = re.compile(r"localhost(?::\d+)?\Z")


def _other_family(signs: Signs, dial: Place) -> Place | None:
    same = _dialling.on_port(signs, dial.port)
    # `localhost` in the app's own words is either family; a table of sockets says which.
    same = tuple(one for one in same if one.host != "localhost") or same
    if dial.family is None or not dial.is_loopback or any(_dialling.takes(one, dial) for one in same):
        return None
    known = [one for one in same if one.host]  # an app that only says its port does not say its family
    return next(
        (one for one in known if one.family not in (None, dial.family) or one.host == "localhost"), None
    )


def _six_alone(signs: Signs, six: Place) -> Finding:
    says = f"{six.text} is dialled and refuses; an app that listens on 127.0.0.1 alone is not reached so"
    # Go names the first address it tried, also when both refused.
    asked = ((s, _dialling.place(s["target"], s, "http")) for s in signs.of("answers"))
    four = next((s for s, one in asked if one and one.family == 4 and one.port == six.port), None)
    if four is not None and _dialling.deeper(signs) is None:
        says = f"{six.text} is dialled and refuses; asked by IPv4, the port answers"
        return _told.likely("ipv6_mismatch", 87, says, _RESTART, six.sign, four, next_check=_CHECK)
    is_weak = six.sign["protocol"] == "tcp" or _dialling.deeper(signs) is not None
    if is_weak:
        return _told.possible("ipv6_mismatch", 43, says, _RESTART, six.sign, next_check=_CHECK)
    return _told.likely("ipv6_mismatch", 78, says, _RESTART, six.sign, next_check=_CHECK)
