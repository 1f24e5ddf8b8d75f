"""The shown faults on a real host again, where they are hard to see; and a host that is well.

A dozen of them are looked at by default; RUNBOOK_BOT_FIELD=all (`make field`) looks at each fault in each.
"""

import asyncio
import os
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.model.host import Host
from tests.live.test_faults import FAULTS, Fault
from tests.support.field.around import AROUND, Around, Otherwise
from tests.support.field.breaking import break_, until_it_is_well, until_it_shows
from tests.support.field.looking import Eye, eye
from tests.support.field.neighbours import NEIGHBOUR_UNIT, SITE_OF_NEIGHBOUR, neighbour
from tests.support.field.old_errors import lines, put
from tests.support.field.pairs import PAIRS, Pair
from tests.support.field.standing import Standing
from tests.support.lab import HOST, Lab, visit

pytestmark = [pytest.mark.live, pytest.mark.lab]

IS_ALL = os.environ.get("RUNBOOK_BOT_FIELD") == "all"
#: What is looked at by default: another fault in each circumstance.
FEW = (
    ("noise", "big-header"),
    ("rotated", "wrong-port"),
    ("unit", "app-stopped"),
    ("port", "http-500"),
    ("socket", "app-crash-limit"),
    ("ipv6", "bad-release"),
    ("three", "unix-socket-permission"),
    ("neighbour", "premature-close"),
)
FEW_PAIRS = ("wrong-port+disk-full", "bad-release+app-stopped")
BATCHES = 10 if IS_ALL else 1
A_BATCH = 10


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One fault in one circumstance."""

    around: Around
    fault: Fault

    @property
    def expected(self) -> Otherwise:
        """What it is called here."""
        usual = Otherwise(cause=self.fault.cause, proof=self.fault.proof)
        return self.around.otherwise.get(self.fault.name, usual)

    @property
    def proofs(self) -> tuple[str, ...]:
        """Parts of lines, one of which must be quoted."""
        too = self.around.proof_too.get(self.fault.name)
        return (self.expected.proof, *([too] if too else []))


CELLS = tuple(
    Cell(around=around, fault=fault)
    for around in AROUND
    for fault in FAULTS
    if fault.name not in around.cannot and (IS_ALL or (around.name, fault.name) in FEW)
)


async def _stand(lab: Lab, host: Host, around: Around) -> Host:
    """Put the app up as it stands in this circumstance; the host as the fleet would have it."""
    await _do(lab, f"{around.standing.up()}\n{around.before}")
    await until_it_is_well(host.address)
    return around.standing.host(host)


async def _do(lab: Lab, script: str) -> None:
    """Run a script on the host, to its end."""
    said = await lab.shell(HOST, f"set -e\n{script}\necho that was all")
    assert said.endswith("that was all\n"), said


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.around.name}-{cell.fault.name}")
async def test_the_fault_is_named_whatever_is_around_it(sight: Eye, lab: Lab, cell: Cell) -> None:
    host = await _stand(lab, sight.fleet.hosts[HOST], cell.around)
    await break_(lab, HOST, cell.fault.name, cell.around.standing)
    await until_it_shows(lab, HOST, host.address, cell.fault.name, cell.around.standing)
    await _do(lab, cell.around.after)

    _, verdict = await sight.look(host)

    assert verdict.cause == cell.expected.cause, (verdict.says, [f.cause for f in verdict.found])
    quoted = [line.text for line in verdict.found[0].because]
    assert any(proof in line for line in quoted for proof in cell.proofs), quoted
    assert verdict.restart.effect.value in cell.fault.restart, verdict.restart
    assert verdict.remedies == ((cell.fault.remedy,) if cell.fault.remedy else ())


@pytest.mark.parametrize(
    "pair", [p for p in PAIRS if IS_ALL or p.name in FEW_PAIRS], ids=lambda pair: pair.name
)
async def test_of_two_faults_both_are_named_and_the_one_that_visitors_meet_first(
    sight: Eye, lab: Lab, pair: Pair
) -> None:
    host, standing = sight.fleet.hosts[HOST], Standing()
    for fault in pair.faults:
        await break_(lab, HOST, fault, standing)
        await until_it_shows(lab, HOST, host.address, fault, standing)

    _, verdict = await sight.look(host)

    named = [finding.cause for finding in verdict.found]
    assert verdict.cause == pair.causes[0], (verdict.says, named)
    assert pair.causes[1] in named
    assert verdict.restart.effect.value in pair.restart, verdict.restart
    assert verdict.remedies == pair.remedies


@pytest.mark.parametrize("batch", range(BATCHES))
async def test_old_errors_and_daily_noise_on_a_healthy_host_are_no_alarm(
    sight: Eye, lab: Lab, batch: int
) -> None:
    host, chance = sight.fleet.hosts[HOST], random.Random(batch)
    now = datetime.fromisoformat((await lab.shell(HOST, "date +%Y-%m-%dT%H:%M:%S")).strip())
    newest = timedelta(seconds=chance.uniform(30, 900))
    await _do(lab, put(lines(now, chance, newest=newest)))
    await until_it_is_well(host.address)

    for _ in range(A_BATCH // 2):
        for _, verdict in await asyncio.gather(sight.look(host), sight.look(host)):
            assert verdict.is_healthy, (verdict.says, verdict.found)


@pytest.mark.parametrize(
    "fault", [f for f in FAULTS if IS_ALL or f.name == "oom-kill"], ids=lambda fault: fault.name
)
async def test_a_host_is_healthy_as_soon_as_it_is_mended(
    tmp_path: Path, sight: Eye, lab: Lab, fault: Fault
) -> None:
    host = sight.fleet.hosts[HOST]
    await break_(lab, HOST, fault.name, Standing())
    await until_it_shows(lab, HOST, host.address, fault.name, Standing())
    await lab.heal(HOST)
    await visit(host.address)

    async with eye(tmp_path) as afresh:
        _, verdict = await afresh.look(host)

    assert verdict.is_healthy, (verdict.says, verdict.found)


@pytest.mark.parametrize("fault", ["app-stopped", "http-500"] if IS_ALL else ["http-500"])
async def test_of_two_apps_on_a_host_the_one_asked_about_is_judged(sight: Eye, lab: Lab, fault: str) -> None:
    await _do(lab, neighbour())
    ours = sight.fleet.hosts[HOST]
    service = replace(ours.service, unit=NEIGHBOUR_UNIT, site=SITE_OF_NEIGHBOUR)
    theirs = replace(ours, service=service, public_url=None)
    await visit(ours.address)
    _, both_well = await sight.look(theirs)
    await break_(lab, HOST, fault, Standing())
    await until_it_shows(lab, HOST, ours.address, fault, Standing())

    _, of_ours = await sight.look(ours)
    _, of_theirs = await sight.look(theirs)

    assert both_well.is_healthy, both_well.says
    assert of_ours.cause == next(f.cause for f in FAULTS if f.name == fault)
    assert of_theirs.is_healthy, (of_theirs.says, of_theirs.found)
