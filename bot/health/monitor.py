"""Puts the parts together for one bot that serves."""

from collections.abc import Mapping
from typing import Protocol

import aiohttp

from bot.health.labels import Known
from bot.health.metrics import Metrics
from bot.health.readiness import claims_check, ledger_check, slack_check
from bot.health.server import HealthServer
from bot.health.slack_calls import slack_calls
from bot.health.watched import WatchedLedger
from bot.model.runbook import Catalog
from bot.ports import Ledger


class Chatting(Protocol):
    """The edge that people are on; see `bot.slack.SlackEdge`."""

    @property
    def health(self) -> Mapping[str, object]:
        """`ok`, `mode` and, once it has any, `connections`."""

    @property
    def waiting(self) -> int:
        """Messages that wait."""

    @property
    def connections(self) -> int:
        """Connections that are up."""


class Working(Protocol):
    """Who works on incidents; see `bot.engine.Engine`."""

    @property
    def depth(self) -> int:
        """Incidents that wait or are worked on."""


class Holding(Protocol):
    """What this process has to itself; see `bot.engine.HeldLeases`."""

    @property
    def held(self) -> int:
        """How many claims."""

    @property
    def takeovers(self) -> int:
        """How many were taken over from a process that went silent."""

    @property
    def is_lost(self) -> bool:
        """Whether all were lost, and no heartbeat has come through since."""


class Monitor:
    """Counts what a bot does, and tells it to who asks."""

    def __init__(self, catalog: Catalog) -> None:
        self.metrics = Metrics(Known.of(catalog))

    def watched(self, ledger: Ledger) -> Ledger:
        """The same ledger, for everybody whose appends are to be counted."""
        return WatchedLedger(ledger, self.metrics)

    @property
    def traces(self) -> tuple[aiohttp.TraceConfig, ...]:
        """For the session that calls to Slack go through."""
        return (slack_calls(self.metrics),)

    def serve(
        self, *, host: str, port: int, ledger: Ledger, chat: Chatting, engine: Working, leases: Holding
    ) -> HealthServer:
        """The server for these parts; it listens once it is entered."""
        self.metrics.watch_claims(lambda: leases.held, lambda: leases.takeovers)
        self.metrics.watch_queue("incidents", lambda: engine.depth)
        self.metrics.watch_queue("slack", lambda: chat.waiting)
        self.metrics.watch_connections(lambda: chat.connections)
        checks = {
            "ledger": ledger_check(ledger),
            "claims": claims_check(lambda: leases.is_lost),
            "slack": slack_check(lambda: chat.health),
        }
        return HealthServer(host=host, port=port, checks=checks, metrics=self.metrics)
