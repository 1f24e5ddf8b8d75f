"""Starts that fail in a way of their own: of workers, of a required unit, in Docker, without an error."""

from bot.model.verdict import Certainty, Finding, RestartAdvice
from bot.parsers.http_probes import HttpProbes
from bot.parsers.journal import Journal, JournalEntry
from bot.parsers.unit_state import UnitState
from bot.rules import (
    _last_words,
    _life,
    _quote,
    _unit_exit,
)
from bot.rules._unmet import Needed


def of_workers(unit: UnitState, journal: Journal | None, boots: tuple[JournalEntry, ...]) -> Finding:
    words = _last_words.last_words(journal)
    said = f": {words.message.strip()}" if words else ""
    return Finding(
        cause="app_crash_startup",
        certainty=Certainty.CONFIRMED if words else Certainty.LIKELY,
        says=f"workers of {unit.name} die while starting, and their master starts others{said}",
        because=(*((_quote.logged(words),) if words else ()), *(_quote.logged(one) for one in boots[:2])),
        restart=_quote.useless(
            "app", f"{len(boots)} workers were started within a minute, and ended the same way"
        ),
        next_check=None if words else f"the log of {unit.name} between two starts of a worker",
        weight=80,
    )


def not_started(unit: UnitState, lacks: Needed) -> Finding:
    """systemd gave up its start for a unit that it requires."""
    name = lacks.unit.name if lacks.unit else "the unit that it requires"
    return Finding(
        cause="app_crash_startup",
        certainty=Certainty.CONFIRMED if lacks.unit and len(lacks.because) > 1 else Certainty.LIKELY,
        says=f"{unit.name} is not started: {lacks.says}",
        because=(*lacks.because, _quote.state(unit, "ActiveState", "SubState", "Result")),
        restart=_quote.useless("app", f"systemd starts {name} first, which fails, and gives up again"),
        next_check=f"why {name} failed: systemctl status {name if lacks.unit else unit.name}",
        mend=f"what {name} fails at, by its own journal (journalctl -u {name}); then a start"
        if lacks.unit
        else None,
        weight=88,
    )


def not_made(unit: UnitState) -> Finding | None:
    """Docker itself could not start the container; why stands in its error."""
    error = unit.container.error if unit.container else ""
    if unit.exit_status in _unit_exit.SYSTEMD_EXITS or _life.ADDRESS_IN_USE.search(error):
        return None
    return Finding(
        cause="app_crash_startup",
        certainty=Certainty.CONFIRMED,
        says=f"Docker cannot start {unit.name}: {error}",
        because=(_quote.state(unit, "ActiveState", "ExecMainStatus", "Error"),),
        restart=_quote.useless("app", "Docker meets the same error again"),
        mend=f"what Docker's error names, then `docker start {unit.name}`; where it is the container's own "
        "settings (a mount, a network, a device), the container made anew",
        weight=80,
    )


def gave_up(unit: UnitState, app_journal: Journal | None, lived_s: float) -> Finding:
    """Without an error and by itself: systemd takes that for a good end and may not try again."""
    end, words = _life.end_of_itself(unit, app_journal), _last_words.last_own(app_journal)
    said = f": {words.message.strip()}" if words else ""
    return Finding(
        cause="app_crash_startup",
        certainty=Certainty.LIKELY if unit.exit_code or lived_s < 1 else Certainty.POSSIBLE,
        says=f"{unit.name} ends by itself {lived_s:.0f} s after its start, without an error{said}",
        because=(
            *((_quote.logged(words),) if words else ()),
            *((_quote.logged(end),) if end else ()),
            _quote.state(unit, "ActiveState", "Result", "ExecMainStatus", "Restart"),
        ),
        restart=_quote.useless(
            "app", "its last start ended so, and nothing shows that the next one does not"
        ),
        next_check="does the program stay in the foreground, or leave a child and end (Type=forking)?",
        weight=80,
    )


def dies(unit: UnitState, lived: float | None, words: str, *, is_reload: bool) -> str:
    """When it ends, and with which words."""
    said = f": {words}" if words else ""
    if is_reload:
        return f"{unit.name} ended when it was to read its configuration again, by a reload{said}"
    each = "each start" if unit.restarts else "its start"
    after = "at once" if lived is not None and lived < 0.5 else f"{lived or 0:.0f} s after {each}"
    when = "while starting" if lived is None else after
    return f"{unit.name} dies {when}{said}"


def restart(unit: UnitState, *, is_reload: bool) -> RestartAdvice:
    """Nothing shows that the next start meets anything else."""
    if is_reload:
        return _quote.useless("app", "it reads the same file when it starts")
    times = f"{unit.restarts + 1} starts ended the same way" if unit.restarts else "its last start ended so"
    return _quote.useless("app", f"{times}; it meets the same missing piece again")


def serves_between(unit: UnitState, upstreams: HttpProbes | None, app_journal: Journal | None) -> bool:
    """It answers now and has lived longer than a start before: what ends it is no start, but a request."""
    lives = _life.lives_of(app_journal) if app_journal else []
    is_well = upstreams is not None and bool(upstreams.probes) and all(p.is_well for p in upstreams.probes)
    return unit.is_running and is_well and max(lives, default=0.0) > _life.STARTUP_S
