"""The shown faults on a real host again, under circumstances that make them hard to see.

A dozen of them are looked at by default; RUNBOOK_BOT_FIELD=all (`make field`) looks at each fault in each.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model.host import Host
from tests.live.test_faults import FAULTS, HOST, Fault
from tests.support.field.around import AROUND, Around, Otherwise
from tests.support.field.breaking import break_, until_it_shows
from tests.support.field.looking import Eye, eye
from tests.support.field.standing import TAKE_BACK
from tests.support.lab import Lab, visit

pytestmark = [pytest.mark.live, pytest.mark.lab]

IS_ALL = os.environ.get("RUNBOOK_BOT_FIELD") == "all"
#: What is looked at by default: one fault of another kind in each circumstance.
FEW: tuple[tuple[str, str], ...] = ()


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


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    lab = Lab.given()
    assert lab is not None, "guarded by the marker"
    await _well(lab)
    yield lab
    await _well(lab)


@pytest.fixture
async def sight(tmp_path: Path, lab: Lab) -> AsyncIterator[Eye]:
    async with eye(tmp_path) as sight:
        yield sight


async def _well(lab: Lab) -> None:
    await lab.shell(HOST, TAKE_BACK)
    await lab.heal(HOST)


async def _stand(lab: Lab, host: Host, around: Around) -> Host:
    """Put the app up as it stands in this circumstance; the host as the fleet would have it."""
    await lab.shell(HOST, around.standing.up() + "; " + around.before)
    await visit(host.address)
    return around.standing.host(host)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.around.name}-{cell.fault.name}")
async def test_the_fault_is_named_whatever_is_around_it(sight: Eye, lab: Lab, cell: Cell) -> None:
    host = await _stand(lab, sight.fleet.hosts[HOST], cell.around)
    await break_(lab, HOST, cell.fault.name, cell.around.standing)
    await until_it_shows(lab, HOST, host.address, cell.fault.name, cell.around.standing)
    await lab.shell(HOST, cell.around.after or ":")

    _, verdict = await sight.look(host)

    assert verdict.cause == cell.expected.cause, (verdict.says, [f.cause for f in verdict.found])
    quoted = [line.text for line in verdict.found[0].because]
    assert any(proof in line for line in quoted for proof in cell.proofs), quoted
    assert verdict.restart.effect.value in cell.fault.restart, verdict.restart
    assert verdict.remedies == ((cell.fault.remedy,) if cell.fault.remedy else ())
