"""What every step needs: the rules, the world, and an incident as the ledger has it."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import UnknownHost
from bot.fleet import host_named
from bot.investigate import World
from bot.model.approval import Approval
from bot.model.event import Event, Outcome, RunEnded
from bot.model.host import Fleet, Host
from bot.model.incident import Incident, fold
from bot.model.runbook import Catalog, Runbook
from bot.policy import Policy
from bot.remedy import Situation


def new_id() -> str:
    """128 random bits, URL-safe: an approval's opaque id.

    It does not begin with `-`: people type it after a command, which would take it for an option.
    """
    while (made := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return made


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the team wrote: hosts, runbooks, policy."""

    fleet: Fleet
    catalog: Catalog
    policy: Policy


@dataclass(frozen=True, kw_only=True)
class Job:
    """The steps' common ground."""

    rules: Rules
    world: World
    #: Of the process, for claims.
    name: str
    ids: Callable[[], str] = new_id

    async def state(self, incident: str) -> Incident:
        """The incident as it stands now. Raises LedgerUnavailable."""
        return fold(await self.world.ledger.entries(incident))

    async def append(self, state: Incident, events: Sequence[Event]) -> None:
        """Write what was decided on this state. Raises Conflict when it went on since."""
        await self.world.ledger.append(state.id, events, after_seq=state.seq)

    def target(self, state: Incident) -> tuple[Host, Runbook]:
        """What is looked at, and how. Raises UnknownHost when either is no longer there."""
        opened = state.opened
        if opened is None or opened.runbook not in self.rules.catalog.runbooks:
            raise UnknownHost("the runbook of this incident is no longer there")
        return host_named(self.rules.fleet, opened.host), self.rules.catalog.runbooks[opened.runbook]

    def situation(self, state: Incident, host: Host, ended: RunEnded, now: datetime) -> Situation:
        """What a remedy is offered on."""
        opened = state.opened
        if opened is None:
            raise ValueError("an incident without opening has no situation")
        return Situation(
            host=host,
            runbook=self.rules.catalog.runbooks[opened.runbook],
            catalog=self.rules.catalog,
            policy=self.rules.policy,
            requester=_requester(state, ended),
            ended=ended,
            now=now,
            tried=frozenset(one.proposed.remedy for one in state.approvals if _may_have_run(one)),
        )


def _requester(state: Incident, ended: RunEnded) -> str:
    """Who asked for this look: whoever has another one made in a colleague's incident asks, too."""
    run = next((one for one in state.runs if one.number == ended.run), None)
    return run.requester if run else state.requester


def _may_have_run(approval: Approval) -> bool:
    return approval.outcome is not None and approval.outcome.outcome is not Outcome.NOT_RUN
