"""Checkpoints: what all chains had come to at one moment, in one text that can be signed; pure.

    {"at":"2026-01-31T03:00:00.123000Z","heads":[["INC-1",9,"64 hex"],…],"n":42,"prev":"64 hex","row":977,
     "total":977,"v":1}

Canonical JSON (RFC 8785). `heads` has the chains that grew since checkpoint n-1, whose digest is
`prev`: so a checkpoint stands for every head of the ledger, and costs no more when the ledger is large.
`total` counts the entries of all chains up to here, `row` is the database's number of the last of them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.audit.report import Head

VERSION = 1
_SIGNED = b"runbook-bot/checkpoint/v1\0"
_VOUCHED = b"runbook-bot/checkpoint-key/v1\0"


class _Text(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    v: int = Field(ge=VERSION, le=VERSION)
    n: int = Field(ge=1)
    prev: str
    total: int = Field(ge=0)
    row: int = Field(ge=0)
    heads: list[list[str | int]]
    at: str


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A checkpoint, parsed."""

    n: int
    #: Digest of the one before; empty for the first.
    prev: str
    total: int
    row: int
    heads: tuple[Head, ...]
    at: str


def text_of(
    before: str, *, heads: Iterable[Head], entries: int, row: int, at: datetime, total: int = 0, n: int = 0
) -> str:
    """The text of the checkpoint after `before` (its text, empty for none), which had this total and n."""
    told = {
        "v": VERSION,
        "n": n + 1,
        "prev": digest_of(before) if before else "",
        "total": total + entries,
        "row": row,
        "heads": [
            [one.chain, one.seq, one.hash] for one in sorted(heads, key=lambda one: (one.chain, one.seq))
        ],
        "at": at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }
    return rfc8785.dumps(told).decode()  # type: ignore[arg-type]  # its JSON type is private


def read(text: str) -> Checkpoint:
    """The text's parts. Raises ValueError when it is none of ours."""
    try:
        told = _Text.model_validate(json.loads(text))
        heads = tuple(_head(one) for one in told.heads)
    except (RecursionError, ValidationError) as error:
        raise ValueError(f"not a checkpoint ({type(error).__name__})") from error
    return Checkpoint(n=told.n, prev=told.prev, total=told.total, row=told.row, heads=heads, at=told.at)


def _head(told: list[str | int]) -> Head:
    match told:
        case [str() as chain, int() as seq, str() as digest] if seq > 0:
            return Head(chain=chain, seq=seq, hash=digest)
    raise ValueError("not a head")


def digest_of(text: str) -> str:
    """What the next checkpoint says of this one; hex."""
    return sha256(signed_bytes(text)).hexdigest()


def signed_bytes(text: str) -> bytes:
    """What is signed of a checkpoint."""
    return _SIGNED + text.encode("utf-8", "replace")


def vouched_bytes(public: str) -> bytes:
    """What a key signs of the one that comes after it."""
    return _VOUCHED + public.encode("utf-8", "replace")
