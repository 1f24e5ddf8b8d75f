"""Where each incident's thread is, for what must be said there when the ledger cannot be asked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from structlog.contextvars import bind_contextvars

from bot.model.event import Place, Shown
from bot.slack.api import Api
from bot.slack.blocks import rich
from bot.slack.delivery import thread_of
from bot.slack.failures import Away, RateLimited, Refused

_log = logging.getLogger(__name__)
_MOST = 1000


class Threads:
    """Remembers the latest ones."""

    def __init__(self, api: Api, *, check: Callable[[str], Awaitable[None]]) -> None:
        """`check` is asked before anything is said in a channel; raises Refused where nothing may be."""
        self._api, self._check = api, check
        #: Incident -> channel and thread, as last seen.
        self._places: dict[str, tuple[str, str]] = {}
        self._warnings: set[asyncio.Task[None]] = set()

    def remember(self, incident: str, place: Place, root: Shown | None) -> None:
        """Where it is shown, as soon as that is known."""
        thread = thread_of(place, root)
        if thread is not None:
            self._places.pop(incident, None)
            self._places[incident] = (place.channel, thread)
        while len(self._places) > _MOST:
            del self._places[next(iter(self._places))]

    def warn(self, incident: str, says: str, *, title: str = "It cannot go on") -> None:
        """Say in the thread what is wrong with the incident; returns at once."""
        if incident not in self._places:
            _log.warning("no thread to say it in: %s: %s", incident, says)
            return
        warning = asyncio.create_task(self._warn(incident, says, title))
        self._warnings.add(warning)
        warning.add_done_callback(self._warnings.discard)

    async def settled(self) -> None:
        """Wait until all is said, or cannot be."""
        await asyncio.gather(*self._warnings)

    async def stop(self) -> None:
        """Say nothing more."""
        warnings = list(self._warnings)
        for warning in warnings:
            warning.cancel()
        await asyncio.gather(*warnings, return_exceptions=True)

    async def _warn(self, incident: str, says: str, title: str) -> None:
        bind_contextvars(incident=incident)
        channel, thread = self._places[incident]
        line = rich.sentence(rich.ours(f"{title}: ", bold=True), rich.words(says, most=1000))
        try:
            await self._check(channel)
            await self._api.post(
                channel,
                thread=thread,
                text=title,
                blocks=(rich.rich("trouble", line),),
                mark={"incident": incident, "key": "trouble"},
            )
        except (Away, RateLimited, Refused) as error:
            _log.warning("cannot say it in the thread of %s: %s", incident, error)
