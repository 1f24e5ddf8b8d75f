"""Nine ways to change a ledger, on rows as somebody with the file and enough skill would write them."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.audit.checkpoint import read, signed_bytes, text_of
from bot.audit.keys import SigningKey
from bot.audit.report import Head
from bot.store.chain import genesis, link
from bot.store.codec import decode
from bot.store.system import SYSTEM, ChainOpened, CheckpointWritten


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of `entry`."""

    row: int
    chain: str
    seq: int
    prev: str
    hash: str
    body: str


Rows = list[Row]
#: Chain and seq -> hash.
Hashes = dict[tuple[str, int], str]
#: Rows in the order of commits, the index of the place, the stolen key -> rows afterwards.
Attack = Callable[[Rows, int, SigningKey], Rows]


def rows_of(path: Path) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        query = 'SELECT "row", chain, seq, prev, hash, body FROM entry ORDER BY "row"'
        names = ("row", "chain", "seq", "prev", "hash", "body")
        return [Row(**dict(zip(names, found, strict=True))) for found in connection.execute(query)]


def put(path: Path, rows: Rows) -> None:
    """Take the triggers off, put these rows in place of all, and put the triggers back."""
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM entry")
        connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            [(one.row, one.chain, one.seq, one.prev, one.hash, one.body) for one in rows],
        )
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()


def _changed(body: str) -> str:
    """Says it happened at another time."""
    return body.replace(json.loads(body)["at"], "2025-06-01T00:00:00.000000Z")


def edit(rows: Rows, at: int, _: SigningKey) -> Rows:
    return [replace(one, body=_changed(one.body)) if n == at else one for n, one in enumerate(rows)]


def delete(rows: Rows, at: int, _: SigningKey) -> Rows:
    return rows[:at] + rows[at + 1 :]


def _moved_up(rows: Rows, chain: str, after: int) -> Rows:
    return [replace(one, seq=one.seq + 1) if one.chain == chain and one.seq > after else one for one in rows]


def insert(rows: Rows, at: int, _: SigningKey) -> Rows:
    """An invented entry before the place, itself well linked; the later ones moved up."""
    place = rows[at]
    body = json.dumps({**json.loads(place.body), "id": "0" * 16}, separators=(",", ":"), sort_keys=True)
    previous = place.prev if place.seq > 1 else genesis(place.chain, body)
    digest = link(previous, chain=place.chain, seq=place.seq, body=body)
    new = Row(row=10**9, chain=place.chain, seq=place.seq, prev=previous, hash=digest, body=body)
    return [*_moved_up(rows, place.chain, place.seq - 1), new]


def swap(rows: Rows, at: int, _: SigningKey) -> Rows:
    """The bodies of two neighbours."""
    place = rows[at]
    mine = [one for one in rows if one.chain == place.chain]
    other = mine[place.seq % len(mine)] if len(mine) > 1 else rows[at - 1]
    bodies = {place.row: other.body, other.row: place.body}
    return [replace(one, body=bodies.get(one.row, one.body)) for one in rows]


def replay(rows: Rows, at: int, _: SigningKey) -> Rows:
    """An old body once more at the end of its chain, well linked."""
    place = rows[at]
    last = [one for one in rows if one.chain == place.chain][-1]
    digest = link(last.hash, chain=place.chain, seq=last.seq + 1, body=place.body)
    new = replace(place, row=10**9, seq=last.seq + 1, prev=last.hash, hash=digest)
    return [*rows, new]


def truncate(rows: Rows, at: int, _: SigningKey) -> Rows:
    """All that came from here on, checkpoints too: a backup put back."""
    return rows[:at]


def rewrite(rows: Rows, at: int, _: SigningKey) -> Rows:
    """Edited, every hash of every chain fits again, announcements too; checkpoints stay."""
    return _relinked(edit(rows, at, _), lambda event, _: event)


def rewrite_and_drop(rows: Rows, at: int, _: SigningKey) -> Rows:
    """The same without the checkpoints that saw what was changed."""
    kept = [one for n, one in enumerate(edit(rows, at, _)) if n <= at or not _is_checkpoint(one)]
    return _relinked(kept, lambda event, _: event)


def rewrite_and_sign(rows: Rows, at: int, key: SigningKey) -> Rows:
    """The same with all later checkpoints made anew and signed with the bot's own key."""
    text = ""

    def sign(event: CheckpointWritten, hashes: Hashes) -> CheckpointWritten:
        nonlocal text
        told = read(event.text)
        text = text_of(
            text,
            heads=[replace(one, hash=hashes[one.chain, one.seq]) for one in told.heads],
            entries=told.total,
            row=told.row,
            at=datetime.fromisoformat(told.at),
            n=told.n - 1,
        )
        return CheckpointWritten(text=text, key=key.id, signature=key.sign(signed_bytes(text)))

    return _relinked(edit(rows, at, key), sign)


def _is_checkpoint(row: Row) -> bool:
    return row.chain == SYSTEM and '"kind":"system.checkpoint"' in row.body


def _relinked(rows: Rows, sealed: Callable[[CheckpointWritten, Hashes], CheckpointWritten]) -> Rows:
    """Chains in the order of commits, with announcements that name the new beginnings."""
    heads: dict[str, Head] = {}
    hashes: Hashes = {}
    made: Rows = []
    begins: dict[str, str] = {}
    for one in rows:
        event = decode(one.body).event if one.chain == SYSTEM else None
        if isinstance(event, ChainOpened):
            one = _with_event(one, replace(event, genesis=begins[event.incident]))  # noqa: PLW2901
        elif isinstance(event, CheckpointWritten):
            one = _with_event(one, sealed(event, hashes))  # noqa: PLW2901
        last = heads.get(one.chain)
        previous = last.hash if last else genesis(one.chain, one.body)
        begins.setdefault(one.chain, previous)
        seq = last.seq + 1 if last else 1
        digest = link(previous, chain=one.chain, seq=seq, body=one.body)
        heads[one.chain] = Head(chain=one.chain, seq=seq, hash=digest)
        hashes[one.chain, seq] = digest
        made.append(replace(one, seq=seq, prev=previous, hash=digest))
    return made


def _with_event(row: Row, event: ChainOpened | CheckpointWritten) -> Row:
    told = json.loads(row.body)
    told["event"] = vars(event)
    return replace(row, body=json.dumps(told, separators=(",", ":"), sort_keys=True))


ATTACKS: dict[str, Attack] = {
    "edit": edit,
    "delete": delete,
    "insert": insert,
    "swap": swap,
    "replay": replay,
    "truncate": truncate,
    "rewrite": rewrite,
    "rewrite and drop checkpoints": rewrite_and_drop,
    "rewrite and sign with the stolen key": rewrite_and_sign,
}
