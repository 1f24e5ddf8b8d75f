"""PAGE_API.md says all that the server does, and nothing it does not."""

import re
from pathlib import Path

import bot.devslack
from bot.devslack.faults import AT_ONCE, LASTING
from bot.devslack.pageapi import ACTS
from tests.devslack.office import INCIDENTS, plain_slack

DOC = (Path(bot.devslack.__file__).parent / "PAGE_API.md").read_text()


def test_every_act_is_described_and_every_described_act_exists() -> None:
    described = set(re.findall(r"^\| `/local/([a-z/]+)` \|", DOC, flags=re.MULTILINE))

    assert described == ACTS.keys()


def test_every_fault_is_described_and_every_described_fault_exists() -> None:
    table = DOC.split("## Faults")[1].split("## For tests")[0]

    assert set(re.findall(r"^\| `([a-z_]+)` \|", table, flags=re.MULTILINE)) == set(LASTING + AT_ONCE)


async def test_a_message_has_the_keys_that_are_described() -> None:
    example = re.search(r"\*\*Message\*\*\n```json\n(.*?)```", DOC, flags=re.DOTALL)
    assert example is not None
    described = set(re.findall(r'"(\w+)":', example[1])) - {"name", "users"}
    async with plain_slack() as (_, client, page):
        await client.chat_postMessage(channel=INCIDENTS, text="x")

        (message,) = await page.messages()

    assert message.keys() == described


async def test_the_state_has_the_keys_that_are_described() -> None:
    example = DOC.split("```json")[1].split("```")[0]
    described = set(re.findall(r'^ ?\{?"(\w+)":|, "(\w+)": \[|, "(seq|me)":', example, flags=re.MULTILINE))
    names = {name for match in described for name in match if name}
    async with plain_slack() as (_, _client, page):
        state = await page.get("state")

    assert state.keys() == names
