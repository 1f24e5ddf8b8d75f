"""Work that goes on after Slack was acknowledged: kept, awaited at the end, its errors told."""

import asyncio
import logging
from collections.abc import Coroutine

from bot.errors import AskError, BotError, ChatError, Conflict, LedgerError
from bot.slack.caller import Caller
from bot.slack.teller import Teller

_log = logging.getLogger(__name__)
_AT_ONCE = 16


class Chores:
    """Running work; the one top handler of everything that people start from Slack."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._running: set[asyncio.Task[None]] = set()
        # A flood must not keep the loop from acknowledging: Slack gives three seconds for that.
        self._few = asyncio.Semaphore(_AT_ONCE)

    def start(self, caller: Caller, work: Coroutine[None, None, None]) -> None:
        """Do the work; whatever goes wrong the caller is told in a sentence."""
        task = asyncio.create_task(self._do(caller, work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self, within_s: float = 5.0) -> None:
        """Wait for what runs, then end the rest."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _do(self, caller: Caller, work: Coroutine[None, None, None]) -> None:
        try:
            async with self._few:
                await work
        except AskError as error:
            await self._teller.tell(caller, str(error))
        except Conflict:
            await self._teller.tell(caller, "somebody else was faster; look at the thread and try again")
        except LedgerError as error:
            await self._teller.tell(caller, f"nothing was done: {error}")
        except ChatError as error:
            await self._teller.tell(caller, f"Slack did not take the answer: {error}; try again")
        except BotError as error:
            _log.error("refused: %s", error)
            await self._teller.tell(caller, str(error))
        except Exception as error:
            # Message texts may hold anything, so the log gets the kind and the place only.
            _log.exception("a bug while answering %s", caller.user, exc_info=_without_text(error))
            await self._teller.tell(
                caller, f"that failed inside the bot ({type(error).__name__}); it is in the log. Try again"
            )


def _without_text(error: Exception) -> Exception:
    """The error's kind and traceback without its message."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
