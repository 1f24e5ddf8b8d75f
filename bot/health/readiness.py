"""Whether the bot could take a request now: one check for each part that it cannot work without."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bot.errors import LedgerError
from bot.ports import Ledger

#: Says why a part is not ready; None when it is.
Check = Callable[[], Awaitable[str | None]]
#: Monitors give up after a few seconds; a ledger that is slower than this is no use to them either.
LEDGER_WITHIN_S = 3.0


def ledger_check(ledger: Ledger, *, within_s: float = LEDGER_WITHIN_S) -> Check:
    """The ledger answers a question in time."""

    async def check() -> str | None:
        try:
            await asyncio.wait_for(ledger.now(), within_s)
        except LedgerError as error:
            return str(error)
        except TimeoutError:
            return f"the ledger did not answer within {within_s:g} s"
        return None

    return check


def claims_check(is_lost: Callable[[], bool]) -> Check:
    """This process can prove to the others that it is alive."""

    async def check() -> str | None:
        return "no heartbeat came through in time; what it worked on is left to others" if is_lost() else None

    return check


def slack_check(health: Callable[[], Mapping[str, object]]) -> Check:
    """Slack reaches us, by what `bot.slack.SlackEdge.health` says."""

    async def check() -> str | None:
        said = health()
        if said["ok"]:
            return None
        if "connections" not in said:
            return "not signed in to Slack yet"
        return "no Socket Mode connection to Slack is up"

    return check
