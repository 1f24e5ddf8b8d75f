"""One chain's entries against their hashes; pure. Says the first bad place of a chain."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.audit.report import Kind, Trouble
from bot.store.chain import genesis, link


class Stored(Protocol):
    """An entry as it is stored: `bot.store.ledger.Record` or a line of an export."""

    @property
    def seq(self) -> int:
        """Place in the chain."""
        ...

    @property
    def prev(self) -> str:
        """Hash before it."""
        ...

    @property
    def hash(self) -> str:
        """Its own."""
        ...

    @property
    def body(self) -> str:
        """The exact text that was hashed."""
        ...


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The parts of a body that say where it belongs."""

    chain: object
    kind: object
    at: object


def first_trouble(name: str, records: Sequence[Stored], told: Sequence[Opened | None]) -> Trouble | None:
    """The first place where the chain does not hold; None when it does.

    `told` has what each body says of itself: `opened` of each, in the same order.
    """
    previous = ""
    seen: set[str] = set()
    for seq, (record, body) in enumerate(zip(records, told, strict=True), start=1):
        previous = previous or genesis(name, _encodable(record.body))
        kind = _kind_of_trouble(name, seq, previous, record) or _kind_of_body(name, body)
        # Each body has an id of its own, so an honest one never comes twice.
        if kind is None and record.body in seen:
            kind = Kind.REPLAY
        seen.add(record.body)
        if kind is not None:
            return Trouble(kind=kind, chain=name, seq=seq)
        previous = record.hash
    return None


def _kind_of_trouble(name: str, seq: int, previous: str, record: Stored) -> Kind | None:
    if record.seq != seq:
        return Kind.SEQ
    if record.prev != previous:
        return Kind.GENESIS if seq == 1 else Kind.LINK
    if record.hash != link(previous, chain=name, seq=seq, body=_encodable(record.body)):
        return Kind.HASH
    return None


def _kind_of_body(name: str, told: Opened | None) -> Kind | None:
    if told is None:
        return Kind.BODY
    return None if told.chain == name else Kind.PLACE


def opened(body: str) -> Opened | None:
    """Where a body says it belongs; None when it is not one of ours."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict):
        return None
    return Opened(chain=told.get("chain"), kind=told.get("kind"), at=told.get("at"))


def _encodable(body: str) -> str:
    # A forged export can carry lone surrogates, which no hash of ours was ever made of.
    return body.encode("utf-8", "replace").decode()
