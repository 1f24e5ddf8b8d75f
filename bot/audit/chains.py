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


def first_trouble(name: str, records: Sequence[Stored]) -> Trouble | None:
    """The first place where the chain does not hold; None when it does."""
    previous = ""
    for seq, record in enumerate(records, start=1):
        previous = previous or genesis(name, _encodable(record.body))
        kind = _kind_of_trouble(name, seq, previous, record)
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
    told = opened(record.body)
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
