"""Ways to break nginx's configuration and the way to the app that no list of the lab has, on a real host.

Some are looked at by default; RUNBOOK_BOT_FIELD=all looks at each.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.live.test_faults import HOST
from tests.live.test_field import IS_ALL
from tests.support.field.breaking import until, until_it_is_well
from tests.support.field.further import PRELUDE, TAKE_BACK, Further
from tests.support.field.further_nginx import DOWN_ROWS, OWN_ROWS
from tests.support.field.further_way import TLS_ROWS, WAY_ROWS
from tests.support.field.looking import Eye, eye
from tests.support.field.standing import TAKE_BACK as TAKE_BACK_STANDING
from tests.support.lab import Lab

pytestmark = [pytest.mark.live, pytest.mark.lab]

FURTHER = (*TLS_ROWS, *DOWN_ROWS, *WAY_ROWS, *OWN_ROWS)
#: Hosts that each test leaves well, and that were put right once before the first.
_HEALED: set[str] = set()
FEW = (
    "https-only-500",
    "down-port-taken",
    "edited-and-reload-refused",
)


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    lab = Lab.given()
    assert lab is not None, "guarded by the marker"
    if HOST not in _HEALED:
        await _well(lab)
        _HEALED.add(HOST)
    yield lab
    await _well(lab)


async def _well(lab: Lab) -> None:
    await lab.shell(HOST, f"{TAKE_BACK}\n{TAKE_BACK_STANDING}")
    await lab.heal(HOST)
    # Workers that a reload leaves to end by themselves would go on writing of the row before.
    await lab.shell(HOST, "systemctl restart nginx; for log in /var/log/nginx/*.log; do : >$log; done")


@pytest.fixture
async def sight(tmp_path: Path, lab: Lab) -> AsyncIterator[Eye]:
    async with eye(tmp_path) as sight:
        yield sight


@pytest.mark.parametrize(
    "row", [row for row in FURTHER if IS_ALL or row.name in FEW], ids=lambda row: row.name
)
async def test_what_visitors_meet_is_named_with_the_line_that_proves_it(
    sight: Eye, lab: Lab, row: Further
) -> None:
    host = sight.fleet.hosts[HOST]
    for program in row.needs:
        if not (await lab.shell(HOST, f"command -v {program} || true")).strip():
            pytest.skip(f"the host has no {program}")
    await until_it_is_well(host.address)
    try:
        await lab.shell(HOST, f"{PRELUDE}\n{row.breaks}")
        await until(lambda: _is_met(lab, row))

        _, verdict = await sight.look(row.fleet(host))
    finally:
        await lab.shell(HOST, row.mend)

    assert verdict.cause == row.cause, (verdict.says, [f.cause for f in verdict.found])
    quoted = [line.text for finding in verdict.found[:1] for line in finding.because]
    assert not row.proof or any(row.proof in line for line in quoted), quoted
    assert verdict.restart.effect.value in row.restart, verdict.restart


async def _is_met(lab: Lab, row: Further) -> bool:
    said = await lab.shell(HOST, f"{PRELUDE}\nif {row.met}; then echo they meet it; fi")
    return said.endswith("they meet it\n")
