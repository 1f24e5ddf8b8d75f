"""The timeline as people read it: what the host's logs date, then who did what."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.event import Entry, IncidentOpened, Noted, Refused, Voted
from bot.model.incident import Incident
from bot.story.logged import Logged, logged
from bot.story.moment import BOT, who
from bot.story.sentence import sentence

#: Characters of a log line in the timeline; the appendix has all of it.
_LOG_CHARS = 240


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One row of the timeline."""

    at: datetime
    who: str
    what: str
    #: The entry it was read from; None when it is from the host's logs.
    seq: int | None = None


def happenings(entries: tuple[Entry, ...], incident: Incident) -> tuple[Happening, ...]:
    """Lines of the host's logs from before the ask, the oldest first, then the entries in their order."""
    told = ((entry, sentence(entry.event, incident)) for entry in entries)
    return (
        *(_of_log(line, incident.host or "") for line in logged(incident)),
        *(
            Happening(at=entry.at, who=_by(entry), what=what, seq=entry.seq)
            for entry, what in told
            if what is not None
        ),
    )


def _of_log(line: Logged, host: str) -> Happening:
    text = line.text if len(line.text) <= _LOG_CHARS else f"{line.text[:_LOG_CHARS]} …"
    return Happening(at=line.at, who=f"{host}, {line.step}", what=text)


def _by(entry: Entry) -> str:
    event = entry.event
    match event:
        case IncidentOpened() | Voted() | Noted() | Refused():
            return who(event.person, event.by)
        case _:
            return BOT
