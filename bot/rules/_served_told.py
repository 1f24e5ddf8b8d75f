"""That the app served before it ended, as a text tells it."""

import re

from bot.model.sign import Sign, Signs
from bot.rules import (
    _outage,
)


def served_first(signs: Signs) -> tuple[Sign, Sign] | None:
    """It ended, and by somebody's word or by its use of the processor it had served before."""
    if signs.has(*CHANGED, *_outage.NARROWER, "worker_timeout", "stopped_told", "old_release"):
        return None
    end = signs.first("crashed", "exited", "end_told")
    if end is not None and end["signal"] and signs.has("one_route"):
        return None  # premature_close_crash
    long = signs.first("served_first") or worked(signs) or answered(signs)
    return (end, long) if end is not None and long is not None else None


def answered(signs: Signs) -> Sign | None:
    """Its own log has answers to requests, and then its end."""
    for ended in signs.of("exited"):
        before = (s for s in signs.of("answers") if s.at[0] == ended.at[0] and s.at < ended.at)
        if (one := next(before, None)) is not None:
            return one
    return None


CPU = re.compile(r"(?:(?P<h>\d+)h )?(?:(?P<m>\d+)min )?(?P<s>[\d.]+)s\Z")


#: Seconds of the processor that no start takes.
MORE_THAN_A_START = 45


def worked(signs: Signs) -> Sign | None:
    """A run that took so much of the processor was no start."""
    for sign in signs.of("cpu_used"):
        time = CPU.match(sign["time"])
        if time is not None:
            seconds = int(time["h"] or 0) * 3600 + int(time["m"] or 0) * 60 + float(time["s"])
            if seconds > MORE_THAN_A_START:
                return sign
    return None


#: What may have broken a start that was well for long.
CHANGED = ("released", "went_back", "php_changed", "after_reboot", "power_lost", "missing_setting")
