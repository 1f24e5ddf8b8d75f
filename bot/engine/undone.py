"""Remembers which incidents went on, and finds those of them that have something left to do.

Cheap where nothing happens: no query at all. An incident that another process works on is not even read.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.model.event import ChannelChanged, Entry, Event, Exported, Noted, Refused, Shown, StepEnded
from bot.model.incident import fold
from bot.model.lease import work_on
from bot.ports import Leases, Ledger
from bot.progress import has_work, next_clock

#: After a start incidents are looked at back to this age, and at least so many of them.
_BACK = timedelta(days=1)
_AT_LEAST = 500
_MOST_KNOWN = 5000
#: What never gives anything to do by itself.
_QUIET = (Shown, ChannelChanged, StepEnded, Refused, Exported)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an incident has left."""

    is_undone: bool
    #: People have decided something there.
    is_urgent: bool = False
    #: When its next clock runs out; None when none runs.
    at: datetime | None = None


class Undone:
    """The engine's memory of what others append."""

    def __init__(self, ledger: Ledger, leases: Leases) -> None:
        self._ledger, self._leases = ledger, leases
        #: To be looked at.
        self._heard: dict[str, None] = {}
        #: Known to have nothing to do at this seq; the latest last.
        self._quiet_at: dict[str, tuple[int, datetime | None]] = {}
        #: Worked on by another process; looked at when that is over.
        self._elsewhere: set[str] = set()
        self._is_new = asyncio.Event()

    def heard(self, incidents: Iterable[str]) -> None:
        """These went on; one that was never heard of is looked at without delay."""
        for incident in incidents:
            if incident in self._elsewhere:
                continue
            if incident not in self._quiet_at:
                self._is_new.set()
            self._heard[incident] = None

    async def wait(self, seconds: float) -> None:
        """Until something new was heard, or for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_new.wait()
        self._is_new.clear()

    async def remember(self) -> None:
        """Have everything that may be unfinished looked at. Raises LedgerUnavailable."""
        since = await self._ledger.now() - _BACK
        limit = _AT_LEAST
        while True:
            names = await self._ledger.incidents(limit=limit)
            if len(names) < limit or await self._is_older(names[-1], since):
                break
            limit *= 2
        self.heard(names)

    async def look(self, *, skip: Collection[str]) -> AsyncIterator[tuple[str, Found]]:
        """What became of all that was heard of but for `skip`; raises LedgerUnavailable."""
        names = [one for one in self._heard if one not in skip]
        if not names:
            return
        busy = await self._leases.others([work_on(one) for one in names])
        for name in [one for one in names if work_on(one) in busy]:
            self._heard.pop(name, None)
            self._elsewhere.add(name)
            self._leases.when_free(work_on(name), partial(self._free, name))
        free = [one for one in names if work_on(one) not in busy]
        if not free:
            return
        now = await self._ledger.now()
        for name in free:
            self._heard.pop(name, None)
            try:
                yield name, await self._found(name, now)
            except BaseException:
                self._heard[name] = None
                raise

    def _free(self, name: str) -> None:
        """Its claim was given back, or its holder died in the middle of it."""
        self._elsewhere.discard(name)
        self._quiet_at.pop(name, None)
        self.heard((name,))

    async def _found(self, name: str, now: datetime) -> Found:
        seq, clock = self._quiet_at.get(name, (0, None))
        is_due = clock is not None and now > clock
        if seq and not is_due:
            news = await self._ledger.entries(name, after_seq=seq)
            if _is_quiet(news):
                self._know(name, news[-1].seq if news else seq, clock)
                return Found(is_undone=False, at=clock)
        state = fold(await self._ledger.entries(name))
        if has_work(state, now):
            self._quiet_at.pop(name, None)
            return Found(is_undone=True, is_urgent=any(one.approval for one in state.undone))
        clock = next_clock(state)
        self._know(name, state.seq, clock)
        return Found(is_undone=False, at=clock)

    def _know(self, name: str, seq: int, clock: datetime | None) -> None:
        self._quiet_at.pop(name, None)
        self._quiet_at[name] = (seq, clock)
        while len(self._quiet_at) > _MOST_KNOWN:
            del self._quiet_at[next(iter(self._quiet_at))]

    async def _is_older(self, name: str, since: datetime) -> bool:
        entries = await self._ledger.entries(name)
        return not entries or entries[-1].at < since


def _is_quiet(entries: Sequence[Entry]) -> bool:
    return not any(_gives_work(entry.event) for entry in entries)


def _gives_work(event: Event) -> bool:
    return event.wants_look if isinstance(event, Noted) else not isinstance(event, _QUIET)
