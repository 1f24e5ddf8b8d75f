"""Anchors: chain heads seen earlier, outside the database; without them a cut-off tail cannot show."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.audit.report import Kind, Trouble
from bot.errors import BadRequest

_ANCHOR = re.compile(
    r"(?P<chain>[A-Za-z0-9][A-Za-z0-9._:-]*)#(?P<seq>[1-9][0-9]{0,17})=(?P<prefix>[0-9a-f]{8,64})"
)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Somebody saw this chain with this hash (or its first digits) at this place."""

    chain: str
    seq: int
    prefix: str


def anchor(text: str) -> Anchor:
    """`INC-1#42=9f3c71aa…` as an Anchor; at least 8 hex digits, dashes between them are allowed.

    Raises BadRequest.
    """
    place, _, digits = text.strip().partition("=")
    match = _ANCHOR.fullmatch(f"{place}={digits.replace('-', '').lower()}")
    if match is None:
        raise BadRequest(f"cannot read anchor {text!r}; give INCIDENT#SEQ=HASH with at least 8 hex digits")
    return Anchor(chain=match["chain"], seq=int(match["seq"]), prefix=match["prefix"])


def against(anchors: Iterable[Anchor], hashes: Mapping[str, Mapping[int, str]]) -> tuple[Trouble, ...]:
    """The first anchor of each chain that does not fit; `hashes` is chain -> seq -> hash."""
    first: dict[str, Anchor] = {}
    for one in anchors:
        fits = hashes.get(one.chain, {}).get(one.seq, "").startswith(one.prefix)
        if not fits and (one.chain not in first or one.seq < first[one.chain].seq):
            first[one.chain] = one
    return tuple(
        Trouble(kind=Kind.ANCHOR, chain=one.chain, seq=one.seq, says=_difference(one, hashes.get(one.chain)))
        for one in first.values()
    )


def _difference(one: Anchor, chain: Mapping[int, str] | None) -> str:
    if not chain:
        return "it was seen, now the chain is gone"
    if one.seq not in chain:
        return f"it was seen, now the chain ends at #{max(chain)}"
    return f"seen as {one.prefix}, now {chain[one.seq][: len(one.prefix)]}"
