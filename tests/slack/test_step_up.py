"""A signed yes through the whole bot: the form in Slack, and the command in a terminal."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Result, verify_ledger
from tests.support.people import APPROVER, has_button, words_of
from tests.support.signing import by_command, key, public
from tests.support.team import Team, team


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return key(tmp_path, "approver_key")


def signed_by(mine: Path) -> Any:
    """A change of the policy: its rules want a signature of the approver's."""
    allowed = mine.with_name("allowed_signers")
    allowed.write_text(f"approver@example.org {public(mine)}\n")

    def change(policy: dict[str, Any]) -> None:
        policy["allowed_signers"] = str(allowed)
        policy["people"]["approver"]["signers"] = ["approver@example.org"]
        for rule in policy["rules"]:
            rule["approve"]["step_up"] = "sshsig"

    return change


async def form_of(place: Team) -> dict[str, Any]:
    """The form that the approver has open."""

    async def opened() -> list[dict[str, Any]]:
        return list((await place.people.workspace(APPROVER))["views"])

    return (await place.until(opened))[-1]


async def test_the_form_shows_the_command_and_takes_what_it_prints(tmp_path: Path, mine: Path) -> None:
    async with team(tmp_path, signed_by(mine)) as place:
        card = await place.card(action="sign")
        assert not has_button(card, "approve")
        assert "signed with their key" in words_of(card)
        await place.people.click(card, "sign", user=APPROVER)
        view = await form_of(place)
        (command,) = re.findall(r"printf .*id_ed25519", words_of(view["blocks"]))

        wrong = {"signature": {"text": "looks good to me"}}
        await place.act("view/submit", user=APPROVER, view_id=view["id"], values=wrong)
        told = await place.until_said("no SSH signature", user=APPROVER)
        assert "paste what it prints" in told["text"] and place.ran == 0

        await place.people.click(card, "sign", user=APPROVER)
        view = await form_of(place)
        right = {"signature": {"text": by_command(command, mine)}}
        await place.act("view/submit", user=APPROVER, view_id=view["id"], values=right)

        await place.until_said("Checked again: healthy")
        assert ", signed" in words_of(await place.until_said("Approved by"))
        assert place.ran == 1
        assert (await verify_ledger(place.bot.app.ledger)).result is Result.OK


async def test_a_click_without_the_form_runs_nothing_and_says_how(tmp_path: Path, mine: Path) -> None:
    async with team(tmp_path, signed_by(mine)) as place:
        card = await place.card(action="sign")
        approval = (await place.state()).approvals[0].id

        await place.send_click(card, "approve", approval, user=APPROVER)

        told = await place.until_said("it needs a signature of who approves it", user=APPROVER)
        assert "ssh-keygen -Y sign -n runbook-bot-approve" in told["text"]
        assert place.ran == 0
