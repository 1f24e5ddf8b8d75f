"""Entries to a Story: everything an export says, chosen and put in order; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.errors import BadRequest
from bot.model.diff import Diff, since_first
from bot.model.event import ActionEnded, Entry, Exported, IncidentOpened, Shown, StepEnded
from bot.model.incident import Incident, fold
from bot.story.moment import Moment, moment


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An evidence text and the salt its digest was made with (hex)."""

    digest: str
    salt: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A signed checkpoint with all that is needed to check it alone; see `bot.audit.checkpoint`."""

    text: str
    #: Of the key, 64 hex digits.
    public: str
    #: Ed25519, hex.
    signature: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """An incident, ready to be written out."""

    incident: Incident
    opened: IncidentOpened
    opened_at: datetime
    #: Of the last entry that is part of the story.
    ended_at: datetime
    #: In order; what was shown in Slack and exports themselves are left out.
    moments: tuple[Moment, ...]
    #: From the first verdict to that of the latest check; None until something was checked again.
    diff: Diff | None
    #: Step texts by digest, for reading; an erased one is missing.
    evidence: Mapping[str, str]
    #: The same texts with the salts that prove them, in order of appearance.
    kept: tuple[Kept, ...]
    #: The whole chain up to the last entry of the story, as stored.
    entries: tuple[Entry, ...]
    #: Signed checkpoints that name its head; empty when there is no key.
    checkpoints: tuple[Sealed, ...] = ()

    @property
    def head(self) -> Entry:
        """The last entry of the story: the export goes up to it."""
        return self.entries[-1]


def timeline(
    entries: Iterable[Entry],
    evidence: Mapping[str, str] = MappingProxyType({}),
    *,
    salts: Mapping[str, str] = MappingProxyType({}),
) -> Story:
    """The story these entries tell; `evidence` has the kept texts by digest, `salts` their salts (hex).

    It ends with the last entry that belongs to it, so that an export is not changed by being made.
    Raises BadRequest when there is no such incident.
    """
    chain = _up_to_last_told(tuple(entries))
    incident = fold(chain)
    if incident.opened is None or incident.opened_at is None:
        raise BadRequest("there is no such incident in the ledger; ask for the list: status")
    texts = {digest: evidence[digest] for digest in digests_of(chain) if digest in evidence}
    return Story(
        incident=incident,
        opened=incident.opened,
        opened_at=incident.opened_at,
        ended_at=chain[-1].at,
        moments=tuple(moment(entry) for entry in chain if _is_told(entry)),
        diff=since_first(incident),
        evidence=MappingProxyType(texts),
        kept=tuple(
            Kept(digest=digest, salt=salts[digest], text=text)
            for digest, text in texts.items()
            if digest in salts
        ),
        entries=chain,
    )


def digests_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Digests of the evidence these entries refer to, each once, in order."""
    events = (entry.event for entry in entries)
    found = (event.evidence for event in events if isinstance(event, StepEnded | ActionEnded))
    return tuple(dict.fromkeys(digest for digest in found if digest is not None))


def _is_told(entry: Entry) -> bool:
    return not isinstance(entry.event, Shown | Exported)


def _up_to_last_told(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    last = max((index for index, entry in enumerate(entries) if _is_told(entry)), default=-1)
    return entries[: last + 1]
