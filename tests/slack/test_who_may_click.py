"""Clicks of everybody who may not approve, through the real edge: none of them counts."""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.devslack.seed import Kind
from bot.model.event import Refused, Voted
from bot.model.refusal import AskRefused
from tests.support.people import APPROVER, REQUESTER
from tests.support.team import Team, click_of, team

#: A hundred with `make hostile-slack`.
CLICKS = int(os.environ.get("RUNBOOK_BOT_STRANGERS", "10"))
DEACTIVATED = "an approver whose account was deactivated"
#: Account, team and what they are told.
WHO = {
    "who asked": (REQUESTER, "T0LOCAL", "you asked for this"),
    "a second account of who asked": (APPROVER, "T0LOCAL", "you asked for this"),
    "a guest": ("U0GUEST", "T0LOCAL", "guests cannot"),
    "somebody of another organisation": (APPROVER, "T0PARTNER", "belongs to another workspace"),
    "a bot": ("U0BOT", "T0LOCAL", "bots and workflows cannot"),
    DEACTIVATED: (APPROVER, "T0LOCAL", "this account is deactivated"),
    "nobody Slack knows, as after a deletion": ("U0GONE", "T0LOCAL", "could not be made sure who you are"),
    "somebody whose team Slack does not say": (APPROVER, None, "could not be made sure who you are"),
}


def policy_for(name: str) -> Any:
    """Everybody would be an approver by name; what stops them is who they are."""

    def change(policy: dict[str, Any]) -> None:
        accounts = {"asker": [REQUESTER], "colleague": [APPROVER], "others": ["U0GUEST", "U0BOT", "U0GONE"]}
        if name == "a second account of who asked":
            accounts = {"asker": [REQUESTER, APPROVER]}
        policy["people"] = {person: {"slack": ids} for person, ids in accounts.items()}
        policy["groups"] = {"sre": {"people": sorted(policy["people"])}}

    return change


@pytest.mark.parametrize("name", WHO)
async def test_none_of_their_clicks_counts_and_each_is_written_down(tmp_path: Path, name: str) -> None:
    user, workspace, says = WHO[name]
    async with team(tmp_path, policy_for(name)) as place:
        card = await place.card("web-01")
        approval = (await place.state()).approvals[0].id
        if name == DEACTIVATED:
            deactivate(place, user)
        edge_before = await refusals(place)

        for number in range(CLICKS):
            body = click_of(card, "approve", approval, user=user)
            body["user"] = {"id": user, **({"team_id": workspace} if workspace else {})}
            body["actions"][0]["action_ts"] = f"{time.time():.6f}{number}"
            await place.deliver(body)
        await place.until(lambda: _are_written(place, edge_before + CLICKS))

        assert all(says in why for why in await whys(place))
        assert place.ran == 0
        state = await place.state()
        assert [vote for one in state.approvals for vote in one.votes] == []
        assert len([entry for entry in await place.entries() if isinstance(entry.event, Voted)]) == 0


def deactivate(place: Team, user: str) -> None:
    """As an administrator does, after the card was drawn."""
    people = place.bot.slack.parts.world.people
    people[user] = replace(people[user], kind=Kind.DEACTIVATED)


async def whys(place: Team) -> set[str]:
    """What each of them was told."""
    told = [one.event for one in await place.bot.app.ledger.system.events(kinds=(AskRefused,))]
    told += [entry.event for entry in await place.entries() if isinstance(entry.event, Refused)]
    return {one.why for one in told if isinstance(one, AskRefused | Refused)}


async def _are_written(place: Team, most: int) -> bool:
    return await refusals(place) >= most


async def refusals(place: Team) -> int:
    in_incidents = sum(isinstance(entry.event, Refused) for entry in await place.entries())
    return in_incidents + len(await place.bot.app.ledger.system.events(kinds=(AskRefused,)))
