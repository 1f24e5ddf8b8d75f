"""One queue a channel to Slack: the newest version wins, order in a thread holds, Retry-After is honoured.

What waits is only ever the latest version of each message, so nothing piles up while Slack is slow or
away, and nothing is lost: a job stays until Slack took it or refused it for good.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from structlog.contextvars import bound_contextvars

from bot.slack.blocks import Urgency
from bot.slack.failures import Away, RateLimited, Refused
from bot.slack.pace import Pace, Time

_log = logging.getLogger(__name__)
_LONGEST_WAIT_S = 30.0
#: Errors about what a message says, after which plain words may still get through.
_UNFIT = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "invalid_attachments",
        "invalid_metadata_format",
    }
)


@dataclass(frozen=True, kw_only=True)
class Job:
    """One message to post or update, or one file to share."""

    #: Incident and message key; at most one job of a name is under way.
    name: tuple[str, str]
    what: Literal["post", "update", "upload"]
    channel: str
    urgency: Urgency
    #: Place in the thread; posts and uploads of an incident go out in this order.
    order: int = 0
    #: Does it; returns the ts (or file id) under which it stands.
    send: Callable[[], Awaitable[str]]
    #: Does it in plain words, after Slack refused the blocks. None: there are none.
    send_plain: Callable[[], Awaitable[str]] | None = None
    #: After a doubtful attempt: the ts if it went through after all.
    find: Callable[[], Awaitable[str | None]] | None = None
    #: Of the content, for the ledger.
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A job that Slack took."""

    job: Job
    ts: str


@dataclass
class _Waiting:
    job: Job
    came: int
    future: "asyncio.Future[Sent]"
    attempts: int = 0
    not_before: float = 0.0
    is_doubtful: bool = False


@dataclass
class _Queue:
    waiting: dict[tuple[str, str], _Waiting] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    worker: "asyncio.Task[None] | None" = None


class Sender:
    """All traffic of messages to Slack goes through one of these."""

    def __init__(self, time: Time, *, check: Callable[[str], Awaitable[None]] | None = None) -> None:
        """`check` is asked before each job for its channel; raises Refused where nothing may be said."""
        self._time = time
        self._check = check
        self._pace = Pace()
        self._queues: dict[str, _Queue] = {}
        self._came = 0

    async def check(self, channel: str) -> None:
        """Raises Refused where nothing may be said at this moment."""
        if self._check is not None:
            await self._check(channel)

    async def send(self, job: Job) -> Sent:
        """Queue a job and return when Slack took it. Raises Refused when Slack never will.

        Waits for as long as Slack is away.
        """
        queue = self._queues.setdefault(job.channel, _Queue())
        self._came += 1
        future: asyncio.Future[Sent] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(job=job, came=self._came, future=future)
        queue.waiting[job.name] = waiting
        self._wake(job.channel, queue)
        try:
            return await future
        finally:
            if queue.waiting.get(job.name) is waiting:
                del queue.waiting[job.name]

    def renew(self, job: Job) -> bool:
        """Put a newer version in the place of a waiting one; False when it is not waiting any more."""
        queue = self._queues.get(job.channel)
        waiting = queue.waiting.get(job.name) if queue else None
        if waiting is None or waiting.is_doubtful:
            return False
        waiting.job = job
        return True

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent."""
        return sum(len(queue.waiting) for queue in self._queues.values())

    async def stop(self) -> None:
        """Stop sending; what waits is sent after the next start, from the ledger."""
        workers = [queue.worker for queue in self._queues.values() if queue.worker]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def _wake(self, channel: str, queue: _Queue) -> None:
        queue.wake.set()
        if queue.worker is None or queue.worker.done():
            queue.worker = asyncio.create_task(self._work(channel, queue))

    async def _work(self, channel: str, queue: _Queue) -> None:
        while queue.waiting:
            queue.wake.clear()
            now = self._time.monotonic()
            at, waiting = min(
                ((self._ready_at(one, now), one) for one in _eligible(queue)),
                key=lambda pair: (max(pair[0], now), pair[1].job.urgency, pair[1].came),
            )
            if at > now:
                await self._wait(queue, at - now)
                continue
            del queue.waiting[waiting.job.name]
            self._pace.take(waiting.job.what, channel, now)
            # This task was begun for whichever incident came first; its log is about this one.
            with bound_contextvars(incident=waiting.job.name[0]):
                await self._attempt(queue, waiting)

    def _ready_at(self, waiting: _Waiting, now: float) -> float:
        job = waiting.job
        is_progress = job.urgency is Urgency.PROGRESS
        return max(
            waiting.not_before, self._pace.ready_at(job.what, job.channel, now, is_progress=is_progress)
        )

    async def _wait(self, queue: _Queue, seconds: float) -> None:
        """Until the time has passed or something more urgent came."""
        nap = asyncio.ensure_future(self._time.sleep(seconds))
        wake = asyncio.ensure_future(queue.wake.wait())
        try:
            await asyncio.wait({nap, wake}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            wake.cancel()

    async def _attempt(self, queue: _Queue, waiting: _Waiting) -> None:
        job = waiting.job
        try:
            await self.check(job.channel)
            ts = await self._find(waiting) or await job.send()
        except RateLimited as limited:
            self._pace.shut(job.what, job.channel, self._time.monotonic() + limited.after_s)
            self._back(queue, waiting)
        except Away as away:
            _log.warning("slack is away, will try again: %s", away)
            waiting.attempts += 1
            waiting.is_doubtful = waiting.is_doubtful or job.what != "update"
            waiting.not_before = self._time.monotonic() + min(_LONGEST_WAIT_S, 0.5 * 2**waiting.attempts)
            self._back(queue, waiting)
        except Refused as refused:
            await self._refused(queue, waiting, refused)
        except Exception as error:  # a bug in one message must not end the channel's worker
            if not waiting.future.done():
                waiting.future.set_exception(error)
        else:
            _settle(waiting, Sent(job=job, ts=ts))

    async def _find(self, waiting: _Waiting) -> str | None:
        if not waiting.is_doubtful or waiting.job.find is None:
            return None
        return await waiting.job.find()

    async def _refused(self, queue: _Queue, waiting: _Waiting, refused: Refused) -> None:
        job = waiting.job
        _log.error("slack refused %s of %s: %s", job.name[1], job.name[0], refused)
        if refused.error not in _UNFIT or job.send_plain is None:
            if not waiting.future.done():
                waiting.future.set_exception(refused)
            return
        waiting.job = replace(job, send=job.send_plain, send_plain=None)
        self._back(queue, waiting)

    def _back(self, queue: _Queue, waiting: _Waiting) -> None:
        """Into the queue again, unless the one who asked is gone."""
        if not waiting.future.done():
            queue.waiting.setdefault(waiting.job.name, waiting)


def _eligible(queue: _Queue) -> list[_Waiting]:
    """Updates, and of each incident the post that is next in its thread, as urgent as any behind it."""
    heads: dict[str, _Waiting] = {}
    for waiting in queue.waiting.values():
        if waiting.job.what == "update":
            continue
        incident = waiting.job.name[0]
        head = heads.get(incident)
        if head is None or waiting.job.order < head.job.order:
            heads[incident] = waiting
    urgent: dict[str, Urgency] = {}
    for waiting in queue.waiting.values():
        incident = waiting.job.name[0]
        if waiting.job.what != "update":
            urgent[incident] = min(waiting.job.urgency, urgent.get(incident, waiting.job.urgency))
    for incident, head in heads.items():
        head.job = replace(head.job, urgency=urgent[incident])
    return [*heads.values(), *(one for one in queue.waiting.values() if one.job.what == "update")]


def _settle(waiting: _Waiting, sent: Sent) -> None:
    if not waiting.future.done():
        waiting.future.set_result(sent)
