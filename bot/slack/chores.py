"""Work that goes on after Slack was acknowledged: kept, awaited at the end, its errors told."""

import asyncio
import logging
from collections.abc import Callable, Coroutine

from bot.errors import AskError, BotError, ChatError, Conflict, LedgerError
from bot.slack.caller import Caller
from bot.slack.teller import Teller

_log = logging.getLogger(__name__)
_AT_ONCE = 16
#: Votes have places of their own: a flood of questions must not keep anybody from saying yes or no.
_VOTES_AT_ONCE = 16
#: Who waits for so long on a ledger that says nothing is told: its own time-outs are longer.
_PATIENCE_S, _SILENT_S = 3.5, 3.0


class Chores:
    """Running work; the one top handler of everything that people start from Slack."""

    def __init__(
        self, teller: Teller, *, most: int = 100, ledger_silent_s: Callable[[], float] = lambda: 0.0
    ) -> None:
        """`most`: requests that are served or wait; more are refused. Votes are never."""
        self._teller = teller
        self._ledger_silent_s = ledger_silent_s
        self._most = most
        self._running: dict[asyncio.Task[None], Coroutine[None, None, None]] = {}
        # A flood must not keep the loop from acknowledging: Slack gives three seconds for that.
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._few_votes = asyncio.Semaphore(_VOTES_AT_ONCE)

    @property
    def serving(self) -> int:
        """How many requests are served or wait for it."""
        return len(self._running)

    @property
    def busy(self) -> str | None:
        """What to say while there is no room for another request; None when there is."""
        if len(self._running) < self._most:
            return None
        return f"busy: {self._most} requests are being served; nothing was started, try again in a minute"

    def start(self, caller: Caller, work: Coroutine[None, None, None], *, is_vote: bool = False) -> None:
        """Do the work; whatever goes wrong the caller is told in a sentence."""
        task = asyncio.create_task(self._do(caller, work, self._few_votes if is_vote else self._few))
        self._running[task] = work
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        # Of one that was cancelled before it began nobody else closes the work.
        self._running.pop(task).close()

    async def finish(self, within_s: float = 5.0) -> None:
        """Wait for what runs, then end the rest."""
        if self._running:
            _, late = await asyncio.wait(list(self._running), timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _do(self, caller: Caller, work: Coroutine[None, None, None], places: asyncio.Semaphore) -> None:
        telling = asyncio.create_task(self._tell_of_silence(caller))
        try:
            async with places:
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
        finally:
            telling.cancel()

    async def _tell_of_silence(self, caller: Caller) -> None:
        await asyncio.sleep(_PATIENCE_S)
        silent_s = self._ledger_silent_s()
        if silent_s >= _SILENT_S:
            says = (
                f"the ledger has said nothing for {silent_s:.0f} s; until it does, nothing is begun on a host"
            )
            await self._teller.tell(caller, f"{says}. What came of this is said here")


def _without_text(error: Exception) -> Exception:
    """The error's kind and traceback without its message."""
    return RuntimeError(type(error).__name__).with_traceback(error.__traceback__)
