"""Parser related_units."""

from datetime import UTC, datetime

from bot.parsers.related_units import related_units
from tests.support.asked import output


def test_what_is_needed_and_away_comes_first_where_it_failed() -> None:
    text = (
        "booted\tMon 2026-11-30 10:29:40 UTC\n"
        "related\tRequires\tcache.service\tloaded\tinactive\tdead\tsuccess\t\n"
        "related\tBindsTo\tdata.mount\tloaded\tfailed\tfailed\texit-code\tMon 2026-11-30 10:45:25 UTC\n"
        "related\tRequires\tup.service\tloaded\tactive\trunning\tsuccess\tMon 2026-11-30 10:45:25 UTC\n"
        "related\tConflictedBy\tother.service\tloaded\tinactive\tdead\tsuccess\t\n"
        "a line of another shape\n"
    )

    related = related_units(output("related_units", text))

    assert [one.name for one in related.down] == ["data.mount", "cache.service"]
    assert (related.down[0].since, related.down[1].since) == (
        datetime(2026, 11, 30, 10, 45, 25, tzinfo=UTC),
        None,
    )
    assert related.booted_at == datetime(2026, 11, 30, 10, 29, 40, tzinfo=UTC)
    assert (related.rivals, related.sockets, related.namesake) == ((), (), None)


def test_empty_when_the_unit_names_none() -> None:
    related = related_units(output("related_units", "booted\t\n"))

    assert (related.units, related.booted_at) == ((), None)


def test_a_command_that_ran_and_ended_well_is_not_away() -> None:
    rows = (
        "related\tRequires\tsetup.service\tloaded\tinactive\tdead\tsuccess\t\toneshot\n"
        "related\tRequires\tdb.service\tloaded\tinactive\tdead\tsuccess\t\tsimple\n"
    )

    related = related_units(output("related_units", rows))

    assert [one.name for one in related.down] == ["db.service"]


def test_a_unit_of_which_systemd_said_nothing_is_not_away() -> None:
    related = related_units(output("related_units", "related\tRequires\tdb.service\t\t\t\t\t\t\n"))

    assert (related.units, related.down) == ((), ())
