"""What nginx or Apache dials and its files do not name: it runs with files it read before."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import _dialling


def stray(signs: Signs) -> tuple[Sign, Sign] | None:
    """A dialled address no file names, while the files name only addresses; and what they name."""
    files = [s for s in signs.of("dials") if s["target"]]
    places = [_dialling.place(s["target"], s, s["protocol"]) for s in files]
    if (
        not files
        or signs.has("name_at_start")
        or any(p is None or p.is_name or p.host == "localhost" for p in places)
    ):
        return None
    if any(s["directive"] in ("variable", "proxy_pass") and "$" in s["value"] for s in signs.of("conf")):
        return None
    named = {s["target"] for s in files}
    for sign in signs.of("dial_refused", "dial_timeout", "dial_no_route"):
        dial = _dialling.place(sign["target"], sign)
        if dial is not None and dial.family and sign["proxy"] in _PROXIES and sign["target"] not in named:
            return sign, files[0]
    return None


#: They read their files at a start or reload alone.
_PROXIES = ("nginx", "apache")


def listener(signs: Signs) -> Sign | None:
    """The app listens where the files say, not where nginx dials: the files are right and not in use."""
    if stray(signs) is None:
        return None
    for named in _dialling.configured(signs):
        there = next((o for o in _dialling.listeners(signs) if _dialling.takes(o, named)), None)
        if there is not None:
            return there.sign
    return None


def works_on(signs: Signs, refused: Sign) -> bool:
    """Later in one log a worker of nginx dials for a request: it runs, whatever its test says."""
    return any(
        sign.at[0] == refused.at[0] and sign.at > refused.at and _WORKER.search(sign.line)
        for sign in signs.of(
            "dial_refused", "dial_timeout", "dial_missing", "answer_timeout", "answer_closed"
        )
    )


#: A worker's process, and the connection it serves.
_WORKER = re.compile(r"\] \d{1,10}#\d{1,10}: \*\d")
