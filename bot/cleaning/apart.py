"""The bot's side: hands large outputs to processes apart, and gives up those that take too long."""

import asyncio
import os
import sys
from collections.abc import Sequence

from bot.cleaning import frames
from bot.redact import Cleaned, KnownValues, clean, withheld
from bot.redact.clean import NOTHING_KNOWN

#: Up to this the worst input costs some hundredths of a second, less than the way to a process and back.
AT_ONCE_BYTES = 16_384
#: Seconds an output may take, however much time there is: plain text of that size takes a tenth.
MOST_S = 5.0
#: Seconds a process may take until it is there; a busy machine is no reason to withhold.
_START_S = 30.0
#: What Python needs to be found and to find this package.
_ENVIRONMENT = frozenset({"PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH"})


class CleanersApart:
    """A `Cleaner`. Processes start when they are first needed; end them with `aclose`."""

    def __init__(
        self,
        known: KnownValues,
        *,
        processes: int = 2,
        argv: Sequence[str] = (sys.executable, "-m", __package__),
    ) -> None:
        self._known = known
        self._all = [_Apart(known, argv) for _ in range(processes)]
        # The last one used first: while little comes, one process is enough.
        self._idle: asyncio.LifoQueue[_Apart] = asyncio.LifoQueue()
        for each in self._all:
            self._idle.put_nowait(each)

    async def clean(
        self, *raws: bytes, within_s: float, learned: KnownValues = NOTHING_KNOWN
    ) -> tuple[Cleaned, ...]:
        """See `bot.redact.Cleaner`."""
        if sum(map(len, raws)) <= AT_ONCE_BYTES:
            known = self._known.also(learned)
            return tuple(clean(raw, known=known) for raw in raws)
        until = asyncio.get_running_loop().time() + within_s
        return tuple([await self._one(raw, learned, until) for raw in raws])

    async def aclose(self) -> None:
        """End all processes."""
        for each in self._all:
            await each.end()

    async def _one(self, raw: bytes, learned: KnownValues, until: float) -> Cleaned:
        if not raw:
            return Cleaned(text="")
        try:
            async with asyncio.timeout_at(until):
                apart = await self._idle.get()
        except TimeoutError:
            return withheld("there was no time to check it for secrets", raw)
        try:
            return await apart.clean(raw, learned, until)
        finally:
            self._idle.put_nowait(apart)


class _Apart:
    """One process, started again after it had to be ended."""

    def __init__(self, known: KnownValues, argv: Sequence[str]) -> None:
        self._known, self._argv = known, argv
        self._process: asyncio.subprocess.Process | None = None

    async def clean(self, raw: bytes, learned: KnownValues, until: float) -> Cleaned:
        """The output cleaned, or withheld when that takes too long or the process fails."""
        try:
            process = await self._running(until)
            now = asyncio.get_running_loop().time()
            async with asyncio.timeout_at(min(until, now + MOST_S)):
                return await _asked(process, raw, learned)
        except TimeoutError:
            await self.end()
            return withheld("it took too long to check it for secrets", raw)
        except (OSError, asyncio.IncompleteReadError, ValueError, TypeError):
            await self.end()
            return withheld("the check for secrets failed", raw)
        except BaseException:
            # Cancelled half-way: the next answer would be the last question's.
            await self.end()
            raise

    async def end(self) -> None:
        """End the process, whatever it does."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def _running(self, until: float) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self.end()
        now = asyncio.get_running_loop().time()
        async with asyncio.timeout_at(min(until, now + _START_S)):
            # A session of its own: Ctrl-C in a terminal is for the bot, which ends it when it is done.
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                # Tokens may stand in ours, and any process of this user can read it.
                env={name: value for name, value in os.environ.items() if name in _ENVIRONMENT},
                start_new_session=True,
            )
            _stdin(self._process).write(frames.framed(frames.of_known(self._known)))
            # An empty output is answered as soon as it is ready: that is no part of an output's time.
            await _asked(self._process, b"", NOTHING_KNOWN)
        return self._process


async def _asked(process: asyncio.subprocess.Process, raw: bytes, learned: KnownValues) -> Cleaned:
    assert process.stdout is not None
    stdin = _stdin(process)
    stdin.write(frames.framed(frames.of_output(raw, learned)))
    await stdin.drain()
    size = int.from_bytes(await process.stdout.readexactly(frames.HEADER), "big")
    return frames.to_cleaned(await process.stdout.readexactly(size))


def _stdin(process: asyncio.subprocess.Process) -> asyncio.StreamWriter:
    assert process.stdin is not None
    return process.stdin
