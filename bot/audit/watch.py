"""Notices that the ledger went back: an entry somebody saw is not there any more."""

from collections.abc import Sequence

from bot.audit.lines import PEOPLE, AnchorLine, read_lines, seq_of, settled
from bot.audit.sink import Sink
from bot.store.system import SYSTEM, RollbackAccepted, RollbackNoticed
from bot.store.system_chain import SystemChain

_KINDS = (RollbackNoticed, RollbackAccepted)


class RollbackWatch:
    """Remembers what this process saw, and at its first look what the second sink says.

    What it notices is written into the system chain, so that every server and the next start know it,
    until two different people accepted it there. Every method raises LedgerUnavailable.
    """

    def __init__(self, system: SystemChain, sink: Sink) -> None:
        self._system, self._sink = system, sink
        #: Chain -> seq and hash of its newest entry that was seen; the system chain and the last one used.
        self._seen: dict[str, tuple[int, str]] = {}
        self._is_sink_read = False
        self._read_to = 0
        self._noticed: list[RollbackNoticed] = []
        self._accepted: list[RollbackAccepted] = []

    def saw(self, chain: str, seq: int, digest: str) -> None:
        """An entry was committed; of the incidents only the latest is kept."""
        self._seen = {name: place for name, place in self._seen.items() if name == SYSTEM}
        self._seen[chain] = (seq, digest)

    async def look(self) -> RollbackNoticed | None:
        """The rollback that nobody, or only one person, has accepted; None when all is well."""
        lost = await self._lost_here()
        if lost is not None:
            self._seen, self._read_to = {}, 0
            self._noticed, self._accepted = [], []
        await self._read_on()
        if lost is not None or not self._is_sink_read:
            # The sink may have lines that are newer than what was seen here; they are lost too.
            lost = await self._lost_by_the_sink() or lost
            self._is_sink_read = True
        if lost is not None and self.standing is None:
            await self._system.append(lost)
            await self._read_on()
        return self.standing

    @property
    def standing(self) -> RollbackNoticed | None:
        """The one that stands, as far as was read."""
        done = settled(self._accepted)
        return next((one for one in self._noticed if (one.lost, one.kept) not in done), None)

    def people(self, noticed: RollbackNoticed) -> tuple[str, ...]:
        """Who accepted it, as far as was read."""
        mine = (one.person for one in self._accepted if (one.lost, one.kept) == (noticed.lost, noticed.kept))
        return tuple(dict.fromkeys(mine))

    async def _read_on(self) -> None:
        seq, digest = await self._system.head()
        for one in await self._system.events(after_seq=self._read_to, kinds=_KINDS):
            if isinstance(one.event, RollbackNoticed):
                self._noticed.append(one.event)
            if isinstance(one.event, RollbackAccepted):
                self._accepted.append(one.event)
            seq, digest = max((seq, digest), (one.seq, one.hash))
        self._read_to = seq
        if seq:
            self._seen[SYSTEM] = (seq, digest)

    async def _lost_here(self) -> RollbackNoticed | None:
        # What is committed while the database is asked was not asked for, and is not gone.
        seen = [(chain, seq, digest) for chain, (seq, digest) in self._seen.items()]
        hashes = await self._system.hashes([(chain, seq) for chain, seq, _ in seen])
        gone = [(chain, seq, digest) for chain, seq, digest in seen if hashes.get((chain, seq)) != digest]
        if not gone:
            return None
        chain, seq, digest = next((one for one in gone if one[0] == SYSTEM), gone[0])
        return RollbackNoticed(lost=f"{chain}#{seq}={digest}")

    async def _lost_by_the_sink(self) -> RollbackNoticed | None:
        lines = [one for one in read_lines(self._sink.tail()) if isinstance(one, AnchorLine)]
        hashes = await self._system.hashes([(SYSTEM, line.seq) for line in lines])
        fits = [line for line in lines if hashes.get((SYSTEM, line.seq)) == line.hash]
        gone = [line for line in lines if line not in fits and not self._is_accepted(line)]
        if not gone:
            return None
        newest = max(gone, key=lambda line: line.seq)
        first = min(line.seq for line in gone)
        kept = max((line.seq for line in fits if line.seq < first), default=0)
        return RollbackNoticed(lost=newest.place, kept=kept)

    def _is_accepted(self, line: AnchorLine) -> bool:
        return any(kept < line.seq <= seq_of(lost) for lost, kept in settled(self._accepted))


def says_of(noticed: RollbackNoticed, people: Sequence[str]) -> str:
    """The trouble as a sentence with its way out."""
    so_far = f"; {', '.join(people)} accepted it so far" if people else ""
    return (
        f"the ledger went back: {noticed.lost[:60]} was seen and is gone, so no action is started until "
        f"{PEOPLE} different people run: runbook-bot audit accept-rollback --reason WHY{so_far}"
    )
