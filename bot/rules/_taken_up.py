"""Whether nginx has taken up its configuration since it refused it.

Source: ngx_process_cycle.c "start worker processes", which only follows on a file that was read; nginx.c
"test is successful".
"""

from bot.model.sign import Sign, Signs
from bot.rules import _clock, _outage

_STARTS = ": start worker processes"


def workers_started(signs: Signs, refused: Sign) -> str:
    """The line of workers that were started after a refusal, by date or in one text; empty if none."""
    if _STARTS not in signs.text:
        return ""
    before, _, after = signs.text.partition(refused.line)
    started = [line for line in (after or before).splitlines() if _STARTS in line]
    at = _clock.when(refused.line)
    if at is None:
        return started[-1] if after and started else ""
    return next((line for line in reversed(started) if (up := _clock.when(line)) and up > at), "")


def passes_now(signs: Signs, refused: Sign) -> Sign | None:
    """The proxy's own test of its files, passed after it had refused them."""
    return next((valid for valid in signs.of("config_valid") if valid.at > refused.at), None)


def serves_since(signs: Signs, refused: Sign) -> Sign | None:
    """A request that a proxy could not pass on after that: it runs."""
    at = _clock.when(refused.line)
    later = (s for s in signs.of(*_outage.DEAF, *_outage.BROKEN, *_outage.SLOW) if s["proxy"])
    return next((s for s in later if at and (fails := _clock.when(s.line)) and fails > at), None)
