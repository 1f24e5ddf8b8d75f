"""`audit verify` asks the policy again: a decision that does not follow from its facts shows."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.audit import Kind, Result, verify_export
from bot.audit.decisions import replayed
from bot.errors import NotAllowed
from bot.model.event import Claimed, Entry, Intended, Proposed, Refused, Voted
from bot.model.person import Standing
from bot.model.ruling import Limit, Question, Reason, Ruling, Stage, Way
from bot.store import SqliteLedger
from bot.story import export, story_of
from tests.support.office import POLICY, Office
from tests.support.replay import ReplayShell


async def acted(folder: Path) -> tuple[tuple[Entry, ...], bytes]:
    """Entries and JSON export of an honest incident: a wrong person refused, the right one heard, done."""
    async with await SqliteLedger.open(folder / "ledger.db") as ledger:
        office = Office(ledger=ledger, shell=ReplayShell("bad_release"))
        office.policy = replace(POLICY, rules=(replace(POLICY.rules[0], budget=Limit(count=3, per_s=3600)),))
        incident = await office.ask("dan")
        approval = (await office.state(incident)).approvals[0].id
        with pytest.raises(NotAllowed):
            await office.desk().vote(office.actor("dan"), approval, is_yes=True)
        await office.desk().vote(office.actor("ann"), approval, is_yes=True)
        await office.worker().carry_on(incident)
        return await ledger.entries(incident), export(await story_of(ledger, incident), "json")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Entry, ...], bytes]:
    return asyncio.run(acted(tmp_path_factory.mktemp("honest")))


@pytest.fixture
def entries(honest: tuple[tuple[Entry, ...], bytes]) -> tuple[Entry, ...]:
    return honest[0]


def with_question(ruling: Ruling, **changed: object) -> Ruling:
    return replace(ruling, question=replace(ruling.question, **changed))


def changed(entries: tuple[Entry, ...], kind: type, change: Callable[[Ruling], Ruling]) -> tuple[Entry, ...]:
    """The chain with another decision in the first entry of this kind."""
    at = next(index for index, entry in enumerate(entries) if isinstance(entry.event, kind))
    event = entries[at].event
    forged = replace(event, ruling=change(event.ruling))  # type: ignore[type-var, union-attr, arg-type]
    return (*entries[:at], replace(entries[at], event=forged), *entries[at + 1 :])


def voter(ruling: Ruling, **other: object) -> Ruling:
    assert ruling.question.voter
    return with_question(ruling, voter=replace(ruling.question.voter, **other))


def terms(question: Question, **other: object) -> object:
    assert question.terms
    return replace(question.terms, **other)


FORGERIES: dict[str, tuple[type, Callable[[Ruling], Ruling], str]] = {
    "a no turned into a yes": (
        Intended,
        lambda one: with_question(one, ballots=()),
        "asked again the policy says 'quorum'",
    ),
    "somebody else's vote": (
        Intended,
        lambda one: with_question(
            one,
            ballots=(replace(one.question.ballots[0], person="cyn"),),
            seen=(replace(one.question.seen[0], person="cyn"),),
        ),
        "the votes it counts are not those that were given",
    ),
    "one vote more than there were": (
        Claimed,
        lambda one: with_question(
            one,
            ballots=(*one.question.ballots, replace(one.question.ballots[0], person="cyn")),
            seen=(*one.question.seen, replace(one.question.seen[0], person="cyn")),
        ),
        "the votes it counts are not those that were given",
    ),
    "a voter who was not looked up again": (
        Intended,
        lambda one: with_question(one, seen=()),
        "asked again the policy says 'identity old'",
    ),
    "a voter who had left": (
        Claimed,
        lambda one: with_question(one, seen=(replace(one.question.seen[0], groups=()),)),
        "asked again the policy says 'voter changed'",
    ),
    "a voter nobody could ask for, told of as others": (
        Intended,
        lambda one: with_question(
            one,
            seen=(
                replace(
                    one.question.seen[0], groups=("sre", "oncall"), at=one.question.at - timedelta(minutes=1)
                ),
            ),
        ),
        "more of a voter than was known",
    ),
    "the offer's decision for the claim": (
        Claimed,
        lambda one: with_question(one, stage=Stage.OFFER),
        "a decision about offer stands here",
    ),
    "a voter who was in no group": (Voted, lambda one: voter(one, groups=()), "says 'not in group'"),
    "a guest": (Voted, lambda one: voter(one, standing=Standing.GUEST), "says 'standing'"),
    "another voter": (Voted, lambda one: voter(one, person="bob"), "decided for somebody else"),
    "another requester": (Voted, lambda one: with_question(one, requester="cyn"), "the asker is 'dan'"),
    "another time": (
        Claimed,
        lambda one: with_question(one, at=one.question.at - timedelta(minutes=2)),
        "another time",
    ),
    "a longer time to approve": (
        Voted,
        lambda one: with_question(
            one, approve_by=(one.question.approve_by or one.question.at) + timedelta(days=1)
        ),
        "time to approve is not the offer's",
    ),
    "a longer time to run": (Intended, lambda one: with_question(one, run_by=None), "time to run"),
    "easier terms": (
        Intended,
        lambda one: with_question(one, terms=terms(one.question, quorum=1, budget=None)),
        "under other terms",
    ),
    "another policy": (Claimed, lambda one: with_question(one, policy="p2"), "under other terms"),
    "another host": (Proposed, lambda one: with_question(one, host="web-02"), "about something else"),
    "a card that stood for long": (
        Voted,
        lambda one: with_question(one, shown_at=one.question.at - timedelta(hours=1)),
        "did not stand in a public channel",
    ),
    "a vote that claims more": (Voted, lambda one: replace(one, way=Way.BREAK_GLASS), "it says 'allowed'"),
    "a denial that was not heard": (
        Claimed,
        lambda one: replace(with_question(one, on_target=3), is_allowed=False, reason=Reason.BUDGET),
        "done against the decision",
    ),
    "another stage": (Voted, lambda one: with_question(one, stage=one.question.stage.RUN), "asked again"),
}


def test_an_honest_incident_replays(entries: tuple[Entry, ...]) -> None:
    assert [one.event.kind for one in entries if isinstance(one.event, Refused | Voted)] == [
        "refused",
        "approval.voted",
    ]
    assert replayed(entries) == ()


def test_a_clock_that_was_set_back_makes_no_decision_wrong(entries: tuple[Entry, ...]) -> None:
    at = next(index for index, entry in enumerate(entries) if isinstance(entry.event, Voted))
    back = replace(entries[at], at=entries[at].at - timedelta(minutes=10))

    assert replayed((*entries[:at], back)) == ()


@pytest.mark.parametrize(("kind", "change", "says"), FORGERIES.values(), ids=FORGERIES.keys())
def test_a_decision_that_does_not_follow_shows(
    entries: tuple[Entry, ...], kind: type, change: Callable[[Ruling], Ruling], says: str
) -> None:
    found = replayed(changed(entries, kind, change))

    at = next(entry.seq for entry in entries if isinstance(entry.event, kind))
    assert [(one.kind, one.seq) for one in found if one.seq == at] == [(Kind.DECISION, at)]
    assert says in found[0].says


@pytest.mark.parametrize("claim", [{"is_enough": True}, {"way": Way.LONE}, {"way": Way.BREAK_GLASS}])
def test_a_vote_that_says_more_than_its_decision_shows(
    entries: tuple[Entry, ...], claim: dict[str, object]
) -> None:
    at = next(index for index, entry in enumerate(entries) if isinstance(entry.event, Voted))
    more = replace(entries[at], event=replace(entries[at].event, **claim))  # type: ignore[arg-type]

    found = replayed((*entries[:at], more))

    assert [one.says for one in found] == ["the vote claims more than was decided"]


@pytest.mark.parametrize("kind", [Voted, Intended])
def test_a_vote_or_intent_without_its_decision_shows(entries: tuple[Entry, ...], kind: type) -> None:
    at = next(index for index, entry in enumerate(entries) if isinstance(entry.event, kind))
    bare = replace(entries[at], event=replace(entries[at].event, ruling=None))  # type: ignore[type-var]

    found = replayed((*entries[:at], bare, *entries[at + 1 :]))

    assert "it stands without a decision" in [one.says for one in found]


def test_a_budget_that_counts_less_than_the_incident_itself_shows(entries: tuple[Entry, ...]) -> None:
    first = [entry for entry in entries if isinstance(entry.event, Proposed | Voted)]
    second = [replace(one, event=replace(one.event, approval="second")) for one in first]  # type: ignore[arg-type]

    found = replayed((*entries, *second))

    assert [one.says for one in found] == ["it counts fewer actions than this incident has"]


def test_an_export_with_decisions_proves_itself(honest: tuple[tuple[Entry, ...], bytes]) -> None:
    _, content = honest

    assert verify_export(content).result is Result.OK
    assert content.count(b'"reason": "allowed"') >= 4
