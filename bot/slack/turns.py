"""Which of several servers shows an incident: the one that opened it, and another when that one is silent.

Slack has no way to post a message once only, so two servers must not both try. Each leaves an incident
that another one opened alone until nothing is heard of any such incident for a while, then takes it over.
"""

import asyncio
from collections.abc import Callable, Sequence

from bot.model.incident import Incident
from bot.ports import Ledger
from bot.slack.pace import Time

#: A server that has something to show writes about once a second down that it did.
PATIENCE_S = 20.0
_MOST = 2000


class Turns:
    """What this process shows, and when it looks again at what others should have shown."""

    def __init__(
        self, ledger: Ledger, time: Time, look_again: Callable[[str], None], *, patience_s: float
    ) -> None:
        self._ledger, self._time, self._look_again = ledger, time, look_again
        #: 0: there is no other server, and every incident is ours.
        self._patience_s = patience_s
        self._heard_at = time.monotonic()
        self._ours: dict[str, None] = {}
        self._taken_over: set[str] = set()
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def is_ours(self, incident: str) -> bool:
        """Whether this process is the one to show it."""
        return not self._patience_s or incident in self._ours

    def take(self, incident: str) -> None:
        """Show it from now on, because it was opened here."""
        self._ours[incident] = None
        while len(self._ours) > _MOST:
            del self._ours[next(iter(self._ours))]

    def heard(self, incidents: Sequence[str]) -> None:
        """These went on; when one of them is another server's, somebody else is alive.

        In a busy channel a living server may be minutes away from one incident's next message.
        """
        if any(not self.is_ours(one) for one in incidents):
            self._heard_at = self._time.monotonic()

    def was_taken_over(self, incident: str) -> bool:
        """True when the server before may have posted what it could not write down."""
        return incident in self._taken_over

    async def take_over(self, incident: Incident) -> bool:
        """Call for what is not ours and not wholly shown: False now, and a call of `look_again` in time."""
        if incident.clock_at is None:
            return False
        age_s = (await self._ledger.now() - incident.clock_at).total_seconds()
        quiet_s = min(age_s, self._time.monotonic() - self._heard_at)
        if quiet_s < self._patience_s:
            self._wait(incident.id, self._patience_s - quiet_s)
            return False
        self.take(incident.id)
        self._taken_over.add(incident.id)
        return True

    async def stop(self) -> None:
        """Wait for nothing any more."""
        tasks = list(self._waiting.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _wait(self, incident: str, seconds: float) -> None:
        if incident not in self._waiting:
            self._waiting[incident] = asyncio.create_task(self._later(incident, seconds))

    async def _later(self, incident: str, seconds: float) -> None:
        await self._time.sleep(seconds)
        del self._waiting[incident]
        self._look_again(incident)
