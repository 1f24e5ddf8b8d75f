"""Writes checkpoints: reads what grew, signs what it came to, and tells the second sink."""

from collections.abc import Callable, Sequence

from bot.audit.checkpoint import Checkpoint, digest_of, read, signed_bytes, text_of, vouched_bytes
from bot.audit.keys import SigningKey, is_signed
from bot.audit.lines import anchor_line
from bot.audit.report import Head
from bot.audit.sink import Sink
from bot.errors import LedgerUnavailable
from bot.store.codec import decode
from bot.store.statements import Record
from bot.store.system import CheckpointWritten, KeyAdded, SystemEvent
from bot.store.system_chain import Grown, SystemChain
from bot.story import Sealed


class Sealer:
    """Writes the checkpoints of one process. One call at a time."""

    def __init__(self, system: SystemChain, key: Callable[[], SigningKey | None], sink: Sink) -> None:
        #: Asked each time: the key in the file may have been rotated.
        self._key = key
        self._system, self._sink = system, sink
        self._untold: list[str] = []
        self._known = ""
        self._is_all = True
        #: Seq and hash of the newest checkpoint this process wrote.
        self.last: tuple[int, str] | None = None

    async def seal(self, also: Head | None = None) -> None:
        """Write checkpoints until they cover everything; none when nothing happened since the last.

        `also` is a place that the checkpoint shall name, whatever grew. Raises LedgerUnavailable, also
        when the sink cannot be told; the next call tells it then.
        """
        while True:
            records = await self._system.seal(_row_of, await self._maker(also))
            for record in records:
                self._note(record)
            self._tell()
            if self._is_all:
                return

    async def proof(self, place: Head) -> Sealed | None:
        """A signed checkpoint that names this place, written now where there is none; None without a key."""
        key = self._key()
        if key is None:
            return None
        found = await self._find(place, key)
        if found is None:
            await self.seal(also=place)
            found = await self._find(place, key)
        return found

    async def _find(self, place: Head, key: SigningKey) -> Sealed | None:
        # As it stands in a text that is a string in the entry's own JSON.
        words = f'[\\"{place.chain}\\",{place.seq},\\"{place.hash}\\"]'
        found = await self._system.events(kinds=(CheckpointWritten,), containing=words)
        for one in found:
            event = one.event
            if isinstance(event, CheckpointWritten) and event.key == key.id:
                return Sealed(text=event.text, public=key.public, signature=event.signature)
        return None

    async def _maker(self, also: Head | None) -> "_Maker":
        introduced: Sequence[SystemEvent] = ()
        key = self._key()
        if key is not None and key.id != self._known:
            known = await self._system.events(kinds=(KeyAdded,))
            keys = [one.event.key for one in known if isinstance(one.event, KeyAdded)]
            if key.id not in keys:
                # Whoever signed before has not vouched for it; `audit rotate-key` lets it.
                previous = keys[-1] if keys else ""
                introduced = (KeyAdded(key=key.id, public=key.public, previous=previous),)
        return _Maker(self, key, introduced, also)

    def _note(self, record: Record) -> None:
        event = decode(record.body).event
        if not isinstance(event, CheckpointWritten):
            return
        self.last, self._known = (record.seq, record.hash), event.key
        told = read(event.text)
        self._untold.append(
            anchor_line(
                at=told.at,
                n=told.n,
                total=told.total,
                place=self.last,
                checkpoint=digest_of(event.text),
                key=event.key,
            )
        )

    def _tell(self) -> None:
        while self._untold:
            self._sink.write(self._untold[0])
            del self._untold[0]

    def grown_to(self, *, is_all: bool) -> None:
        """Whether the checkpoint being made covers everything."""
        self._is_all = is_all


class _Maker:
    """Called inside the transaction; decides what is appended."""

    def __init__(
        self, sealer: Sealer, key: SigningKey | None, introduced: Sequence[SystemEvent], also: Head | None
    ) -> None:
        self._sealer, self._key, self._introduced, self._also = sealer, key, introduced, also

    def __call__(self, before: CheckpointWritten | None, grown: Grown) -> Sequence[SystemEvent]:
        self._sealer.grown_to(is_all=grown.is_all)
        if self._key is None and before is not None and before.key:
            raise LedgerUnavailable(
                "the last checkpoint is signed and this process has no key, so it writes none; "
                "set RUNBOOK_BOT_CHECKPOINT_KEY"
            )
        if not grown.news and self._also is None:
            return ()
        # Part of the entries only: the place may lie beyond them.
        text = _text(before, grown, self._also if grown.is_all else None)
        if self._key is None:
            return (CheckpointWritten(text=text),)
        signature = self._key.sign(signed_bytes(text))
        return (*self._introduced, CheckpointWritten(text=text, key=self._key.id, signature=signature))


def _text(before: CheckpointWritten | None, grown: Grown, also: Head | None) -> str:
    heads = {Head(chain=name, seq=seq, hash=digest) for name, (seq, digest) in grown.heads.items()}
    heads |= {also} if also else set()
    last = _read(before) if before else None
    return text_of(
        before.text if before else "",
        heads=heads,
        entries=grown.entries,
        row=grown.last_row,
        at=grown.at,
        total=last.total if last else 0,
        n=last.n if last else 0,
    )


def _row_of(event: CheckpointWritten) -> int:
    return _read(event).row


def _read(event: CheckpointWritten) -> Checkpoint:
    try:
        return read(event.text)
    except ValueError as error:
        raise LedgerUnavailable(f"the last checkpoint: {error}; run: runbook-bot audit verify") from error


async def rotate(system: SystemChain, old: SigningKey, new: SigningKey) -> None:
    """Note in the system chain that `old` vouches for `new`."""
    await system.append(
        KeyAdded(
            key=new.id, public=new.public, previous=old.id, signature=old.sign(vouched_bytes(new.public))
        )
    )


def is_vouched(event: KeyAdded, previous: str) -> bool:
    """Whether the key `previous` (its public half) vouches for this one."""
    return is_signed(vouched_bytes(event.public), public=previous, signature=event.signature)
