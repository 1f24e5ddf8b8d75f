"""What the host's own logs date before somebody asked: the beginning of the trouble."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.model.incident import Incident
from bot.model.verdict import Finding, Line

_CHANGES = "changes"
#: As `bot.parsers.changes` ends such a line.
_CHANGED = re.compile(r" changed (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z$")


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A dated line that the first verdict rests on. Its time is by the host's clock."""

    at: datetime
    step: str
    text: str

    @property
    def is_change(self) -> bool:
        """True for a release or a file that was changed: what may have caused it, not yet the trouble."""
        return self.step == _CHANGES


def logged(incident: Incident) -> tuple[Logged, ...]:
    """Dated lines of the first verdict from before the ask, the oldest first, each once.

    A line from after the ask is left out: the bot's own questions may have made it.
    """
    verdict = incident.first_verdict
    return _before_the_ask(incident, verdict.found if verdict else ())


def first_sign(incident: Incident) -> Logged | None:
    """The oldest sign of the leading cause; a change only when nothing else is dated."""
    verdict = incident.first_verdict
    lines = _before_the_ask(incident, verdict.found[:1] if verdict else ())
    signs = [line for line in lines if not line.is_change]
    return next(iter(signs or lines), None)


def _before_the_ask(incident: Incident, found: tuple[Finding, ...]) -> tuple[Logged, ...]:
    asked_at = incident.opened_at
    lines = [one for one in _dated(found) if asked_at is not None and one.at <= asked_at]
    return tuple(sorted(dict.fromkeys(lines), key=lambda line: line.at))


def _dated(found: tuple[Finding, ...]) -> Iterator[Logged]:
    for finding in found:
        for line in finding.because:
            at = _at(line)
            if at is not None:
                yield Logged(at=at, step=line.step, text=line.text)


def _at(line: Line) -> datetime | None:
    if line.at is not None:
        return line.at
    told = _CHANGED.search(line.text) if line.step == _CHANGES else None
    try:
        return datetime.fromisoformat(told[1]).replace(tzinfo=UTC) if told else None
    except ValueError:
        return None
