"""The bot as a process of its own between a local Slack and sample hosts that outlive it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo import SampleHosts
from bot.devslack import DevSlack
from tests.support.people import People
from tests.support.server_process import server_process


@dataclass(kw_only=True)
class Stage:
    """The world around the process, which outlives it."""

    folder: Path
    slack: DevSlack
    hosts: SampleHosts
    people: People

    @asynccontextmanager
    async def process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The bot as a process of its own, answering when the block begins; killed when it ends."""
        starting = server_process(
            self.folder, self.hosts.fleet_path, self.slack, is_ready=self.people.see_the_app
        )
        async with starting as process:
            yield process
