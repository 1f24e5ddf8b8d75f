"""Eight clicks at once on each of many approvals: exactly one claim, by distinct people, on both databases.

RUNBOOK_BOT_CLICKS says how many approvals (500 with `make hostile-slack`).
"""

import asyncio
import os
from collections import Counter
from dataclasses import replace

from bot.errors import AskError, Conflict
from bot.model.approval import ApprovalStatus
from bot.model.event import Claimed, IncidentOpened, Voted
from bot.model.person import Account, Origin
from bot.model.ruling import Stage
from bot.policy import Case, decide, question
from bot.store import SqlLedger
from tests.support.incidents import broken, proposed, ran
from tests.support.office import HOST, POLICY, Office
from tests.support.replay import ReplayShell

APPROVALS = int(os.environ.get("RUNBOOK_BOT_CLICKS", "12"))
#: Two must say yes; ann clicks thrice, bob and cyn twice, and who asked once.
CLICKS = ("ann", "bob", "dan", "ann", "cyn", "bob", "ann", "cyn")
TWO = replace(POLICY, rules=(replace(POLICY.rules[0], quorum=2),), digest="two")


async def with_card(office: Office, number: int) -> tuple[str, str]:
    """An incident with an open card, as a worker would have written it."""
    incident, approval = f"inc-{number}", f"approval-{number:012}"
    now = await office.ledger.now()
    case = Case(action="restart_unit", host=HOST, at=now, requester="dan", target="shop.service")
    ruling = decide(question(TWO, Stage.OFFER, case))
    dan = Account(origin=Origin.TERMINAL, id="dan")
    offer = replace(proposed(approval, at=now, quorum=2), host=HOST.name, ruling=ruling)
    asked = IncidentOpened(runbook="502", host=HOST.name, by=dan, person="dan")
    await office.ledger.append(incident, [asked, *ran(1, broken()), offer], after_seq=0)
    return incident, approval


async def clicked(office: Office, approval: str, login: str) -> bool:
    try:
        await office.desk().vote(office.actor(login), approval, is_yes=True)
    except AskError:
        return False
    return True


async def test_of_eight_clicks_at_once_two_people_count_and_one_worker_claims(
    ledger: SqlLedger,
) -> None:
    office = Office(ledger=ledger, shell=ReplayShell("bad_release"), policy=TWO)
    seen: Counter[tuple[int, int, int]] = Counter()

    for number in range(APPROVALS):
        incident, approval = await with_card(office, number)
        counted = await asyncio.gather(*(clicked(office, approval, login) for login in CLICKS))
        state = await office.state(incident)
        (one,) = state.approvals
        claims = await asyncio.gather(*(claim(office, incident, approval) for _ in range(4)))
        events = [entry.event for entry in await ledger.entries(incident)]
        assert one.status is ApprovalStatus.APPROVED
        people = {event.person for event in events if isinstance(event, Voted)}
        assert "dan" not in people
        seen[sum(counted), len(people), sum(isinstance(event, Claimed) for event in events)] += 1
        assert sum(claims) == 1

    assert seen == {(2, 2, 1): APPROVALS}


async def claim(office: Office, incident: str, approval: str) -> bool:
    """As one of several workers that found the quorum at once."""
    state = await office.state(incident)
    found = state.approval(approval)
    if found is None or found.status is not ApprovalStatus.APPROVED:
        return False
    taken = Claimed(approval=approval, nonce=f"nonce-{id(state)}", worker="w")
    try:
        await office.ledger.append(incident, [taken], after_seq=state.seq)
    except Conflict:
        return False
    return True
