"""Verification of a JSON export alone, without the ledger it came from."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.audit.anchors import Anchor, against
from bot.audit.chains import first_trouble, opened
from bot.audit.checkpoint import digest_of, read, signed_bytes
from bot.audit.decisions import replayed
from bot.audit.facts import troubles
from bot.audit.keys import is_signed, key_id
from bot.audit.lines import AnchorLine, Line
from bot.audit.report import Head, Kind, Report, Trouble
from bot.errors import BotError
from bot.model.event import Entry, Event
from bot.store.chain import evidence_digest, genesis
from bot.store.codec import decode
from bot.story import Sealed, export, timeline
from bot.story.json_form import FORMAT


class _Link(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    seq: int
    hash: str
    body: str


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    digest: str
    salt: str
    text: str


class _Sealed(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    text: str
    public: str
    signature: str


class _Export(BaseModel):
    """The parts of an export that are checked; the rest must follow from them."""

    model_config = ConfigDict(strict=True)
    format: str
    incident: str
    chain: list[_Link]
    evidence: list[_Kept]
    checkpoints: list[_Sealed]


@dataclass(frozen=True, kw_only=True)
class _Record:
    seq: int
    prev: str
    hash: str
    body: str


def verify_export(
    content: bytes,
    *,
    anchors: Iterable[Anchor] = (),
    lines: Sequence[Line] = (),
    public_keys: Sequence[str] = (),
) -> Report:
    """Check chain, evidence, consent, signature, and that the readable part says what the chain says.

    Total: any bytes give a Report. Without an anchor for the incident, the second sink's lines or a
    public key an export that was made up as a whole passes; compare its head with the thread.
    """
    try:
        told = _Export.model_validate(json.loads(content))
    except (ValueError, RecursionError, ValidationError) as error:
        return Report(unreadable=f"not a JSON export of runbook-bot ({type(error).__name__})")
    if told.format != FORMAT:
        return Report(unreadable=f"export format {told.format[:60]!r}; this version reads {FORMAT!r}")
    if not told.chain:
        return Report(unreadable="the export has no chain")
    mine = [one for one in anchors if one.chain == told.incident]
    report = _report(told, content, mine)
    found, warnings = _of_checkpoints(told, lines, public_keys)
    return replace(report, troubles=(*report.troubles, *found), warnings=tuple(warnings))


def _report(told: _Export, content: bytes, anchors: list[Anchor]) -> Report:
    hashes = {told.incident: {one.seq: one.hash for one in told.chain}}
    found = [*_of_chain(told), *against(anchors, hashes)]
    if not found:
        found += _of_meaning(told, content)
    last = told.chain[-1]
    head = Head(chain=told.incident, seq=last.seq, hash=last.hash)
    return Report(troubles=tuple(found), heads=(head,), entries=len(told.chain))


def _of_checkpoints(
    told: _Export, lines: Sequence[Line], public_keys: Sequence[str]
) -> tuple[list[Trouble], list[str]]:
    """Each must be signed and name an entry of this chain; with keys given, one of them the last entry."""
    hashes = {one.seq: one.hash for one in told.chain}
    outside = {line.checkpoint for line in lines if isinstance(line, AnchorLine)}
    signed_up_to, names = 0, []
    for one in told.checkpoints:
        if not is_signed(signed_bytes(one.text), public=one.public, signature=one.signature):
            return [_unsealed(told, Kind.SIGNATURE, f"not by key {key_id(one.public)}")], []
        if outside and digest_of(one.text) not in outside:
            return [_unsealed(told, Kind.ANCHOR, "its checkpoint was not written down outside")], []
        try:
            heads = [head for head in read(one.text).heads if head.chain == told.incident]
        except ValueError as error:
            return [_unsealed(told, Kind.CHECKPOINT, str(error))], []
        if not heads or any(hashes.get(head.seq) != head.hash for head in heads if head.seq in hashes):
            return [_unsealed(told, Kind.ANCHOR, "its checkpoint names another chain")], []
        names.append(key_id(one.public))
        if one.public in public_keys:
            signed_up_to = max([signed_up_to, *(head.seq for head in heads if head.seq in hashes)])
    if public_keys and signed_up_to < told.chain[-1].seq:
        return [_unsealed(told, Kind.SIGNATURE, "no given key signed its last entry")], []
    if outside and not told.checkpoints:
        return [_unsealed(told, Kind.ANCHOR, "it has no checkpoint that could be outside")], []
    unchecked = [f"signed by key {name}; whether that is the bot's, --public-key tells" for name in names]
    return [], [] if public_keys else unchecked


def _unsealed(told: _Export, kind: Kind, says: str) -> Trouble:
    return Trouble(kind=kind, chain=told.incident, seq=told.chain[-1].seq, says=says)


def _of_chain(told: _Export) -> list[Trouble]:
    try:
        trouble = first_trouble(told.incident, _records(told), [opened(one.body) for one in told.chain])
        wrong = [
            kept.digest
            for kept in told.evidence
            if evidence_digest(bytes.fromhex(kept.salt), kept.text) != kept.digest
            or bytes.fromhex(kept.salt).hex() != kept.salt
        ]
    except ValueError as error:
        return [Trouble(kind=Kind.BODY, chain=told.incident, says=type(error).__name__)]
    found = [trouble] if trouble else []
    return found + [Trouble(kind=Kind.EVIDENCE, chain=told.incident, says=digest) for digest in wrong]


def _records(told: _Export) -> list[_Record]:
    previous = genesis(told.incident, told.chain[0].body)
    records = []
    for one in told.chain:
        records.append(_Record(seq=one.seq, prev=previous, hash=one.hash, body=one.body))
        previous = one.hash
    return records


def _of_meaning(told: _Export, content: bytes) -> list[Trouble]:
    """Consent, and the export written again from its own chain: it must be the same bytes."""
    try:
        entries = [_entry(told.incident, one) for one in told.chain]
        texts = {kept.digest: kept.text for kept in told.evidence}
        salts = {kept.digest: kept.salt for kept in told.evidence}
        sealed = tuple(Sealed(**one.model_dump()) for one in told.checkpoints)
        again = export(replace(timeline(entries, texts, salts=salts), checkpoints=sealed), "json")
    except BotError as error:
        return [Trouble(kind=Kind.BODY, chain=told.incident, says=str(error))]
    found = [*troubles(entries), *replayed(entries)]
    if again != content:
        found.append(Trouble(kind=Kind.RENDERING, chain=told.incident))
    return found


def _entry(incident: str, one: _Link) -> Entry:
    told = decode(one.body)
    if not isinstance(told.event, get_args(Event)):
        raise BotError(f"#{one.seq} is not an event of an incident")
    return Entry(incident=incident, seq=one.seq, at=told.at, event=told.event, hash=one.hash, body=one.body)
