"""`status` in a terminal and in Slack: each incident with how it stands, in the root message's words."""

import asyncio
from dataclasses import replace
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import cli
from bot.demo import SampleHosts
from bot.model.event import ApprovalClosed, Closing, Event
from bot.model.verdict import Line, Verdict
from bot.store import SqliteLedger
from tests.slack.office import REQUESTER, office
from tests.support.incidents import broken, healthy, opened, proposed, ran

EXPIRED = ApprovalClosed(approval="a1", how=Closing.EXPIRED, why="nobody approved it in time")


def not_looked() -> Verdict:
    """A verdict on a host that could not be asked."""
    line = Line(step="connect", text="web-04: connection refused")
    return replace(broken(), found=(replace(broken().found[0], because=(line,)),))


async def status(folder: Path, incidents: dict[str, tuple[Event, ...]]) -> list[str]:
    """The lines that the terminal prints of a ledger with these."""
    async with await SqliteLedger.open(folder / "ledger.db") as ledger:
        for name, events in incidents.items():
            await ledger.append(name, list(events))
    async with SampleHosts(folder) as hosts:
        given = ["status", "--fleet", str(hosts.fleet_path), "--ledger", str(folder / "ledger.db")]
        # In a thread: a command runs a loop of its own.
        done = await asyncio.to_thread(CliRunner().invoke, cli, given)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


async def test_a_host_that_stayed_broken_is_never_listed_as_done(tmp_path: Path) -> None:
    lines = await status(
        tmp_path,
        {
            "inc-expired": (opened(), *ran(1, broken()), proposed(), EXPIRED),
            "inc-healthy": (opened(), *ran(1, healthy())),
            "inc-notseen": (opened(), *ran(1, not_looked())),
            "inc-waiting": (opened(), *ran(1, broken()), proposed("a2")),
        },
    )

    told = {line.split()[0]: line.split("  ")[3] for line in lines}
    assert told == {
        "inc-expired": "broken",
        "inc-healthy": "healthy",
        "inc-notseen": "could not look",
        "inc-waiting": "waits for a decision",
    }


async def test_an_open_card_stands_with_the_id_that_approve_takes(tmp_path: Path) -> None:
    lines = await status(
        tmp_path,
        {
            "inc-expired": (opened(), *ran(1, broken()), proposed(), EXPIRED),
            "inc-waiting": (opened(), *ran(1, broken()), proposed("a2")),
        },
    )

    told = {line.split()[0]: line.partition("  approval ")[2] for line in lines}
    assert told == {"inc-expired": "", "inc-waiting": "a2"}


async def test_a_word_of_ours_that_was_mistyped_is_named(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.people.command("/502 statsu")

        told = await place.told(REQUESTER.id, "no host 'statsu'")

    assert told.endswith("or did you mean the word 'status'?")


async def test_slack_lists_each_with_the_mark_of_its_root_message(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.ledger.append("inc-expired", [opened(), *ran(1, broken()), proposed(), EXPIRED])
        await place.ledger.append("inc-healthy", [opened(), *ran(1, healthy())])

        await place.people.command("/502 status")
        told = await place.told(REQUESTER.id, "inc-expired")

    assert ":red_circle: broken · `inc-expired`" in told
    assert ":large_green_circle: healthy · `inc-healthy`" in told
