"""Ways to break nginx's configuration and the way to the app that no list of the lab has, on a real host.

Some are looked at by default; RUNBOOK_BOT_FIELD=all looks at each.
"""

import pytest

from tests.live.test_field import IS_ALL
from tests.support.field.breaking import until, until_it_is_well
from tests.support.field.further import PRELUDE, Further
from tests.support.field.further_nginx import DOWN_ROWS, OWN_ROWS
from tests.support.field.further_way import TLS_ROWS, WAY_ROWS
from tests.support.field.looking import Eye
from tests.support.lab import HOST, Lab

pytestmark = [pytest.mark.live, pytest.mark.lab]

FURTHER = (*TLS_ROWS, *DOWN_ROWS, *WAY_ROWS, *OWN_ROWS)
FEW = (
    "https-only-500",
    "down-port-taken",
    "edited-and-reload-refused",
)


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
