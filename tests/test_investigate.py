"""A run in the ledger: every answer is written down, and what an approval is bound to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot import investigate
from bot.investigate import Pass, state_of
from bot.model.command import Command, Hello, RawOutput
from bot.model.event import StepEnded
from bot.model.evidence import CommandOutput
from bot.model.host import Host
from bot.parsers.changes import changes
from bot.parsers.unit_state import unit_state
from bot.steps import steps_for
from bot.store import SqliteLedger
from tests.support.office import CATALOG, HOST, Office
from tests.support.replay import ReplayShell

RUNNING = "Id=app.service\nActiveState=active\nSubState=running\nNRestarts=0\nInvocationID=aa11\n"


STARTED = {"invocation of app.service": "aa11", "restarts by itself of app.service": "0"}


def facts(
    unit: str = RUNNING, link: str = "link\t/srv/app/current\treleases/2\t1795216985\n"
) -> dict[str, object]:
    return {
        "unit": unit_state(CommandOutput(step="unit", argv=(), exit_status=0, stdout=unit)),
        "changes": changes(CommandOutput(step="changes", argv=(), exit_status=0, stdout=link)),
        "other": "a fact without a state",
    }


def test_the_release_and_the_start_of_a_running_unit_are_bound() -> None:
    assert state_of(facts()) == {"release": "releases/2", **STARTED}


@pytest.mark.parametrize(
    ("target", "before"),
    [
        ("releases/10", "releases/9"),
        ("/srv/app/releases/9", "/srv/app/releases/8"),
        ("9/", "8"),
        ("8", None),
        ("7", None),
    ],
)
def test_the_release_made_before_the_one_in_place_is_bound_as_well(target: str, before: str | None) -> None:
    # As `ls` orders them; 8 was made first.
    made = "".join(f"release\t{name}\t{1795210000 + int(name)}\n" for name in ("10", "8", "9"))

    state = state_of(facts(link=f"link\t/srv/app/current\t{target}\t1795216985\n{made}"))

    assert (state["release"], state.get("release before")) == (target, before)


@pytest.mark.parametrize("count", ["1", "7"])
def test_a_unit_that_was_started_again_by_itself_is_bound_with_how_often(count: str) -> None:
    again = RUNNING.replace("NRestarts=0", f"NRestarts={count}")

    assert state_of(facts(unit=again, link="")) == {
        "invocation of app.service": "aa11",
        "restarts by itself of app.service": count,
    }


@pytest.mark.parametrize(
    "unit",
    [
        RUNNING.replace("=active", "=activating").replace("=running", "=auto-restart"),
        RUNNING.replace("InvocationID=aa11", "InvocationID="),
    ],
    ids=["waits for its next start", "an old systemd"],
)
def test_a_start_that_is_not_known_is_not_bound(unit: str) -> None:
    assert state_of(facts(unit=unit)) == {"release": "releases/2"}


def test_a_host_without_release_link_binds_none() -> None:
    assert state_of(facts(link="")) == STARTED


class LateShell(ReplayShell):
    """Its answers come while the ledger is busy writing the first one, and then the host is done."""

    def __init__(self, case: str) -> None:
        super().__init__(case)
        self.is_writing = asyncio.Event()

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        answers = super().read(host, commands, deadline_s=deadline_s)
        yield await anext(answers)
        yield await anext(answers)
        await self.is_writing.wait()
        async for answer in answers:
            yield answer


class TellingLedger:
    """The real ledger; tells when the first answer is about to be written."""

    def __init__(self, ledger: SqliteLedger, shell: LateShell) -> None:
        self._ledger, self._shell = ledger, shell

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    async def append(self, incident: str, events: Sequence[object], **rest: object) -> object:
        if any(isinstance(event, StepEnded) for event in events):
            self._shell.is_writing.set()
        return await self._ledger.append(incident, events, **rest)  # type: ignore[arg-type]


async def test_an_answer_that_comes_while_others_are_written_is_written_too(tmp_path: Path) -> None:
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        shell = LateShell("healthy")
        world = Office(ledger=ledger, shell=shell).world(TellingLedger(ledger, shell))  # type: ignore[arg-type]
        book = CATALOG.runbooks["502"]

        looked = await investigate.investigate(Pass(incident="inc-1", run=1, reason="ask"), HOST, book, world)

        written = [entry.event for entry in await ledger.entries("inc-1")]
        told = [event.step for event in (*written, *looked.steps) if isinstance(event, StepEnded)]
        assert sorted(told) == sorted(step.id for step in steps_for(HOST, book))


async def test_answers_that_no_bunch_took_are_written_together_with_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(investigate, "BUNCH_S", 3600.0)
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        office = Office(ledger=ledger, shell=ReplayShell("healthy"))
        (incident,) = await office.desk().ask(
            office.actor("dan"), runbook="502", hosts=["web-01"], place=None, words="502 web-01"
        )

        await office.worker().carry_on(incident)

        _, _, *rest = await ledger.entries(incident)
        assert {entry.at for entry in rest} == {rest[0].at}
        assert len(rest) == len(steps_for(HOST, CATALOG.runbooks["502"])) + 1


async def test_an_answer_still_to_be_written_goes_without_what_a_later_one_gave_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(investigate, "BUNCH_S", 3600.0)  # One bunch, written when the host is done.
    secret = "Tr0ub" + "4dorX3kq"
    said = {"error_log": f"shop/{secret} was turned away\n", "unit": f"Environment=DB_PASSWORD={secret}\n"}
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        world = Office(ledger=ledger, shell=ReplayShell("healthy", more=said)).world()
        book = CATALOG.runbooks["502"]
        steps = sorted(book.steps, key=lambda step: step.id == "unit")

        looked = await investigate.investigate(
            Pass(incident="inc-1", run=1, reason="ask"), HOST, replace(book, steps=tuple(steps)), world
        )
        await ledger.append("inc-1", [*looked.steps, looked.ended])

        ended = [e.event for e in await ledger.entries("inc-1") if isinstance(e.event, StepEnded)]
        texts = [await ledger.evidence(event.evidence) or "" for event in ended if event.evidence]
        assert any("shop/[REDACTED:known] was turned away" in text for text in texts)
        assert not any(secret in text for text in texts)


def test_a_deploy_within_the_second_of_a_start_is_told_apart() -> None:
    precise = facts(link="link\t/srv/app/current\treleases/2\t1795216985.750000000\n")["changes"]
    whole = facts()["changes"]

    assert precise.link.changed_at.microsecond == 750_000  # type: ignore[attr-defined]
    assert whole.link.changed_at.microsecond == 0  # type: ignore[attr-defined]
