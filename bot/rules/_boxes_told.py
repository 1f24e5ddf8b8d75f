"""Containers that were stopped by order, as a text tells it."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _dialling


def box_by_order(signs: Signs) -> tuple[Sign, Sign] | None:
    """A container ended as `docker stop` ends one (0, 143 or 137), and the order that names it is kept."""
    told_more = set(_dialling.DEEPER) - {"killed"}
    if signs.has(*told_more, "started", "listening", "oom_invoked"):
        return None
    orders = (*signs.of("stopped"), *signs.of("stopped_told"))
    for sign in (*signs.of("container"), *signs.of("exited"), *signs.of("killed")):
        name, is_up = sign["name"] or sign["who"], sign["state"] in ("up", "restarting", "created")
        if not name or is_up or sign["code"] not in BY_ORDER or _dialling.is_proxy(sign):
            continue
        order = next((one for one in orders if names(one, name)), None)
        if order is not None:
            return order, sign
    return None


BY_ORDER = ("", "0", "137", "143")


def names(order: Sign, name: str) -> bool:
    words = (order["who"] or order["what"]).split()
    return any(_dialling.is_of(service(a), b) for word in words for a, b in ((word, name), (name, word)))


def service(name: str) -> str:
    """`api-1` of compose's log and `shop-api-1` are one container, of the service `api`."""
    return re.sub(r"[-_]\d{1,3}\Z", "", name)
