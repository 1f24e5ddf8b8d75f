"""No false alarm: small random ledgers, sealed at random moments, pass with all that is known outside.

`make tamper` makes 10,000 of them.
"""

import os
import random

from bot.audit import Result, verify_ledger
from bot.audit.keys import fresh_key
from bot.audit.lines import read_lines
from bot.audit.sealing import rotate
from bot.model.event import Event, Exported, Noted
from tests.support.incidents import MEI, OLU, opened, shown, whole_incident
from tests.support.sealed import MemoryChains, MemorySink, memory_sealer

RUNS = int(os.environ.get("RUNBOOK_BOT_HONEST", "300"))
#: An action without an outcome is incomplete, not tampered with.
FINE = {Result.OK, Result.INCOMPLETE}


def some_events(chance: random.Random) -> list[Event]:
    """An incident that came some way, with notes, messages and exports in between."""
    whole = whole_incident()
    events: list[Event] = []
    for event in whole[: chance.randint(1, len(whole))]:
        events.append(event)
        if chance.random() < 0.3:
            others = (Noted(by=MEI, person="mei", text="ä\u2028"), shown(), opened())
            events.append(chance.choice(others[:2]))
    return events


async def random_ledger(chance: random.Random) -> tuple[MemoryChains, MemorySink, list[str]]:
    """Incidents in turns; keys come late, change, or never come."""
    chains, sink = MemoryChains(), MemorySink()
    key = fresh_key() if chance.random() < 0.7 else None
    keys = [key.public] if key else []
    left = {f"INC-{n}": some_events(chance) for n in range(chance.randint(1, 4))}
    while left:
        name = chance.choice(sorted(left))
        chains.commit(name, left[name][:2])
        left[name] = left[name][2:]
        if not left[name]:
            head = next(row for row in reversed(chains.rows) if row.chain == name)
            exported = Exported(by=OLU, person="olu", form="md", sha256="0", head=f"{head.seq}:{head.hash}")
            chains.commit(name, [exported])
            del left[name]
        if chance.random() < 0.3:
            await memory_sealer(chains, key, sink).seal()
        if key and sink.lines and chance.random() < 0.05:
            new = fresh_key()
            await rotate(chains, key, new)  # type: ignore[arg-type]  # has what it calls
            key = new
    await memory_sealer(chains, key, sink).seal()
    return chains, sink, keys


async def test_no_honest_ledger_raises_an_alarm() -> None:
    alarms = []
    for seed in range(RUNS):
        chains, sink, keys = await random_ledger(random.Random(seed))

        report = await verify_ledger(chains.recorded(), lines=read_lines(sink.lines), public_keys=keys)

        if report.result not in FINE or any("came without" in one for one in report.warnings):
            alarms.append((seed, report.troubles, report.warnings))

    assert alarms == []
