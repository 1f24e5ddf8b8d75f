"""One read under way: bytes in, a Hello and one answer for each command out."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from bot.model.command import Command, Ended, Hello, RawOutput
from bot.ssh.classify import raw_output, unanswered
from bot.ssh.frames import Drifted
from bot.ssh.held import HeldBytes
from bot.ssh.wire import FrameDecoder, HelloFrame, ResultFrame, WireError


class Reading:
    """Takes what the host sends; whatever it sends, every command gets exactly one answer."""

    def __init__(self, nonce: str, commands: Sequence[Command], *, max_bytes: int, held: HeldBytes) -> None:
        self._decoder = FrameDecoder(nonce, [command.max_bytes for command in commands])
        self._open = {command.step: command for command in commands}
        self._commands = tuple(commands)
        self._max_bytes = self._left_bytes = max_bytes
        self._held = held
        self._answers: asyncio.Queue[RawOutput | None] = asyncio.Queue()
        self._sent_at = 0.0
        self._began = asyncio.get_running_loop().time()
        #: (host clock minus ours, host clock) when greeted; None when the channel ended first.
        self.greeting: asyncio.Future[tuple[float, float] | None] = asyncio.get_running_loop().create_future()
        #: What was wrong with the far end's bytes.
        self.flaw: str | None = None
        self._is_cut_off = False
        #: True when a guarded host does not hold what was asked for.
        self.has_drifted = False

    @property
    def is_whole(self) -> bool:
        """True when every command was answered by the host."""
        return not self._open

    def sent(self) -> None:
        """The request is on its way: the round trip starts."""
        self._sent_at = time.time()

    def take(self, data: bytes) -> None:
        """Bytes from the host. After a flaw nothing is believed any more."""
        if self.flaw is not None:
            return
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            self.give_up(f"more than the {self._max_bytes:,} bytes that one read may bring")
            return
        self._held.take(self, len(data))
        if self.flaw is not None:
            return
        try:
            for frame in self._decoder.feed(data):
                self._take(frame)
        except Drifted as error:
            self.has_drifted = True
            self._refuse(str(error))
        except (WireError, IndexError) as error:
            self._refuse(str(error))

    def give_up(self, why: str) -> None:
        """See `bot.ssh.held.Holder`."""
        self._is_cut_off = True
        self._decoder = FrameDecoder("", ())
        while not self._answers.empty():
            self._answers.get_nowait()
        self._refuse(why)

    def ended(self) -> None:
        """No more bytes come."""
        if not self.greeting.done():
            self.greeting.set_result(None)
        self._answers.put_nowait(None)

    def hello(self, host_key: str, *, began: float) -> Hello:
        """The greeting for the asker. Call it when `greeting` holds one."""
        skew_s, clock_s = self.greeting.result() or (0.0, 0.0)
        return Hello(
            clock_at=datetime.fromtimestamp(clock_s, UTC),
            skew_s=skew_s,
            host_key=host_key,
            after_s=asyncio.get_running_loop().time() - began,
        )

    async def answers(self, *, until: float) -> AsyncIterator[RawOutput]:
        """Each answer as it comes; at the end, or at `until`, one for each command still open."""
        ended = Ended.LOST
        while self._open:
            try:
                async with asyncio.timeout_at(until):
                    answer = await self._answers.get()
            except TimeoutError:
                ended = Ended.TIMED_OUT
                break
            if answer is None:
                ended = Ended.CUT_OFF if self._is_cut_off else Ended.LOST
                break
            del self._open[answer.step]
            yield answer
        after_s = asyncio.get_running_loop().time() - self._began
        for command in tuple(self._open.values()):
            yield unanswered(command, ended, after_s=after_s)

    def _refuse(self, flaw: str) -> None:
        self.flaw = flaw
        self.ended()

    def _take(self, frame: HelloFrame | ResultFrame) -> None:
        if isinstance(frame, ResultFrame):
            self._answers.put_nowait(raw_output(self._commands[frame.index], frame))
            return
        halfway = (self._sent_at + time.time()) / 2
        # A clock no calendar holds is a lie or a broken frame.
        if not 0 <= frame.clock_s < 32_503_680_000:
            raise WireError("the host's clock is beyond any calendar")
        if not self.greeting.done():
            self.greeting.set_result((frame.clock_s - halfway, frame.clock_s))
