"""Sample hosts in a process of their own: `python -m tests.support.farm FOLDER HOSTS`.

Real SSH and real answers, half of the hosts in front of a broken app. An answer is made once and then given
to every look for a while, so that the machine's time is left to the bot. Prints the fleet file's path once
all listen; ends with its standard input.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.demo import SampleHosts, hosts
from bot.demo.sample import SampleHost
from bot.demo.scenarios import SCENARIOS, Scenario
from bot.ssh.wire import Request, ResultFrame

#: A verdict is about the last ten minutes: answers must not get much older than that they were made for.
_GOOD_FOR = timedelta(seconds=60)


class CannedHost(SampleHost):
    """A sample host that gives the same answer again while it is young."""

    _made: tuple[object, datetime, list[ResultFrame]] | None = None

    def read(self, request: Request, now: datetime) -> Iterator[ResultFrame]:
        asked, made = (request.commands, self.is_mended), self._made
        if made is None or made[0] != asked or now - made[1] > _GOOD_FOR:
            made = self._made = (asked, now, list(super().read(request, now)))
        yield from made[2]


def scenarios(count: int) -> tuple[Scenario, ...]:
    return tuple(
        Scenario(
            name=f"web-{number:02}",
            about="one of many",
            before="bad_release" if number % 2 else "rolled_back",
            after="rolled_back",
            mended_by=SCENARIOS[0].mended_by,
        )
        for number in range(count)
    )


async def main(folder: Path, count: int) -> None:
    hosts.SampleHost = CannedHost  # type: ignore[misc]  # this process serves nothing else
    async with SampleHosts(folder, scenarios(count)) as running:
        print(running.fleet_path, flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def farm(folder: Path, count: int) -> AsyncIterator[Path]:
    """The fleet file of so many hosts, which serve until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.farm", str(folder), str(count),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Path((await process.stdout.readline()).decode().strip())
    finally:
        process.stdin.close()
        await process.communicate()  # its output to the end: a pipe left open fails a later test


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
