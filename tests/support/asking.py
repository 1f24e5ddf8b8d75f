"""A replica without Slack: `python -m tests.support.asking FLEET LEDGER REQUESTS HOSTS`.

Asks so many requests at once, each about so many hosts, and works with all others on the ledger until it is
told to end by a line on standard input. Three JSON lines: how many were `asked`; that all of them are done;
at the end `rss_mb` at most, and the CPU seconds spent.
"""

import asyncio
import json
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import app as root
from bot.accounts import terminal_actor
from bot.desk.front import MAX_HOSTS
from bot.engine import Follower
from bot.log import set_up
from bot.settings import load


def portions(hosts: list[str]) -> list[list[str]]:
    """As many hosts as one request may name."""
    return [hosts[at : at + MAX_HOSTS] for at in range(0, len(hosts), MAX_HOSTS)]


@asynccontextmanager
async def following(app: root.App) -> AsyncIterator[None]:
    """Work on what anybody asked, while inside."""
    follower = Follower(app.sealed, app.ledger.listen)
    follower.tell(app.engine.hear)
    follower.tell_left(app.leases.look_soon)
    await follower.start()
    await app.engine.start()
    try:
        yield
    finally:
        await app.engine.stop()
        await follower.stop()


async def main(fleet: str, ledger: str, requests: int, hosts: int) -> None:
    set_up("json")
    async with root.wired(load(fleet=fleet, ledger=ledger)) as app, following(app):
        names = list(app.rules.fleet.hosts)[:hosts]
        actor = terminal_actor(app.rules.policy)

        async def ask() -> list[str]:
            asked = []
            for some in portions(names):
                asked += await app.desk.ask(actor, runbook="502", hosts=some, place=None, words="load")
            return asked

        asked = await asyncio.gather(*(ask() for _ in range(requests)))
        print(json.dumps({"asked": sum(map(len, asked))}), flush=True)
        await app.engine.idle()
        print(json.dumps({"is_done": True}), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        takeovers = app.leases.takeovers
    # By now the processes that clean have ended, so that what they spent is known.
    own, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu_s = sum(used.ru_utime + used.ru_stime for used in (own, theirs))
    told = {"rss_mb": round(own.ru_maxrss / 1024), "cpu_s": round(cpu_s, 1), "takeovers": takeovers}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
