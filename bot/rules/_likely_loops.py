"""An app behind a socket unit that dies at each start, where the fleet file names no unit.

That its connections are taken and answered by nobody looks like a hang; systemd itself tells whose they are:
the socket unit that listens where nginx dials names the service that it starts.
Source: systemd.socket(5) ListenStream=, Service=; systemd.service(5) Restart=.
"""

from bot.model.host import Host
from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import JournalEntry
from bot.parsers.likely_units import LikelyUnit, LikelyUnits
from bot.rules import _last_words, _life, _likely, _quote
from bot.rules._mend_by_words import mend_by_words


def found(likely: LikelyUnits | None, upstreams: HttpProbes | None, host: Host) -> Finding | None:
    """The unit that ends at each start behind a socket that nginx dials; never sure without its own state."""
    if likely is None or upstreams is None or host.service.unit or host.service.container:
        return None
    for probe in upstreams.probes:
        unit = next((u for u in likely.units if _is_behind(u, probe.address)), None)
        words = _last_words.words_of_exit(unit.said) or _life.last_exit(unit.said) if unit else None
        if unit is None or probe.is_well or (starts := _starts(unit, words)) is None:
            continue
        guess = _likely.Guess(address=probe.address, units=(unit,), host=host, listeners=None)
        return Finding(
            cause="app_crash_startup",
            certainty=Certainty.LIKELY,
            says=f"{unit.name}, which systemd starts for connections to {probe.address}, dies"
            + (f" {starts[-1]:.0f} s after each start" if starts else " at each start")
            + (f": {words.message.strip()}" if words else ""),
            because=(
                *((Line(step=_likely.STEP, text=words.line, at=words.at),) if words else ()),
                *guess.lines[:1],
                _quote.probe(probe),
            ),
            restart=_quote.useless(
                "app",
                f"{unit.restarts or len(starts)} starts ended so; it meets the same missing piece again",
            ),
            next_check=guess.next_check,
            mend=mend_by_words(None, words.message if words else ""),
            weight=80,
        )
    return None


def _is_behind(unit: LikelyUnit, address: str) -> bool:
    return unit.fails and _likely.where(unit, address).endswith(".socket")


def _starts(unit: LikelyUnit, words: JournalEntry | None) -> tuple[float, ...] | None:
    """How long its last runs took, empty where what was read holds no whole one; None: it may have served."""
    lives = _life.lives_of(unit.said)
    if lives:
        return None if max(lives[-2:]) > _life.STARTUP_S else tuple(lives)
    if words is None or words.at is None or unit.active_since is None:
        return None
    after_s = (words.at - unit.active_since).total_seconds()
    return () if unit.restarts > 0 and 0 <= after_s <= _life.STARTUP_S else None
