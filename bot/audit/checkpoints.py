"""The checkpoints in a system chain: whether each follows from the one before, and who signed it; pure."""

from collections.abc import Collection

from bot.audit.anchors import Anchor
from bot.audit.checkpoint import Checkpoint, digest_of, read, signed_bytes
from bot.audit.keys import is_signed, key_id
from bot.audit.report import Kind, Trouble
from bot.audit.sealing import is_vouched
from bot.store.system import SYSTEM, CheckpointWritten, KeyAdded


class Checkpoints:
    """Takes the system chain's keys and checkpoints in order."""

    def __init__(self, trusted: Collection[str]) -> None:
        #: Ids of the keys that were given, and of those they vouch for.
        self._trusted = {key_id(public) for public in trusted}
        self._is_strict = bool(trusted)
        self._publics: dict[str, str] = {}
        self._newest_key = ""
        self._text = ""
        self._last: Checkpoint | None = None
        self._tops: dict[str, int] = {}
        self._is_signed = False
        self.troubles: list[Trouble] = []
        self.warnings: list[str] = []
        #: Every head a checkpoint names.
        self.anchors: list[Anchor] = []

    def take_key(self, seq: int, event: KeyAdded) -> None:
        """A key is introduced."""
        if event.key != key_id(event.public):
            self._bad(Kind.SIGNATURE, seq, f"key {event.key[:16]!r} is not what its public half says")
            return
        before = self._publics.get(event.previous)
        is_heir = before is not None and is_vouched(event, before)
        if event.signature and not is_heir:
            self._bad(Kind.SIGNATURE, seq, f"key {event.previous[:16]!r} does not vouch for {event.key}")
            return
        if is_heir and event.previous in self._trusted:
            self._trusted.add(event.key)
        elif event.previous and not event.signature:
            self.warnings.append(f"{SYSTEM}#{seq}: key {event.key} came without the word of the one before")
        self._publics[event.key] = event.public
        self._newest_key = event.key

    def take(self, seq: int, event: CheckpointWritten) -> None:
        """A checkpoint; its heads become anchors when it holds."""
        try:
            told = read(event.text)
        except ValueError as error:
            self._bad(Kind.CHECKPOINT, seq, str(error))
            return
        why = self._why_not_next(told)
        if why is not None:
            self._bad(Kind.CHECKPOINT, seq, why)
        why = self._why_not_signed(seq, event)
        if why is not None:
            self._bad(Kind.SIGNATURE, seq, why)
        self._text, self._last = event.text, told
        self.anchors += [Anchor(chain=one.chain, seq=one.seq, prefix=one.hash) for one in told.heads]

    def finish(self) -> None:
        """What can only be said at the end."""
        if self._is_strict and not self._is_signed:
            self._bad(Kind.SIGNATURE, None, "no checkpoint is signed by a given key")
        elif self._last is None:
            self.warnings.append("there is no checkpoint; a tail that was cut off shows by anchors only")
        elif not self._is_signed:
            self.warnings.append("the checkpoints are not signed; set RUNBOOK_BOT_CHECKPOINT_KEY")

    def _why_not_next(self, told: Checkpoint) -> str | None:
        last = self._last
        expected = (last.n + 1, digest_of(self._text)) if last else (1, "")
        for head in told.heads:
            self._tops[head.chain] = max(head.seq, self._tops.get(head.chain, 0))
        if (told.n, told.prev) != expected:
            return f"number {told.n} does not follow number {expected[0] - 1}"
        if told.total != sum(self._tops.values()):
            return f"it counts {told.total} entries, its heads {sum(self._tops.values())}"
        return None

    def _why_not_signed(self, seq: int, event: CheckpointWritten) -> str | None:
        if not event.key and not event.signature:
            return "it is not signed, others before it are" if self._is_signed else None
        public = self._publics.get(event.key)
        if public is None:
            return f"key {event.key[:16]!r} was not introduced"
        if not is_signed(signed_bytes(event.text), public=public, signature=event.signature):
            return f"the signature is not by key {event.key}"
        if self._is_strict and event.key not in self._trusted:
            return f"key {event.key} is none of the given ones, and none of them vouches for it"
        if event.key != self._newest_key:
            self.warnings.append(f"{SYSTEM}#{seq}: signed with key {event.key}, which had been replaced")
        self._is_signed = True
        return None

    def _bad(self, kind: Kind, seq: int | None, says: str) -> None:
        # The first bad place of a kind; what follows from it would only hide it.
        if all(one.kind is not kind for one in self.troubles):
            self.troubles.append(Trouble(kind=kind, chain=SYSTEM, seq=seq, says=says))
