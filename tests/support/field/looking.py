"""One run of the checklist on a real host, without Slack and ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import fleet
from bot.collect import Senses, collect
from bot.judge import judge
from bot.model.evidence import Evidence
from bot.model.host import Fleet, Host
from bot.model.verdict import Verdict
from bot.redact import KnownValues
from bot.ssh import SshShell
from bot.web.address import Reach
from bot.web.probe import OutsideProber
from tests.support import asked
from tests.support.lab import write_fleet


@dataclass(frozen=True, kw_only=True)
class Eye:
    """What can look at the hosts of a fleet."""

    fleet: Fleet
    senses: Senses

    async def look(self, host: Host) -> tuple[Evidence, Verdict]:
        """What the host says, and what the judge makes of it."""
        book = asked.runbook()
        evidence = await collect(host, book, self.senses, on_step=lambda _: None)
        return evidence, judge(evidence, host=host, causes=book.causes, remedies=book.remedies)


@asynccontextmanager
async def eye(folder: Path) -> AsyncIterator[Eye]:
    """An eye with connections of its own; the fleet file is written into `folder`."""
    hosts, _ = fleet.load(write_fleet(folder))
    urls = [host.public_url for host in hosts.hosts.values() if host.public_url]
    shell = SshShell(hosts)
    prober = OutsideProber(urls, reach=Reach(allow_private=True))
    try:
        yield Eye(fleet=hosts, senses=Senses(shell=shell, prober=prober, known=KnownValues.of([])))
    finally:
        await shell.aclose()
