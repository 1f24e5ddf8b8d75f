"""What people tried, and with what it fails -> the cause. Rows as in `_circumstance.py`."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _dialling, _outage, _quote
from bot.rules._circumstance import Row, all_of
from bot.rules._once import lines_of


def _unreached_dev_server(signs: Signs) -> tuple[Sign, ...]:
    """Somebody sees nobody listen in a container, and tries the switch that binds every address."""
    tried, silent = signs.first("host_switch"), signs.first("not_listening", "dial_refused")
    if tried is None or silent is None or not _BOX.search(f"{silent.line}\n{tried.line}"):
        return ()
    return silent, tried


def _terminal_ended(signs: Signs) -> tuple[Sign, ...]:
    """Its terminal ended, or a terminal's job is hung up: HUP alone may be an order to reload."""
    hung = signs.first("hung_up")
    if hung is None:
        return ()
    lines = lines_of(signs)
    is_end = "hup" not in hung["what"].lower()
    is_job = is_end or any(_TERMINAL.search(line) for line in lines)
    return (hung,) if is_job and not any("logrotate" in line for line in lines) else ()


def _by_public_address(signs: Signs) -> tuple[Sign, ...]:
    """Behind NAT the proxy is told the host's own public address, and a gateway fails."""
    told = signs.first("own_public_dialled")
    fails = next(iter(_outage.gateway_errors(signs)), None) or signs.first("page")
    return (told, fails) if told is not None and fails is not None else ()


def _by_host_address(signs: Signs) -> tuple[Sign, ...]:
    """The proxy's container reaches the app's, and dials an address of the LAN, which does not answer."""
    reached = signs.first("proxy_reaches_box")
    dial = next((d for d in _dialling.dialled(signs) if d.sign.kind == "dial_timeout"), None)
    if reached is None or dial is None or dial.is_name or dial.is_loopback:
        return ()
    return () if _dialling.is_container_address(dial) else (dial.sign, reached)


def _strangers_port(signs: Signs) -> tuple[Sign, ...]:
    """Something answers on the port, and its user does not know which program that is."""
    stranger = signs.first("port_stranger")
    answer = signs.first("answers", "reached")
    if stranger is None or answer is None:
        return ()
    port = stranger["port"]
    asked = any(port in s["target"] + s.line for s in signs.of("answers", "reached"))
    return (stranger, answer) if asked else ()


def _works_elsewhere(signs: Signs) -> tuple[Sign, ...]:
    """By hand it works at another address of the LAN, by the same scheme and port."""
    for opened in signs.where("opened_as", protocol="http"):
        host, _, port = opened["target"].rpartition(":")
        for dial in signs.where("dials", protocol="http"):
            other, _, dialled = dial["target"].rpartition(":")
            if dialled == port and other != host and _LAN.match(host) and _LAN.match(other):
                return dial, opened
    return ()


def _denied_to_root(signs: Signs) -> tuple[Sign, ...]:
    """A connection by hand is denied as well: a policy confines nginx alone, a packet filter everybody."""
    dial = next((s for s in signs.of("dial_denied") if "unix:" not in s["target"]), None)
    by_hand = next((s for s in signs.of("not_reached") if "ermission denied" in s["reason"]), None)
    return (dial, by_hand) if dial is not None and by_hand is not None else ()


#: Addresses that are a machine's in a LAN, not a container's.
_LAN = re.compile(r"(?:192\.168|10)\.\d{1,3}\.\d{1,3}\.?\d{0,3}\Z")
#: A container is spoken of.
_BOX = re.compile(r"\b(?:containers?|docker|compose|pods?)\b", re.IGNORECASE)
#: What runs in a terminal or as its job.
_TERMINAL = re.compile(r"\bdocker(?:[- ]compose)? exec\b|\bnohup\b|\S &\s*$|\bssh\b|\bterminal\b|\btty\b")

ROWS: tuple[Row, ...] = (
    Row(
        cause="wrong_address",
        weight=74,
        says="by hand it works at another address of the LAN than the one the proxy dials",
        restart=_quote.useless("app", "the address that is dialled stays"),
        shows=_works_elsewhere,
        unless=(*_deeper.DEEPER, "answer_closed", "answer_reset", "blocked"),
    ),
    Row(
        cause="firewall_or_no_route",
        weight=88,
        says="a connection by hand is denied as well: a packet filter of the host does that to everybody",
        restart=_quote.useless("app", "the filter stays"),
        shows=_denied_to_root,
        unless=("denied_by_policy", "policy_mends"),
    ),
    Row(
        cause="wrong_address",
        weight=70,
        says="the host's own public address is dialled from behind NAT, which leads nothing back in",
        restart=_quote.useless("app", "the address that is dialled stays"),
        shows=_by_public_address,
        unless=(*_deeper.DEEPER, "dial_missing", "dial_refused", "answer_closed", "config_invalid"),
    ),
    Row(
        cause="wrong_address",
        weight=70,
        says="the app's container is reached by its own address, and the proxy dials the host's instead",
        restart=_quote.useless("app", "the address that is dialled stays"),
        shows=_by_host_address,
        unless=(*_deeper.DEEPER, "blocked", "filter_mends", "address_moved"),
    ),
    Row(
        cause="port_conflict",
        weight=80,
        says="another program than the app answers on the port, and nobody knows which",
        restart=_quote.useless("app", "the port is still the other's"),
        shows=_strangers_port,
        unless=("dial_missing", "dial_timeout"),
    ),
    Row(
        cause="request_too_big_for_app",
        weight=74,
        says="it fails when the request's own head is long: the app server takes no head of that size",
        restart=_quote.useless("app", "the client sends the same head again"),
        shows=all_of(("long_request_head",)),
        unless=(
            *_deeper.DEEPER,
            *("dial_missing", "dial_refused", "answer_invalid", "header_too_big", "request_too_big"),
            *("many_groups", "login_returns", "answer_timeout"),
        ),
    ),
    Row(
        cause="upstream_down",
        weight=76,
        says="the app was started from a terminal and is sent a hang-up when that ends",
        restart=_quote.useless("app", "started in the same way it ends with its terminal again"),
        shows=_terminal_ended,
        unless=(*_deeper.DEEPER, "unit_failed", "config_invalid"),
    ),
    Row(
        cause="bind_localhost_in_container",
        weight=74,
        says="a development server binds localhost by itself, which nobody outside its container reaches",
        restart=_quote.useless("app", "it would bind localhost again"),
        shows=_unreached_dev_server,
        unless=(*_deeper.DEEPER, "name_unresolved", "name_at_start", "listening"),
    ),
)
