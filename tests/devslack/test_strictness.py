"""The strictness table: every line holds, and fails when its check is taken away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.devslack.checks import CHECKS
from bot.devslack.clock import HandClock
from bot.devslack.manifest import DEFAULT_MANIFEST
from tests.devslack.desk import Desk
from tests.devslack.office import plain_slack
from tests.devslack.strict_lines import LINES

_SCOPES = DEFAULT_MANIFEST["oauth_config"]["scopes"]["bot"]
MANIFEST = DEFAULT_MANIFEST | {
    "oauth_config": {"scopes": {"bot": [scope for scope in _SCOPES if scope != "reactions:write"]}}
}


@asynccontextmanager
async def desk(without: frozenset[str]) -> AsyncIterator[Desk]:
    clock = HandClock()
    async with plain_slack(clock=clock, without=without, manifest=MANIFEST) as (slack, client, page):
        yield Desk(slack, client, page, clock)


def test_the_table_has_a_line_for_every_check() -> None:
    assert LINES.keys() == CHECKS.keys()


@pytest.mark.parametrize("check", LINES)
async def test_a_line_holds(check: str) -> None:
    async with desk(frozenset()) as made:
        await LINES[check](made)


@pytest.mark.parametrize("check", LINES)
async def test_a_line_fails_when_its_check_is_taken_away(check: str) -> None:
    async with desk(frozenset({check})) as made:
        with pytest.raises(AssertionError):
            await LINES[check](made)


def test_an_unknown_check_cannot_be_taken_away() -> None:
    from bot.devslack.checks import Strict

    with pytest.raises(ValueError, match="no check 'gravity'"):
        Strict(frozenset({"gravity"}))
