"""Who leaves the approvers between click and run: nothing runs, and the card says why."""

from pathlib import Path
from typing import Any

from bot.audit import Result, verify_ledger
from bot.model.approval import ApprovalStatus
from tests.support.people import APPROVER, words_of
from tests.support.team import Team, team

SECOND = "U0GUEST"


def two_of_the_user_group(policy: dict[str, Any]) -> None:
    policy["groups"] = {"sre": {"slack_usergroup": "S0SRE"}, "lead": {"people": ["lead"]}}
    policy["people"] = {"lead": {"login": ["root"]}}
    for rule in policy["rules"]:
        rule["approve"] = {"from": ["sre", "lead"], "count": 2}


async def test_a_yes_of_somebody_who_left_the_user_group_does_not_run(tmp_path: Path) -> None:
    async with team(tmp_path, two_of_the_user_group) as place:
        card = await place.card()
        await place.people.click(card, "approve", user=APPROVER)
        await place.until_said("Approved by")
        await place.act("group", group="S0SRE", users=[])

        await second_yes(place)

        message = await place.until_said("Not run: the policy refused it")
        said = words_of(message)
        assert "said yes and is not in sre any more (rule" in said
        assert "run the check again for a fresh offer" in said
        assert place.ran == 0
        assert (await place.state()).approvals[0].status is ApprovalStatus.REFUSED
        assert (await verify_ledger(place.bot.app.ledger)).result is Result.OK


async def test_two_who_are_still_in_it_do(tmp_path: Path) -> None:
    async with team(tmp_path, two_of_the_user_group) as place:
        await place.people.click(await place.card(), "approve", user=APPROVER)
        await place.until_said("Approved by")

        await second_yes(place)

        await place.until_said("Checked again: healthy")
        assert place.ran == 1
        (seen, _) = (await place.state()).approvals[0].intent.ruling.question.seen  # type: ignore[union-attr]
        assert seen.groups == ("sre",)


async def second_yes(place: Team) -> None:
    """By somebody in a terminal on the bot's machine."""
    from bot.accounts import terminal_actor

    approval = (await place.state()).approvals[0].id
    await place.bot.app.desk.vote(terminal_actor(place.bot.app.rules.policy), approval, is_yes=True)
