"""A bot that serves: Slack is answered, work goes on, monitors are told, until it is to stop."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext

import structlog

from bot.app import App
from bot.engine import FOLLOW_RUNG_S, FOLLOW_S, Follower
from bot.masked import MaskedLedger
from bot.redact import KnownValues
from bot.settings import Settings
from bot.slack import SlackEdge
from bot.slack.throttle import Limits
from bot.store import SqlLedger
from bot.store.system import RulesLoaded
from bot.work import Rules

log = structlog.get_logger(__name__)


async def serve_until(app: App, stop: asyncio.Event, *, on_ready: Callable[[], None] = lambda: None) -> None:
    """Answer Slack until told to stop; what a former process left open is carried on first."""
    # The lock first: a second server is told of the first one, whatever else it lacks.
    async with app.ledger.serve_lock():
        await _say_failover_risk(app.ledger)
        traces = app.monitor.traces if app.monitor else ()
        edge = SlackEdge(
            app.desk,
            MaskedLedger(app.watched, KnownValues.of(app.settings.secrets())),
            app.rules,
            app.settings,
            traces=traces,
            # The only server of a ledger need not ask whose turn it is.
            leases=None if app.ledger.has_one_server else app.leases,
            cleaner=app.cleaners,
            known=KnownValues.of(app.settings.secrets()),
            limits=_limits(app.settings),
            ledger_silent_s=lambda: app.ledger.silent_s,
        )
        app.relay.listeners.append(edge.chat)
        every_s = FOLLOW_S if app.ledger.has_one_server else FOLLOW_RUNG_S
        follower = Follower(app.sealed, app.ledger.listen, every_s=every_s)
        follower.tell(app.engine.hear)
        follower.tell(edge.chat.hear)
        follower.tell_left(app.leases.look_soon)
        app.leases.is_server = True
        # Monitors are answered while Slack is still waited for: that is when they are asked.
        async with app.sealed.kept_sealed(), _monitored(app, edge):
            await app.ledger.append_system(_loaded(app.rules))
            await follower.start()
            try:
                # Work goes on while Slack is still waited for.
                await app.engine.start()
                if await _done_before(stop, edge.start()):
                    on_ready()
                    await stop.wait()
            finally:
                await app.engine.stop()
                await edge.stop()
                await follower.stop()
                await app.leases.stop()


async def _done_before(stop: asyncio.Event, starting: Coroutine[None, None, None]) -> bool:
    """Whether it ended before the stop, which else ends it: Slack may be away for hours. Raises its error."""
    begun, stopped = asyncio.create_task(starting), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({begun, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (begun, stopped):
            task.cancel()
        await asyncio.wait({begun, stopped})
    if begun.cancelled():
        return False
    begun.result()
    return True


async def _say_failover_risk(ledger: SqlLedger) -> None:
    """Say it once, at the start: it is for whoever set the database up."""
    risk = await ledger.failover_risk()
    if risk is not None:
        log.warning("a failover may lose entries", why=risk)


def _loaded(rules: Rules) -> RulesLoaded:
    return RulesLoaded(
        policy=rules.policy.digest,
        hosts=len(rules.fleet.hosts),
        runbooks=tuple(sorted(rules.catalog.runbooks)),
    )


def _monitored(app: App, edge: SlackEdge) -> AbstractAsyncContextManager[object]:
    """The server for monitors, if there is to be one."""
    if app.monitor is None:
        return nullcontext()
    given = app.settings
    return app.monitor.serve(
        host=given.health_host,
        port=given.health_port,
        ledger=app.ledger,
        chat=edge,
        engine=app.engine,
        leases=app.leases,
    )


def _limits(settings: Settings) -> Limits:
    """How often people may ask."""
    return Limits(
        per_user=settings.asks_per_person,
        per_channel=settings.asks_per_channel,
        waiting=settings.asks_waiting,
    )
