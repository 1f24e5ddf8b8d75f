"""Verification of a whole ledger."""

from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import compress
from typing import Protocol

from bot.audit import decisions
from bot.audit.anchors import Anchor, against
from bot.audit.chains import Opened, first_trouble, opened
from bot.audit.checkpoints import Checkpoints
from bot.audit.decisions import replayed
from bot.audit.facts import KINDS, troubles
from bot.audit.lines import Line, unfit
from bot.audit.report import Head, Kind, Report, Trouble
from bot.errors import LedgerUnavailable
from bot.model.event import Entry, Event
from bot.store.codec import decode
from bot.store.statements import Record
from bot.store.system import (
    SYSTEM,
    ChainOpened,
    CheckpointWritten,
    ExportWritten,
    KeyAdded,
    RollbackAccepted,
)


class Audited(Protocol):
    """What verification needs of a ledger; SqlLedger has it."""

    def records(self, *, chain: str | None = None) -> AsyncIterator[Record]:
        """Rows as stored, chain by chain, in order."""
        ...

    async def missing_guards(self) -> tuple[str, ...]:
        """What should enforce append-only and does not."""
        ...


class _Findings:
    """What has been seen while the chains go by, one after the other."""

    def __init__(self, anchors: Iterable[Anchor], lines: Sequence[Line], public_keys: Sequence[str]) -> None:
        self.anchors = list(anchors)
        self.lines = lines
        self.checkpoints = Checkpoints(public_keys)
        self.accepted: list[RollbackAccepted] = []
        self.troubles: list[Trouble] = []
        self.warnings: list[str] = []
        self.hashes: dict[str, dict[int, str]] = {}
        self.genesis: dict[str, str] = {}
        self.announced: dict[str, str] = {}
        self.entries = 0

    def take(self, name: str, records: Sequence[Record]) -> None:
        """Check one whole chain."""
        self.entries += len(records)
        self.hashes[name] = {record.seq: record.hash for record in records}
        self.genesis[name] = records[0].prev
        told = [opened(record.body) for record in records]
        trouble = first_trouble(name, records, told)
        if trouble is not None:
            self.troubles.append(trouble)
        self._look_at_clock(name, told)
        if name == SYSTEM:
            self._read_system(records)
        elif trouble is None:
            wanted = [one is not None and one.kind in KINDS | decisions.KINDS for one in told]
            self._replay(list(compress(records, wanted)))

    def finish(self) -> Report:
        """Compare the chains with what the system chain and the anchors say."""
        self._compare_openings()
        self.checkpoints.finish()
        self.troubles += [*self.checkpoints.troubles, *against(self.anchors, self.hashes)]
        self.warnings += self.checkpoints.warnings
        self._compare_lines()
        heads = (Head(chain=name, seq=max(seqs), hash=seqs[max(seqs)]) for name, seqs in self.hashes.items())
        return Report(
            troubles=tuple(self.troubles),
            warnings=tuple(self.warnings),
            heads=tuple(heads),
            entries=self.entries,
        )

    def _replay(self, records: Sequence[Record]) -> None:
        entries = []
        for record in records:
            try:
                entries.append(_entry(record))
            except LedgerUnavailable as error:
                self.troubles.append(_unread(record, error))
                return
        self.troubles += [*troubles(entries), *replayed(entries)]

    def _read_system(self, records: Sequence[Record]) -> None:
        for record in records:
            try:
                event = decode(record.body).event
            except LedgerUnavailable as error:
                self.troubles.append(_unread(record, error))
                continue
            match event:
                case ChainOpened():
                    self.announced[event.incident] = event.genesis
                case ExportWritten():
                    seq, _, digest = event.head.partition(":")
                    if seq.isdecimal():
                        self.anchors.append(Anchor(chain=event.incident, seq=int(seq), prefix=digest))
                case KeyAdded():
                    self.checkpoints.take_key(record.seq, event)
                case CheckpointWritten():
                    self.checkpoints.take(record.seq, event)
                case RollbackAccepted():
                    self.accepted.append(event)
        self.anchors += self.checkpoints.anchors

    def _compare_lines(self) -> None:
        """The second sink against the system chain."""
        bare, excused = unfit(self.lines, self.hashes.get(SYSTEM, {}), self.accepted)
        if bare:
            says = f"written down outside at {bare[0].at}, {len(bare)} line(s) like it"
            self.troubles.append(Trouble(kind=Kind.ANCHOR, chain=SYSTEM, seq=bare[0].seq, says=says))
        if excused:
            people = ", ".join(sorted({one.person for one in self.accepted}))
            self.warnings.append(
                f"{SYSTEM}#{excused[0].seq}: the ledger went back, {len(excused)} checkpoint(s) are lost; "
                f"accepted by {people}"
            )

    def _compare_openings(self) -> None:
        for name, genesis in self.announced.items():
            if name not in self.genesis:
                self.troubles.append(Trouble(kind=Kind.MISSING_CHAIN, chain=name))
            elif self.genesis[name] != genesis:
                self.troubles.append(Trouble(kind=Kind.GENESIS, chain=name, seq=1))
        for name in self.genesis:
            if name != SYSTEM and name not in self.announced:
                self.troubles.append(Trouble(kind=Kind.UNANNOUNCED_CHAIN, chain=name, seq=1))

    def _look_at_clock(self, name: str, told: Sequence[Opened | None]) -> None:
        before = ""
        for seq, body in enumerate(told, start=1):
            at = body.at if body and isinstance(body.at, str) else before
            # All times are written alike, so their text orders as they do.
            if at < before:
                self.warnings.append(f"{name}#{seq}: the clock went back from {before} to {at}")
                return
            before = at


async def verify_ledger(
    ledger: Audited,
    *,
    anchors: Iterable[Anchor] = (),
    incident: str | None = None,
    lines: Sequence[Line] = (),
    public_keys: Sequence[str] = (),
) -> Report:
    """Check every chain (or one incident and the system chain) from its first entry to its last.

    `lines` is what the second sink has, `public_keys` all keys that checkpoints may be signed with (hex;
    none: any that the ledger introduces). Without anchors from outside, a cut-off tail cannot show.
    """
    wanted = (None, SYSTEM, incident)
    findings = _Findings(
        (one for one in anchors if incident is None or one.chain in wanted), lines, public_keys
    )
    try:
        missing = await ledger.missing_guards()
        findings.troubles += [Trouble(kind=Kind.GUARD, says=name) for name in missing]
        for name in (None,) if incident is None else (SYSTEM, incident):
            await _take_all(findings, ledger.records(chain=name))
    except LedgerUnavailable as error:
        return Report(unreadable=str(error), troubles=tuple(findings.troubles))
    if incident is not None:
        findings.announced = {name: one for name, one in findings.announced.items() if name == incident}
        findings.anchors = [one for one in findings.anchors if one.chain in wanted]
    return findings.finish()


async def _take_all(findings: _Findings, records: AsyncIterator[Record]) -> None:
    chain: list[Record] = []
    async for record in records:
        if chain and chain[-1].chain != record.chain:
            findings.take(chain[0].chain, chain)
            chain = []
        chain.append(record)
    if chain:
        findings.take(chain[0].chain, chain)


def _unread(record: Record, error: LedgerUnavailable) -> Trouble:
    return Trouble(kind=Kind.BODY, chain=record.chain, seq=record.seq, says=str(error))


def _entry(record: Record) -> Entry:
    told = decode(record.body)
    # KINDS has only events of incidents.
    event: Event = told.event  # type: ignore[assignment]
    return Entry(incident=record.chain, seq=record.seq, at=told.at, event=event, hash=record.hash)
