"""Tampering shows, honest ledgers pass, and no input makes verification fall over."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audit import Kind, Report, Result, anchor, verify_export, verify_ledger
from bot.errors import BadRequest
from bot.model.event import Event, Exported, Noted, Outcome
from bot.model.person import Actor, Standing
from bot.store import SqliteLedger
from bot.store.statements import Record
from bot.store.system import SYSTEM
from bot.story import export, export_incident, timeline
from tests.support.incidents import (
    MEI,
    OLU,
    T0,
    action_ended,
    broken,
    chained,
    claimed,
    intended,
    opened,
    proposed,
    ran,
    voted,
    whole_incident,
)
from tests.support.records import RecordedLedger, edited, linked, recorded
from tests.support.spent import cpu_s

ENTRIES = chained(whole_incident())
OTHER = chained([opened("web-02"), *ran(1, broken())], incident="INC-2")
HONEST = recorded(ENTRIES, OTHER)
ROWS = [row for row in HONEST.rows if row.chain == "INC-1"]
REST = [row for row in HONEST.rows if row.chain != "INC-1"]
ANCHOR = anchor(f"INC-1#{len(ROWS)}={ROWS[-1].hash[:16]}")
UP_TO_INTENT = (opened(), *ran(1, broken()), proposed(), voted(), claimed(), intended())


def without(rows: list[Record], at: int) -> list[Record]:
    return rows[:at] + rows[at + 1 :]


def swapped(rows: list[Record], at: int) -> list[Record]:
    first, second = rows[at], rows[(at + 1) % len(rows)]
    bodies = {first.seq: second.body, second.seq: first.body}
    return [replace(row, body=bodies.get(row.seq, row.body)) for row in rows]


def rebuilt(rows: list[Record], at: int) -> list[Record]:
    """Edited, and every hash after it made to fit again."""
    changed = [edited(row) if index == at else row for index, row in enumerate(rows)]
    return linked("INC-1", [row.body for row in changed])


def replayed(rows: list[Record], at: int) -> list[Record]:
    """An old body appended again, correctly linked."""
    return linked("INC-1", [*(row.body for row in rows), rows[at].body])


def squeezed_in(rows: list[Record], at: int) -> list[Record]:
    shifted = [replace(row, seq=row.seq + 1) if row.seq > at else row for row in rows]
    return [*shifted, replace(rows[at], seq=at + 1)]


def moved_in(rows: list[Record], at: int) -> list[Record]:
    """The body of an entry of another incident in place of one of this."""
    foreign = REST[0].body
    return linked("INC-1", [foreign if index == at else row.body for index, row in enumerate(rows)])


ATTACKS: dict[str, Callable[[list[Record], int], list[Record]]] = {
    "edit": lambda rows, at: [edited(row) if index == at else row for index, row in enumerate(rows)],
    "edit hash too": lambda rows, at: [
        replace(row, hash="0" * 64) if index == at else row for index, row in enumerate(rows)
    ],
    "delete": without,
    "swap": swapped,
    "squeeze in": squeezed_in,
    "replay": replayed,
    "move in": moved_in,
    "truncate": lambda rows, at: rows[:at],
    "rewrite all after": rebuilt,
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("at", range(len(ROWS)))
async def test_every_kind_of_tampering_shows_at_every_place(attack: str, at: int) -> None:
    tampered = RecordedLedger(rows=(*REST, *ATTACKS[attack](ROWS, at)))

    report = await verify_ledger(tampered, anchors=[ANCHOR])

    assert report.result is Result.TAMPERED
    assert {trouble.chain for trouble in report.troubles} == {"INC-1"}


async def test_an_entry_of_another_incident_shows_without_an_anchor() -> None:
    report = await verify_ledger(RecordedLedger(rows=(*REST, *moved_in(ROWS, len(ROWS) - 1))))

    assert [(one.kind, one.seq) for one in report.troubles] == [(Kind.PLACE, len(ROWS))]


async def test_without_an_anchor_a_cut_off_tail_cannot_show() -> None:
    cut = RecordedLedger(rows=(*REST, *ROWS[:5]))

    assert (await verify_ledger(cut)).result is Result.OK
    report = await verify_ledger(cut, anchors=[ANCHOR])
    assert str(report.troubles[0]) == (
        f"INC-1#{len(ROWS)}: the chain is not the one that was seen before "
        "(it was seen, now the chain ends at #5)"
    )


@pytest.mark.parametrize("at", [0, 4, len(ROWS) - 2])
async def test_names_the_first_bad_place_of_an_edit(at: int) -> None:
    report = await verify_ledger(RecordedLedger(rows=(*REST, *ATTACKS["edit"](ROWS, at))))

    # The first entry also is what the chain's genesis was made of.
    kind = Kind.GENESIS if at == 0 else Kind.HASH
    assert [(one.chain, one.seq, one.kind) for one in report.troubles] == [("INC-1", at + 1, kind)]


async def test_an_incident_that_is_gone_as_a_whole_is_named() -> None:
    report = await verify_ledger(RecordedLedger(rows=tuple(REST)))

    assert [(one.kind, one.chain) for one in report.troubles] == [(Kind.MISSING_CHAIN, "INC-1")]
    assert report.result is Result.TAMPERED


async def test_an_incident_that_was_never_opened_is_named() -> None:
    invented = linked("INC-9", [row.body for row in linked("x", [one.body for one in OTHER])])

    report = await verify_ledger(RecordedLedger(rows=(*HONEST.rows, *invented)))

    assert (Kind.UNANNOUNCED_CHAIN, "INC-9") in {(one.kind, one.chain) for one in report.troubles}


async def test_an_honest_ledger_passes_and_tells_its_heads() -> None:
    report = await verify_ledger(HONEST, anchors=[ANCHOR])

    assert report.result is Result.OK
    assert report.result.exit_status == 0
    assert report.entries == len(HONEST.rows)
    assert {(head.chain, head.seq) for head in report.heads} == {("INC-1", 14), ("INC-2", 4), (SYSTEM, 2)}


async def test_one_incident_is_verified_alone() -> None:
    bad_other = [edited(row) if row.chain == "INC-2" else row for row in HONEST.rows]

    report = await verify_ledger(RecordedLedger(rows=tuple(bad_other)), incident="INC-1")
    gone = await verify_ledger(RecordedLedger(rows=tuple(REST)), incident="INC-1")

    assert report.result is Result.OK
    assert [one.kind for one in gone.troubles] == [Kind.MISSING_CHAIN]


PROPOSED = UP_TO_INTENT[:5]


@pytest.mark.parametrize(
    ("events", "kind", "result"),
    [
        (UP_TO_INTENT, Kind.NO_OUTCOME, Result.INCOMPLETE),
        ((*PROPOSED, claimed(), intended()), Kind.UNAPPROVED, Result.TAMPERED),
        # olu is who asked.
        ((*PROPOSED, voted("olu"), claimed()), Kind.UNAPPROVED, Result.TAMPERED),
        ((*PROPOSED[:4], proposed(quorum=2), voted(), claimed()), Kind.UNAPPROVED, Result.TAMPERED),
        ((*PROPOSED, voted(is_yes=False), voted(), claimed()), Kind.UNAPPROVED, Result.TAMPERED),
        ((*PROPOSED, voted(digest="0"), claimed()), Kind.UNAPPROVED, Result.TAMPERED),
        ((*PROPOSED, voted(), intended()), Kind.UNAPPROVED, Result.TAMPERED),
        ((*UP_TO_INTENT, claimed(nonce="f" * 32)), Kind.UNAPPROVED, Result.TAMPERED),
        ((*UP_TO_INTENT, intended(nonce="f" * 32)), Kind.UNAPPROVED, Result.TAMPERED),
        ((*UP_TO_INTENT[:7], action_ended()), Kind.UNPAIRED, Result.TAMPERED),
        ((*UP_TO_INTENT[:7], replace(intended(), target="sshd")), Kind.MISMATCH, Result.TAMPERED),
        ((*UP_TO_INTENT[:7], replace(intended(), commands=(("rm",),))), Kind.MISMATCH, Result.TAMPERED),
    ],
)
async def test_nothing_acts_without_consent_unnoticed(
    events: tuple[Event, ...], kind: Kind, result: Result
) -> None:
    report = await verify_ledger(recorded(chained(events)))

    assert kind in {one.kind for one in report.troubles}
    assert report.result is result


@pytest.mark.parametrize(("after_s", "kinds"), [(149, []), (151, [Kind.CLOCK])])
async def test_a_claim_long_after_its_time_is_noticed(after_s: int, kinds: list[Kind]) -> None:
    vote_at = T0 + timedelta(seconds=5)
    late = chained((claimed(), intended(), action_ended()), at=vote_at + timedelta(seconds=after_s))

    report = await verify_ledger(recorded((*chained((*PROPOSED, voted())), *late)))

    assert [one.kind for one in report.troubles] == kinds


async def test_an_unknown_outcome_is_an_outcome() -> None:
    entries = chained((*UP_TO_INTENT, action_ended(Outcome.UNKNOWN)))

    assert (await verify_ledger(recorded(entries))).result is Result.OK


async def test_a_clock_that_was_set_back_is_a_warning_not_an_accusation() -> None:
    entries = list(chained([opened(), Noted(by=MEI, person="mei", text="x")]))
    later = chained([opened()], at=T0 + timedelta(hours=1))

    report = await verify_ledger(recorded([later[0], entries[1]]))

    assert report.result is Result.OK
    assert "INC-1#2: the clock went back" in report.warnings[0]


async def test_missing_guards_are_named() -> None:
    report = await verify_ledger(replace(HONEST, missing=("trigger entry_never_goes",)))

    assert [str(one) for one in report.troubles] == [
        "ledger: the database no longer enforces append-only (trigger entry_never_goes)"
    ]


async def test_a_body_that_cannot_be_read_is_unreadable() -> None:
    rows = linked("INC-1", ['{"chain":"INC-1","kind":"note"}', "no json"])

    report = await verify_ledger(RecordedLedger(rows=tuple(rows)))

    assert Kind.BODY in {one.kind for one in report.troubles}


async def tamper(path: Path, *statements: str) -> Report:
    """Somebody with the file: drops the triggers, does it, and puts them back."""
    connection = sqlite3.connect(path)
    guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert connection.execute(statement).rowcount != 0
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()
    async with await SqliteLedger.open(path) as ledger:
        return await verify_ledger(ledger)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    file = tmp_path / "ledger.db"
    async with await SqliteLedger.open(file) as ledger:
        now = await ledger.now()
        events = (opened(), *ran(1, broken()), proposed(at=now), voted(), claimed(), intended())
        await ledger.append("INC-1", [*events, action_ended()])
        assert (await verify_ledger(ledger)).result is Result.OK
    return file


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE entry SET body = replace(body, 'mei', 'sam') WHERE chain = 'INC-1' AND seq = 6", "INC-1#6"),
        ("DELETE FROM entry WHERE chain = 'INC-1' AND seq = 6", "INC-1#6"),
        ("DELETE FROM entry WHERE chain = 'INC-1'", "INC-1: the whole chain is gone"),
        ("DELETE FROM entry WHERE chain = 'system'", "INC-1#1: the chain was never opened"),
        ("UPDATE entry SET seq = 60 WHERE chain = 'INC-1' AND seq = 9", "INC-1#9"),
    ],
)
async def test_whoever_has_the_file_is_found_out(path: Path, statement: str, place: str) -> None:
    report = await tamper(path, statement)

    assert report.result is Result.TAMPERED
    assert str(report.troubles[0]).startswith(place)


async def test_a_long_verification_lets_others_append_and_sees_one_moment(tmp_path: Path) -> None:
    note = Noted(by=MEI, person="mei", text="x")
    async with await SqliteLedger.open(tmp_path / "ledger.db") as ledger:
        await ledger.append("INC-1", [opened(), *[note] * 4500])
        rows = ledger.records()
        seen = [await anext(rows)]

        await ledger.append("INC-1", [note], after_seq=4501)
        # Its announcement stands at the end of a chain that has not been read yet.
        await ledger.append("INC-0", [opened()])

        seen += [row async for row in rows]
        assert [(row.chain, row.seq) for row in seen[-2:]] == [("INC-1", 4501), (SYSTEM, 1)]
        assert (await verify_ledger(RecordedLedger(rows=tuple(seen)))).result is Result.OK


async def test_a_trigger_that_was_weakened_is_named(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER entry_never_goes")
        connection.execute("CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry BEGIN SELECT 1; END")
    connection.close()

    async with await SqliteLedger.open(path) as ledger:
        report = await verify_ledger(ledger)

    assert [one.says for one in report.troubles] == ["trigger entry_never_goes"]


async def test_an_export_anchors_the_chain_in_the_system_chain(path: Path) -> None:
    async with await SqliteLedger.open(path) as ledger:
        actor = Actor(account=OLU, standing=Standing.MEMBER, person="olu")
        await export_incident(ledger, actor, "INC-1", "md")

    report = await tamper(path, "DELETE FROM entry WHERE chain = 'INC-1' AND seq > 7")

    assert [one.kind for one in report.troubles if one.seq == 9] == [Kind.ANCHOR]


def test_a_hundred_thousand_entries_are_hashed_in_seconds() -> None:
    # A twentieth of them here; the time of a whole one is proportional.
    note = Noted(by=MEI, person="mei", text="x" * 200)
    big = recorded(chained([opened(), *[note] * 5000]))
    reports: list[Report] = []

    spent_s = cpu_s(lambda: reports.append(asyncio.run(verify_ledger(big))))

    assert {report.result for report in reports} == {Result.OK}
    assert spent_s < 5 / 20 * 4, "more than four times the bar of 5 s for 100,000"


EXPORT = export(timeline(ENTRIES, {}), "json")


def test_an_honest_export_passes_with_and_without_its_anchor() -> None:
    assert verify_export(EXPORT).result is Result.OK
    assert verify_export(EXPORT, anchors=[ANCHOR]).result is Result.OK


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"person": "mei"', '"person": "sam"'),
        ('"says": "restarted"', '"says": "rebooted"'),
        ('"status": "done"', '"status": "acting"'),
        ("sudo", "Sudo"),
        ('"seq": 14', '"seq": 15'),
        ("\n}\n", '\n,"more":1}\n'),
        (" ", "  "),
    ],
)
def test_an_export_with_any_part_changed_is_found_out(old: str, new: str) -> None:
    changed = EXPORT.decode().replace(old, new, 1)
    assert changed.encode() != EXPORT

    assert verify_export(changed.encode()).result is not Result.OK


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(EXPORT) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_no_mutated_export_passes_or_crashes(at: int, inserted: bytes, removed: int) -> None:
    mutated = EXPORT[:at] + inserted + EXPORT[at + removed :]

    report = verify_export(mutated)

    assert (report.result is Result.OK) == (mutated == EXPORT)


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["chain", "evidence", "incident", "format", "head", "timeline"]),
)
def test_no_value_in_any_part_of_an_export_crashes_it(value: object, key: str) -> None:
    told = json.loads(EXPORT)
    told[key] = value

    assert verify_export(json.dumps(told).encode()).result is not Result.OK


@pytest.mark.parametrize("field", ["seq", "hash", "body"])
@pytest.mark.parametrize("value", [None, -1, 2**70, "", "\ud800", "zz", [], {}], ids=repr)
def test_no_odd_link_crashes_it(field: str, value: object) -> None:
    told = json.loads(EXPORT)
    told["chain"][3][field] = value

    assert verify_export(json.dumps(told).encode()).result is not Result.OK


def test_an_export_cut_short_shows_against_an_anchor() -> None:
    shorter = export(timeline(ENTRIES[:8], {}), "json")

    assert verify_export(shorter).result is Result.OK
    assert verify_export(shorter, anchors=[ANCHOR]).result is Result.TAMPERED


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[1]", b'{"format": "x"}', b"[" * 100_000])
def test_what_is_no_export_is_unreadable(content: bytes) -> None:
    report = verify_export(content)

    assert report.result is Result.UNREADABLE
    assert report.result.exit_status == 3


async def test_evidence_in_an_export_is_proved_by_its_salt(path: Path) -> None:
    async with await SqliteLedger.open(path) as ledger:
        digest = await ledger.keep("only in the text")
        await ledger.append("INC-3", [opened(), *ran(1, broken(), evidence=digest)])
        actor = Actor(account=OLU, standing=Standing.MEMBER, person="olu")
        file = await export_incident(ledger, actor, "INC-3", "json")

    forged = file.content.replace(b"only in the text", b"only in the test")
    assert file.content.count(b"only in the text") == 1
    assert verify_export(file.content).result is Result.OK
    assert [one.kind for one in verify_export(forged).troubles] == [Kind.EVIDENCE]


@pytest.mark.parametrize(
    "text", ["", "INC-1", "INC-1#0=abcdef12", "INC-1#1=abc", "INC-1#x=abcdef12", "#1=abcdef12"]
)
def test_an_anchor_that_cannot_be_read_says_how_to_write_it(text: str) -> None:
    with pytest.raises(BadRequest, match="give INCIDENT#SEQ=HASH"):
        anchor(text)


def test_an_anchor_may_be_grouped_by_dashes() -> None:
    assert anchor(" INC-1#42=9F3C-71aa ").prefix == "9f3c71aa"


async def test_an_honest_run_of_any_shape_raises_no_alarm() -> None:
    exported = Exported(by=OLU, person="olu", form="md", sha256="0", head="1:0")
    runs = [whole_incident()[:n] for n in range(1, 15)] + [(*whole_incident(), exported)]

    reports = [await verify_ledger(recorded(chained(events))) for events in runs]

    assert {report.result for report in reports} <= {Result.OK, Result.INCOMPLETE}
    incomplete = [n for n, report in enumerate(reports, start=1) if report.result is Result.INCOMPLETE]
    assert incomplete == [9]
