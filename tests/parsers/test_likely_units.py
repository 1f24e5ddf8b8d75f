"""Parser likely_units."""

from datetime import UTC, datetime

from bot.parsers.likely_units import likely_units
from tests.support.asked import output

_TEXT = (
    "unit\tapp.service\tactivating\tauto-restart\texit-code\t1\t5\tenabled\tMon 2026-11-30 10:39:08 UTC\t\t\n"
    "names\tapp.service\t3000\t/etc/app/env\n"
    "unit\told.service\tinactive\tdead\tsuccess\t0\t\tdisabled\t\t\t\n"
    "said\tapp.service\t2026-11-30T10:39:08+0000 web-01 node[224]: Error: no\tDATABASE_URL\n"
    "said\told.service\n"
    "a line of another shape\n"
)


def test_a_unit_has_its_state_what_it_names_and_what_it_said() -> None:
    app, old = likely_units(output("likely_units", _TEXT)).units

    assert (app.name, app.fails, app.is_up, app.restarts) == ("app.service", True, False, 5)
    assert app.names == (("3000", "/etc/app/env"),)
    assert app.since == datetime(2026, 11, 30, 10, 39, 8, tzinfo=UTC)
    assert [e.message for e in app.said.entries] == ["Error: no\tDATABASE_URL"]
    assert app.line.startswith("app.service ActiveState=activating SubState=auto-restart Result=exit-code")
    assert (old.fails, old.is_up, old.since, old.said.entries) == (False, False, None, ())


def test_empty_when_the_fleet_names_the_unit() -> None:
    assert likely_units(output("likely_units", "")).units == ()
