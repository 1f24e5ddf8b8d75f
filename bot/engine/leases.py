"""What this process has to itself, for as long as it can prove that it is alive: `bot.ports.Leases`.

One heartbeat a process, and only while something is held; no renewals for each thing. Whoever was silent
for longer than LATE_S gives everything up by itself, seconds before another may take it at STALE_S: a frozen
or cut-off process stops first. What it still sends is refused by the ledger's seqs and the hosts' nonces.
"""

import asyncio
import time
from collections.abc import Callable, Collection
from contextlib import suppress

import structlog

from bot.errors import LedgerError
from bot.model.lease import BEAT_S, LATE_S
from bot.ports import Claims

log = structlog.get_logger(__name__)

#: Pause between two looks whether what others have is free.
LOOK_S = 1.0
#: Pause after a look, so that many calls of `look_soon` cost one.
_GAP_S = 0.02
#: Pause after a heartbeat that the database did not take.
_AGAIN_S = 1.0
#: Also counts the time that the machine itself slept, where the system can tell.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def awake_and_asleep_s() -> float:
    """Seconds that never go back and count on while the machine sleeps."""
    return time.clock_gettime(_CLOCK)


class HeldLeases:
    """Leases of one process under its name, which no other process ever has."""

    def __init__(
        self, claims: Claims, replica: str, *, clock: Callable[[], float] = awake_and_asleep_s
    ) -> None:
        self._claims, self._replica, self._clock = claims, replica, clock
        #: A server, and no command of the terminal: on a file, the next server knows that it is gone.
        self.is_server = False
        #: How often something was taken over from a process that went silent.
        self.takeovers = 0
        self._held: set[str] = set()
        #: Perhaps still in the database as this process's, though it does not hold them.
        self._owed: set[str] = set()
        #: Those of them that are being given back, one time after the other.
        self._on_their_way: set[str] = set()
        self._gives = asyncio.Lock()
        #: When the last heartbeat that was acknowledged was sent.
        self._proved_at = float("-inf")
        self._must_start_over = False
        self._beats = asyncio.Lock()
        self._late: asyncio.TimerHandle | None = None
        self._beating: asyncio.Task[None] | None = None
        self._waiting: dict[str, list[Callable[[], None]]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._look_now = asyncio.Event()
        self._lost_calls: list[Callable[[], None]] = []

    @property
    def held(self) -> int:
        """How many things are held."""
        return len(self._held)

    @property
    def is_lost(self) -> bool:
        """Whether no heartbeat came through in time, and none has since."""
        return self._must_start_over

    def holds(self, key: str) -> bool:
        """See `bot.ports.Leases`."""
        self._lose_if_late()
        return key in self._held

    async def take(self, key: str) -> bool:
        """See `bot.ports.Leases`."""
        if self.holds(key):
            return True
        # What is begun must not end at once because the next heartbeat takes its time.
        if self._proof_age_s > BEAT_S:
            await self._beat()
        # A give that is on its way could reach the database after this take, and undo it.
        while key in self._on_their_way:
            async with self._gives:
                pass
        self._owed.discard(key)
        try:
            taken = await self._claims.take(key, self._replica)
        except BaseException:
            self._owed.add(key)
            raise
        if taken is None:
            return False
        if not self._is_proved:
            self._owed.add(key)
            return False
        self._held.add(key)
        self._go_on_beating()
        if taken.former is not None:
            self.takeovers += 1
            log.warning("taken over", key=key, former=taken.former)
        return True

    async def give(self, key: str) -> None:
        """See `bot.ports.Leases`."""
        if key not in self._held:
            return
        self._held.discard(key)
        self._owed.add(key)
        with suppress(LedgerError):
            await self._give_owed()

    async def others(self, keys: Collection[str]) -> frozenset[str]:
        """See `bot.ports.Leases`."""
        asked = [key for key in keys if key not in self._held]
        return await self._claims.others(asked, self._replica) if asked else frozenset()

    def when_free(self, key: str, call: Callable[[], None]) -> None:
        """See `bot.ports.Leases`."""
        self._waiting.setdefault(key, []).append(call)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look_on())

    def when_lost(self, call: Callable[[], None]) -> None:
        """See `bot.ports.Leases`."""
        self._lost_calls.append(call)

    def look_soon(self) -> None:
        """Somebody let go of something."""
        self._look_now.set()

    async def stop(self) -> None:
        """Let go of everything, so that others go on at once."""
        running = [task for task in (self._beating, self._looking) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if self._late is not None:
            self._late.cancel()
        had_any = self._proved_at > float("-inf") or self._must_start_over
        self._held.clear()
        self._proved_at, self._must_start_over = float("-inf"), False
        if had_any:
            try:
                await self._claims.leave(self._replica)
            except LedgerError as error:
                log.warning("cannot give back what was held; others wait for it", why=str(error))

    @property
    def _is_proved(self) -> bool:
        return self._proof_age_s <= LATE_S

    @property
    def _proof_age_s(self) -> float:
        return self._clock() - self._proved_at

    def _lose_if_late(self) -> None:
        if self._held and not self._is_proved:
            self._lose()

    def _lose(self) -> None:
        log.error("no heartbeat in time: another may have taken over", held=len(self._held))
        self._held.clear()
        self._must_start_over = True
        for call in self._lost_calls:
            call()

    async def _beat(self) -> None:
        """Prove to be alive. Raises LedgerUnavailable."""
        async with self._beats:
            if self._must_start_over:
                # With the next heartbeat everything under this name would be valid again.
                await self._claims.leave(self._replica)
                self._must_start_over = False
                self._owed.clear()
            sent_at = self._clock()
            silent_s = await self._claims.beat(self._replica, is_server=self.is_server)
            if self._held and (silent_s is None or silent_s > LATE_S):
                self._lose()
                return
            self._proved_at = sent_at
            self._watch(LATE_S - (self._clock() - sent_at))
        await self._give_owed()

    def _watch(self, seconds: float) -> None:
        if self._late is not None:
            self._late.cancel()
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(max(0.0, seconds) + 0.01, self._lose_if_late)

    def _go_on_beating(self) -> None:
        if self._beating is None or self._beating.done():
            self._beating = asyncio.get_running_loop().create_task(self._beat_on())

    async def _beat_on(self) -> None:
        while self._held or self._owed:
            await asyncio.sleep(min(BEAT_S, max(0.0, BEAT_S - self._proof_age_s)))
            try:
                await self._beat()
            except LedgerError as error:
                log.warning("no heartbeat", why=str(error))
                await asyncio.sleep(_AGAIN_S)

    async def _give_owed(self) -> None:
        async with self._gives:
            owed, self._owed = self._owed, set()
            if not owed:
                return
            self._on_their_way = owed
            try:
                await self._claims.give(owed, self._replica)
            except BaseException:
                self._owed |= owed
                self._go_on_beating()
                raise
            finally:
                self._on_their_way = set()

    async def _look_on(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._look_now.wait()
            self._look_now.clear()
            try:
                busy = await self.others(tuple(self._waiting))
            except LedgerError:
                continue  # whoever holds something says why the ledger is away
            for key in [key for key in self._waiting if key not in busy]:
                for call in self._waiting.pop(key):
                    call()
            await asyncio.sleep(_GAP_S)
