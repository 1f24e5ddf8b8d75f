"""What people tried, and with what it fails -> the cause. Rows as in `_circumstance.py`."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _deeper, _quote
from bot.rules._circumstance import Row, all_of


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
    lines = (*signs.unread, *(s.line for s in signs.all))
    is_end = "hup" not in hung["what"].lower()
    is_job = is_end or any(_TERMINAL.search(line) for line in lines)
    return (hung,) if is_job and not any("logrotate" in line for line in lines) else ()


#: A container is spoken of.
_BOX = re.compile(r"\b(?:containers?|docker|compose|pods?)\b", re.IGNORECASE)
#: What runs in a terminal or as its job.
_TERMINAL = re.compile(r"\bdocker(?:[- ]compose)? exec\b|\bnohup\b|\S &\s*$|\bssh\b|\bterminal\b|\btty\b")

ROWS: tuple[Row, ...] = (
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
