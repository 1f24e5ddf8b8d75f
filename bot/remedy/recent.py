"""What was done lately, in all incidents: budgets and rates are counted in the ledger, nowhere else."""

from datetime import datetime, timedelta

from bot.model.approval import ACTING, Approval, ApprovalStatus
from bot.model.event import Outcome
from bot.model.incident import Incident, fold
from bot.policy import Attempt, Policy, looks_back_s
from bot.ports import Ledger

#: Incidents read in the first go; twice as many in each further one.
_PAGE = 100
_BEGUN = frozenset({*ACTING, ApprovalStatus.DONE, ApprovalStatus.FAILED, ApprovalStatus.UNKNOWN})


async def recent(ledger: Ledger, policy: Policy, now: datetime) -> tuple[Attempt, ...]:
    """Actions begun as far back as the policy counts, in no order; none when it counts nothing.

    Every incident that was appended to since then is read: a budget is never guessed.
    Raises LedgerUnavailable.
    """
    span_s = looks_back_s(policy)
    if span_s == 0:
        return ()
    since, limit = now - timedelta(seconds=span_s), _PAGE
    while True:
        names = await ledger.incidents(limit=limit)
        found, is_all = await _of(ledger, names, since)
        if is_all or len(names) < limit:
            return tuple(found)
        limit *= 2


async def _of(ledger: Ledger, names: tuple[str, ...], since: datetime) -> tuple[list[Attempt], bool]:
    """Their attempts, and whether the last of them was too old to have any."""
    found: list[Attempt] = []
    for name in names:
        incident = fold(await ledger.entries(name))
        if incident.clock_at is None or incident.clock_at < since:
            return found, True
        found += attempts_of(incident)
    return found, False


def attempts_of(incident: Incident) -> tuple[Attempt, ...]:
    """Actions of this incident that may have run or are about to; pure."""
    return tuple(
        Attempt(
            approval=one.id,
            host=one.proposed.host,
            target=one.proposed.target,
            rule=(one.proposed.ruling.rule or "") if one.proposed.ruling else "",
            at=one.claimed_at,
            is_acting=one.status in ACTING,
            failed_at=_failed_at(one),
        )
        for one in incident.approvals
        if one.status in _BEGUN and one.claimed_at is not None
    )


def _failed_at(one: Approval) -> datetime | None:
    if one.ready is not None and not one.ready.is_ready:
        return one.ready_at
    is_bad = one.outcome is not None and one.outcome.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
    return one.outcome_at if is_bad else None
