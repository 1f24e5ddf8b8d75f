"""Which limit of the unit stands behind a thread that could not be made, or memory that was refused."""

import re

from bot.model.verdict import Line
from bot.parsers.unit_state import UnitState
from bot.rules import _quote

#: EAGAIN of clone(2) and its wordings; pthread_create gives it for a lack of memory too.
NO_THREAD = re.compile(
    r"can't start new thread|pthread_create\b.{0,60}(?:failed|EAGAIN)|"
    r"unable to create (?:new )?(?:native )?thread|"
    r"[Cc]an(?:no|')t fork|fork(?:\(\))?(?: failed)?: (?:retry: )?Resource temporarily unavailable|"
    r"BlockingIOError: \[Errno 11\]|OSError: \[Errno 11\]|spawn \S{1,80} EAGAIN"
)


def of_tasks(unit: UnitState | None, words: str) -> Line | None:
    """The unit's TasksMax=, reached as far as systemd counts, where a thread or process was refused.

    Source: systemd.resource-control(5) TasksMax=; clone(2) EAGAIN.
    """
    if unit is None or not NO_THREAD.search(words):
        return None
    most, now = (unit.properties.get(name, "") for name in ("TasksMax", "TasksCurrent"))
    if not most.isdecimal() or (now.isdecimal() and int(now) < int(most) * 0.95):
        return None
    return _quote.state(unit, "TasksMax", "TasksCurrent")


def of_memory(unit: UnitState | None) -> Line | None:
    """The unit's LimitAS= or LimitDATA=, where one is set.

    Source: systemd.exec(5) LimitAS=; setrlimit(2).
    """
    if unit is None:
        return None
    names = [n for n in ("LimitAS", "LimitDATA") if unit.properties.get(n, "").isdecimal()]
    return _quote.state(unit, *names) if names else None


def mend_of_tasks(unit: UnitState) -> str:
    """What lets it make threads again."""
    return (
        f"a higher TasksMax= in {unit.name} (systemctl edit {unit.name}, then a restart), or fewer threads"
        " and processes in the app"
    )
