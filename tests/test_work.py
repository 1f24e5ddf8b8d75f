"""From ask to recheck over a real ledger: consent, once, and whatever dies in between."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.errors import LedgerUnavailable, NotAllowed, Stale
from bot.model.approval import ApprovalStatus
from bot.model.command import Command, Ended, Hello, RawOutput
from bot.model.event import (
    ApprovalClosed,
    Closing,
    Entry,
    Event,
    Hold,
    Intended,
    Noted,
    Outcome,
    RunFailed,
    StepEnded,
)
from bot.model.host import Host
from bot.model.incident import IncidentStatus
from bot.model.person import Standing
from bot.progress import INTERRUPTED
from bot.store import SqliteLedger
from bot.work import new_id
from tests.support.office import Office, office_in
from tests.support.replay import ReplayShell


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with office_in(tmp_path, monkeypatch) as office:
        yield office


async def approve(office: Office, incident: str, *logins: str) -> str:
    state = await office.state(incident)
    approval = state.approvals[-1].id
    for login in logins:
        await office.desk().vote(office.actor(login), approval, is_yes=True)
    return approval


async def test_an_ask_ends_with_a_verdict_and_an_open_card(office: Office) -> None:
    incident = await office.ask()

    state = await office.state(incident)
    assert state.verdict and state.verdict.cause == "deploy_bad_release"
    assert [one.proposed.remedy for one in state.approvals] == ["rollback_release"]
    assert state.status is IncidentStatus.DECIDING
    assert not office.shell.ran


async def test_an_approved_rollback_runs_once_and_the_host_is_well_after(office: Office) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")

    await office.worker().carry_on(incident)
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    (order,) = office.shell.ran.values()
    assert order.commands == (("sudo", "-n", "/usr/local/sbin/app-rollback"),)
    one = state.approval(approval)
    assert one and one.status is ApprovalStatus.DONE and one.ready and one.ready.is_ready
    assert [run.started.reason.split(":")[0] for run in state.runs] == ["ask", "precheck", "recheck"]
    assert state.verdict and state.verdict.is_healthy
    assert state.undone == () and state.ignored == 0


async def test_nothing_runs_while_nobody_approved(office: Office) -> None:
    incident = await office.ask()

    await office.worker().carry_on(incident)

    assert not office.shell.ran


@pytest.mark.parametrize(
    ("login", "standing"),
    [
        pytest.param("ann", Standing.MEMBER, id="the requester"),
        pytest.param("dan", Standing.MEMBER, id="not in the group"),
        pytest.param("bob", Standing.GUEST, id="a guest"),
        pytest.param("bob", Standing.UNKNOWN, id="nobody knows who"),
    ],
)
async def test_who_may_not_approve_is_told_and_written_down(
    office: Office, login: str, standing: Standing
) -> None:
    incident = await office.ask("ann")
    approval = (await office.state(incident)).approvals[0].id

    with pytest.raises(NotAllowed):
        await office.desk().vote(office.actor(login, standing), approval, is_yes=True)
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    assert [one.event.person for one in state.refusals] == [login]
    assert state.approvals[0].status is ApprovalStatus.OPEN
    assert not office.shell.ran


async def test_two_people_are_needed_where_the_rule_says_two(office: Office) -> None:
    office.policy = replace(office.policy, rules=(replace(office.policy.rules[0], quorum=2),))
    incident = await office.ask()
    await approve(office, incident, "ann")
    with pytest.raises(Stale, match="another person"):
        await approve(office, incident, "ann")
    await office.worker().carry_on(incident)
    assert not office.shell.ran

    await approve(office, incident, "bob")
    await office.worker().carry_on(incident)

    assert len(office.shell.ran) == 1


async def test_a_no_is_final(office: Office) -> None:
    incident = await office.ask()
    approval = (await office.state(incident)).approvals[0].id
    await office.desk().vote(office.actor("dan"), approval, is_yes=False, reason="deploy is being fixed")

    with pytest.raises(Stale, match="rejected already"):
        await office.desk().vote(office.actor("ann"), approval, is_yes=True)
    await office.worker().carry_on(incident)

    assert not office.shell.ran


async def test_a_host_that_got_well_meanwhile_is_left_alone(office: Office) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    office.shell = ReplayShell("healthy")

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.CHANGED and one.closed
    assert "healthy now" in one.closed.why
    assert not office.shell.ran


async def test_a_policy_changed_since_the_offer_ends_it(office: Office) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    office.policy = replace(office.policy, digest="p2")

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.CHANGED
    assert not office.shell.ran


@pytest.mark.parametrize("rollback", [("/opt/other-rollback",), ()])
async def test_a_command_changed_in_the_fleet_since_the_offer_ends_it(
    office: Office, rollback: tuple[str, ...]
) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    service = office.host.service
    assert service.release is not None
    release = replace(service.release, rollback=rollback)
    office.host = replace(office.host, service=replace(service, release=release))

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.CHANGED
    assert not office.shell.ran


async def test_two_clicks_at_once_run_it_once(office: Office) -> None:
    incident = await office.ask()
    approval = (await office.state(incident)).approvals[0].id
    votes = (
        office.desk().vote(office.actor(login), approval, is_yes=True) for login in ("ann", "bob", "ann")
    )

    await asyncio.gather(*votes, return_exceptions=True)
    await asyncio.gather(*(office.worker().carry_on(incident) for _ in range(2)))

    assert len(office.shell.ran) == 1
    assert (await office.state(incident)).undone == ()


async def test_another_incident_on_the_host_waits_until_the_first_is_done(office: Office) -> None:
    first, second = await office.ask(), await office.ask()
    await approve(office, first, "ann")
    hold = Hold(host="web-01", target="myapp.service")
    await office.ledger.append(second, [], take=hold)

    waiting = asyncio.create_task(office.worker().carry_on(first))
    await office.chat.after(30)
    assert not office.shell.ran
    await office.ledger.append(second, [], give=hold)
    await waiting

    assert len(office.shell.ran) == 1


async def test_a_lost_answer_is_asked_for_and_never_sent_again(office: Office) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    office.shell.act_ends = Ended.LOST

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.status is ApprovalStatus.DONE
    assert len(office.shell.ran) == 1


async def test_a_host_that_cannot_be_asked_leaves_the_outcome_unknown(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.act.SETTLE_EVERY_S", 0.0)
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    office.shell.act_ends = Ended.LOST
    office.shell.before_act = lambda: setattr(office.shell, "is_up", False)

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.outcome and one.outcome.outcome is Outcome.UNKNOWN
    assert "no route to host" in one.outcome.says


async def test_another_machine_at_the_address_is_not_believed_about_the_outcome(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address moved while the order ran: who answers now has not seen it."""
    monkeypatch.setattr("bot.act.SETTLE_EVERY_S", 0.0)
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    office.shell.act_ends = Ended.LOST
    office.shell.before_act = lambda: setattr(office.shell, "host_key", "SHA256:another")

    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approval(approval)
    assert one and one.outcome and one.outcome.outcome is Outcome.UNKNOWN
    assert "for the host with key SHA256:recorded" in one.outcome.says
    assert office.shell.burnt == set()


class Killed(BaseException):
    """The process is gone."""


class DyingLedger:
    """The real ledger, until the n-th append; there the process dies, just before or just after."""

    def __init__(self, ledger: SqliteLedger, *, dies_at: int, is_written: bool) -> None:
        self._ledger, self._dies_at, self._is_written = ledger, dies_at, is_written
        self.appends = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    async def append(
        self,
        incident: str,
        events: Sequence[Event],
        *,
        after_seq: int | None = None,
        take: Hold | None = None,
        give: Hold | None = None,
    ) -> tuple[Entry, ...]:
        self.appends += 1
        is_last = self.appends == self._dies_at
        if is_last and not self._is_written:
            raise Killed
        written = await self._ledger.append(incident, events, after_seq=after_seq, take=take, give=give)
        if is_last:
            raise Killed
        return written


@pytest.mark.parametrize("is_written", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("dies_at", range(1, 15))
async def test_whatever_dies_nothing_runs_twice_and_all_ends(
    office: Office, dies_at: int, is_written: bool
) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    dying = DyingLedger(office.ledger, dies_at=dies_at, is_written=is_written)  # type: ignore[arg-type]

    try:
        await office.worker(dying).carry_on(incident)  # type: ignore[arg-type]
        died = False
    except Killed:
        died = True
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    one = state.approval(approval)
    assert died == (dies_at <= dying.appends)
    assert len(office.shell.ran) <= 1
    assert one and one.outcome, "every approved action has an outcome in the end"
    assert (one.outcome.outcome is Outcome.DONE) == (len(office.shell.ran) == 1)
    assert state.undone == () and state.ignored == 0
    intents = [entry for entry in await office.ledger.entries(incident) if isinstance(entry.event, Intended)]
    assert len(intents) == 1


async def test_what_did_not_run_is_offered_by_the_next_look(office: Office) -> None:
    incident = await office.ask()
    approval = await approve(office, incident, "ann")
    office.shell.before_act = _die

    with pytest.raises(Killed):
        await office.worker().carry_on(incident)
    await office.worker().carry_on(incident)
    await office.desk().again(office.actor("dan"), incident)
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    one = state.approval(approval)
    assert one and one.status is ApprovalStatus.NOT_RUN
    again = [each.proposed.remedy for each in state.approvals if each.status is ApprovalStatus.OPEN]
    assert again == [one.proposed.remedy]


def _die() -> None:
    raise Killed


@pytest.mark.parametrize("is_written", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("dies_at", range(1, 4))
async def test_another_look_that_was_asked_for_is_made_whatever_dies(
    office: Office, dies_at: int, is_written: bool
) -> None:
    incident = await office.ask()
    dying = DyingLedger(office.ledger, dies_at=dies_at, is_written=is_written)  # type: ignore[arg-type]
    # Whoever took the question does nothing any more; this engine only remembers.
    await office.desk().again(office.actor("ann"), incident)

    with suppress(Killed):
        await office.worker(dying).carry_on(incident)  # type: ignore[arg-type]
    await office.worker().carry_on(incident)

    state = await office.state(incident)
    assert {run.started.reason for run in state.runs[1:]} == {"again"}
    assert [run.ended is not None for run in state.runs].count(True) == 2
    assert state.undone == () and state.ignored == 0


async def test_another_look_is_asked_for_once_until_it_ended(office: Office) -> None:
    incident = await office.ask()
    await office.desk().again(office.actor("ann"), incident)

    with pytest.raises(Stale, match="being looked at right now"):
        await office.desk().again(office.actor("bob"), incident)
    await office.worker().carry_on(incident)
    await office.worker().carry_on(incident)

    assert [run.started.reason for run in (await office.state(incident)).runs] == ["ask", "again"]


async def test_a_look_at_a_host_that_left_the_fleet_fails_once(office: Office) -> None:
    (incident,) = await office.desk().ask(
        office.actor("dan"), runbook="502", hosts=["web-01"], place=None, words="502 web-01"
    )
    office.host = replace(office.host, name="web-02")

    await office.worker().carry_on(incident)

    state = await office.state(incident)
    assert [run.failed.why if run.failed else "" for run in state.runs] == [
        "no host 'web-01' in the fleet; did you mean 'web-02'?"
    ]
    assert state.status is IncidentStatus.BROKEN
    assert state.undone == () and state.ignored == 0


class NoIntents:
    """A ledger that is gone whenever an intent is to be written."""

    def __init__(self, ledger: SqliteLedger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    async def append(self, incident: str, events: Sequence[Event], **rest: object) -> tuple[Entry, ...]:
        if any(isinstance(event, Intended) for event in events):
            raise LedgerUnavailable("database or disk is full")
        return await self._ledger.append(incident, events, **rest)  # type: ignore[arg-type]


async def test_without_a_committed_intent_nothing_runs(office: Office) -> None:
    incident = await office.ask()
    await approve(office, incident, "ann")

    with pytest.raises(LedgerUnavailable):
        await office.worker(NoIntents(office.ledger)).carry_on(incident)  # type: ignore[arg-type]

    assert not office.shell.ran


class LateClock:
    """The real ledger with a clock that runs ahead."""

    def __init__(self, ledger: SqliteLedger, at: datetime) -> None:
        self._ledger, self._at = ledger, at

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    async def now(self) -> datetime:
        return self._at


async def test_an_approval_that_nobody_gave_in_time_is_closed(office: Office) -> None:
    incident = await office.ask()
    approve_by = (await office.state(incident)).approvals[0].proposed.approve_by
    late = LateClock(office.ledger, approve_by + timedelta(days=365))  # type: ignore[arg-type]

    await office.worker(late).carry_on(incident)  # type: ignore[arg-type]

    closed = [e.event for e in await office.ledger.entries(incident) if isinstance(e.event, ApprovalClosed)]
    assert [one.how for one in closed] == [Closing.EXPIRED]
    with pytest.raises(Stale, match="time to approve this is over"):
        await approve(office, incident, "ann")
    assert not office.shell.ran


class Meanwhile(ReplayShell):
    """A host during whose look somebody else writes something, once."""

    def __init__(self, office: Office, event: Event) -> None:
        super().__init__("bad_release")
        self._office, self._left = office, [event]

    async def read(
        self, host: Host, commands: Sequence[Command], *, deadline_s: float
    ) -> AsyncIterator[Hello | RawOutput]:
        async for each in super().read(host, commands, deadline_s=deadline_s):
            yield each
        if self._left:
            (incident,) = await self._office.ledger.incidents()
            await self._office.ledger.append(incident, [self._left.pop()])


async def test_nothing_is_offered_on_a_look_that_another_process_ended(office: Office) -> None:
    office.shell = Meanwhile(office, RunFailed(run=1, why=INTERRUPTED))

    incident = await office.ask()

    state = await office.state(incident)
    assert [run.failed.why if run.failed else None for run in state.runs] == [INTERRUPTED, None]
    assert {one.proposed.run for one in state.approvals} == {2}


async def test_a_note_during_a_look_takes_nothing_from_it(office: Office) -> None:
    by = office.actor("ann")
    office.shell = Meanwhile(office, Noted(by=by.account, person="ann", text="deploy was at 02:40"))

    incident = await office.ask()

    state = await office.state(incident)
    assert (len(state.runs), len(state.notes), len(state.approvals)) == (1, 1, 1)
    assert state.verdict is not None


def test_an_approval_s_id_is_no_option_of_a_command_line() -> None:
    made = {new_id() for _ in range(2000)}

    assert len(made) == 2000
    assert not [one for one in made if one.startswith("-")]


async def _shown(office: Office, incident: str) -> str:
    """All outputs that the ledger keeps of an incident."""
    events = [entry.event for entry in await office.ledger.entries(incident)]
    digests = {event.evidence for event in events if isinstance(event, StepEnded) and event.evidence}
    return "\n".join([await office.ledger.evidence(digest) or "" for digest in sorted(digests)])


async def test_a_secret_of_one_look_is_hidden_in_the_next_one_and_in_no_other_incident(
    office: Office,
) -> None:
    secret = "Tr0ub" + "4dorX3kq"
    ask = partial(office.desk().ask, runbook="502", hosts=["web-01"], place=None, words="502 web-01")
    (first,) = await ask(office.actor("dan"))
    office.shell = ReplayShell("bad_release", more={"unit": f"Environment=DB_PASSWORD={secret}\n"})
    worker = office.worker()
    await worker.carry_on(first)

    office.shell.case = ReplayShell(
        "bad_release", more={"error_log": f"shop/{secret} was turned away\n"}
    ).case
    await office.desk().again(office.actor("dan"), first)
    await worker.carry_on(first)
    (second,) = await ask(office.actor("dan"))
    await worker.carry_on(second)

    assert "shop/[REDACTED:known] was turned away" in await _shown(office, first)
    assert secret not in await _shown(office, first)
    assert f"shop/{secret} was turned away" in await _shown(office, second)
