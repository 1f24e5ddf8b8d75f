"""A rule that wants signatures: from the sentence with the command to the action, over a real ledger."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.audit import Kind, Result, verify_export, verify_ledger
from bot.audit.decisions import replayed
from bot.errors import NotAllowed
from bot.model.approval import ApprovalStatus
from bot.model.event import Proposed, Refused, Voted
from bot.model.ruling import Reason, Way
from bot.model.signed import sign_command, text_to_sign
from bot.policy import BreakGlass, Lone, Policy
from bot.story import export, story_of
from tests.support.office import POLICY, Office, office_in
from tests.support.signing import by_command, key, public, signature

WHY = "checkout is down, bob does not answer"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    return {name: key(folder, name) for name in ("ann", "bob", "dan", "eve")}


def policy(folder: Path, keys: dict[str, Path], **changed: object) -> Policy:
    """Ann, bob and dan can sign; eve's key is nobody's."""
    path = folder / "allowed_signers"
    path.write_text("".join(f"{name}@example.org {public(keys[name])}\n" for name in ("ann", "bob", "dan")))
    people = {
        name: replace(person, signers=frozenset({f"{name}@example.org"} if name != "cyn" else ()))
        for name, person in POLICY.people.items()
    }
    rule = replace(POLICY.rules[0], is_signed=True, **changed)  # type: ignore[arg-type]
    return replace(POLICY, people=people, rules=(rule,), allowed_signers=str(path), digest="signed")


@pytest.fixture
async def office(
    tmp_path: Path, keys: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    async with office_in(tmp_path, monkeypatch, policy=policy(tmp_path, keys)) as office:
        yield office


async def card(office: Office) -> Proposed:
    incident = await office.ask()
    return (await office.state(incident)).approvals[0].proposed


async def vote(
    office: Office, login: str, offer: Proposed, signed: str = "", *, glass: str = "", is_yes: bool = True
) -> str:
    return await office.desk().vote(
        office.actor(login), offer.approval, is_yes=is_yes, signature=signed, break_glass=glass
    )


async def refused(office: Office, login: str, offer: Proposed, signed: str, *, glass: str = "") -> Refused:
    with pytest.raises(NotAllowed) as caught:
        await vote(office, login, offer, signed, glass=glass)
    incident = await office.ledger.incident_of(offer.approval) or ""
    last = (await office.state(incident)).refusals[-1].event
    assert last.why == str(caught.value)[:500]
    return last


async def test_the_command_that_is_shown_makes_the_signature_that_counts(
    office: Office, keys: dict[str, Path]
) -> None:
    offer = await card(office)
    with pytest.raises(NotAllowed) as told:
        await vote(office, "bob", offer)
    (command,) = re.findall(r"where your key is: (.*) and paste", str(told.value))

    incident = await vote(office, "bob", offer, by_command(command, keys["bob"]))
    await office.worker().carry_on(incident)

    one = (await office.state(incident)).approvals[0]
    assert command == sign_command(offer)
    assert one.status is ApprovalStatus.DONE
    voted = one.votes[0].event
    assert voted.ruling and voted.ruling.question.voter
    assert voted.ruling.question.voter.signer == "bob@example.org"
    assert voted.signature.startswith("-----BEGIN SSH SIGNATURE-----")
    assert (await verify_ledger(office.ledger)).result is Result.OK  # type: ignore[arg-type]


async def test_an_unsigned_yes_is_refused_with_the_rule_the_command_and_the_way(office: Office) -> None:
    offer = await card(office)

    event = await refused(office, "bob", offer, "")

    assert event.ruling and event.ruling.reason is Reason.STEP_UP
    assert "rule 'mend'" in event.why
    assert text_to_sign(offer) in event.why
    assert f"runbook-bot approve {offer.approval} --signature" in event.why
    assert not office.shell.ran


#: Who signs what, as which voter, and what is said of it.
BAD = {
    "a key that is nobody's": ("eve", "approve", "runbook-bot-approve", "not now, one of bob@example.org"),
    "a colleague's key": ("ann", "approve", "runbook-bot-approve", "not now, one of bob@example.org"),
    "the requester's key": ("dan", "approve", "runbook-bot-approve", "not now, one of bob@example.org"),
    "another namespace": ("bob", "approve", "file", "signed for 'file'"),
    "a broken glass": ("bob", "break-glass", "runbook-bot-approve", "not over this approval"),
}


@pytest.mark.parametrize(("signer", "verb", "namespace", "says"), BAD.values(), ids=BAD.keys())
async def test_a_signature_that_does_not_hold_is_refused_and_says_why(
    office: Office, keys: dict[str, Path], signer: str, verb: str, namespace: str, says: str
) -> None:
    offer = await card(office)
    text = text_to_sign(offer).replace("approve", verb, 1)

    event = await refused(office, "bob", offer, signature(keys[signer], text, namespace=namespace))

    assert event.ruling and event.ruling.reason is Reason.STEP_UP
    assert says in event.why
    assert not office.shell.ran


async def test_the_signature_for_one_approval_is_none_for_the_next(
    office: Office, keys: dict[str, Path]
) -> None:
    old, new = await card(office), await card(office)

    event = await refused(office, "bob", new, signature(keys["bob"], text_to_sign(old)))

    assert "not over this approval" in event.why


async def test_who_asked_cannot_approve_with_a_signature_either(
    office: Office, keys: dict[str, Path]
) -> None:
    offer = await card(office)

    event = await refused(office, "dan", offer, signature(keys["dan"], text_to_sign(offer)))

    assert event.ruling and event.ruling.reason is Reason.REQUESTER


async def test_an_approver_without_signers_is_told_who_adds_them(
    office: Office, keys: dict[str, Path]
) -> None:
    offer = await card(office)

    event = await refused(office, "cyn", offer, signature(keys["bob"], text_to_sign(offer)))

    assert "names no signers for you" in event.why


async def test_a_no_needs_no_signature(office: Office) -> None:
    offer = await card(office)

    incident = await vote(office, "bob", offer, is_yes=False)

    assert (await office.state(incident)).approvals[0].status is ApprovalStatus.REJECTED


async def test_broken_glass_and_lone_on_call_are_signed_as_well(
    office: Office, tmp_path: Path, keys: dict[str, Path]
) -> None:
    lone = policy(tmp_path, keys, lone=Lone(groups=("sre",), after_s=0.0))
    office.policy = replace(lone, break_glass=BreakGlass(groups=("sre",)))
    offer = await card(office)

    event = await refused(office, "ann", offer, "", glass=WHY)
    ordinary = await refused(office, "ann", offer, signature(keys["ann"], text_to_sign(offer)), glass=WHY)
    signed = signature(keys["ann"], text_to_sign(offer, is_glass=True))
    incident = await vote(office, "ann", offer, signed, glass=WHY)

    assert event.ruling and event.ruling.reason is Reason.STEP_UP
    assert "break-glass " in event.why
    assert "not over this approval" in ordinary.why
    assert (await office.state(incident)).approvals[0].way is Way.BREAK_GLASS
    assert (await verify_ledger(office.ledger)).result is Result.OK  # type: ignore[arg-type]


async def test_where_no_signature_is_wanted_none_is_kept(office: Office, keys: dict[str, Path]) -> None:
    office.policy = POLICY
    offer = await card(office)

    incident = await vote(office, "bob", offer, "-----BEGIN SSH SIGNATURE----- rubbish")

    assert (await office.state(incident)).approvals[0].votes[0].event.signature == ""


@pytest.mark.parametrize("forged", ["", "another approval's"])
async def test_a_forged_vote_shows_in_the_ledger_and_in_an_export(
    office: Office, keys: dict[str, Path], forged: str
) -> None:
    offer = await card(office)
    incident = await vote(office, "bob", offer, signature(keys["bob"], text_to_sign(offer)))
    entries = await office.ledger.entries(incident)
    other = signature(keys["bob"], f"approve other {'0' * 64}") if forged else ""

    changed = tuple(
        replace(one, event=replace(one.event, signature=other)) if isinstance(one.event, Voted) else one
        for one in entries
    )

    assert replayed(entries) == ()
    assert [(one.kind, one.says) for one in replayed(changed)] == [
        (Kind.DECISION, "its signature is not over this approval")
    ]
    content = export(await story_of(office.ledger, incident), "json")
    assert verify_export(content).result is Result.OK
    assert b"signature of bob@example.org" in content
