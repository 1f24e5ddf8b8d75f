"""A container's history and log, put into a unit's journal before rules look."""

# ruff: noqa: E501  # lines stand as hosts write them

from datetime import UTC, datetime

import pytest

from bot.model.evidence import Evidence, HostClock
from bot.model.verdict import Finding
from bot.parsers.journal import Journal
from bot.parsers.kernel_log import KernelLog
from bot.parsers.unit_state import UnitState
from bot.rules._focus import focus
from bot.rules.app_crash_startup import app_crash_startup
from tests.parsers.test_container import ENDED, state
from tests.support.asked import HOST, output, probe
from tests.support.recorded import parser

NOW = datetime(2026, 11, 20, 11, 31, tzinfo=UTC)
#: 11:29:50 and 11:30:00 of that day, in nanoseconds.
START, END = 1795174190_000000000, 1795174200_000000000


def focused(
    unit: UnitState, events: str = "", log: str = "", kernel: str = ""
) -> tuple[UnitState, Journal, KernelLog]:
    facts: dict[str, object] = {
        "unit": unit,
        "app_history": parser("container_events")(output("container_history", events)),
        "app_journal": parser("container_log")(output("container_log", log)),
        "kernel_log": parser("kernel_log")(output("kernel_log", kernel)),
    }
    kept = focus(
        Evidence(host="web-01", clock=HostClock(now=NOW), outputs={}, facts=facts, gaps=(), host_key=None),
        HOST,
    )
    return kept["unit"], kept["app_journal"], kept["kernel_log"]  # type: ignore[return-value]


#: What ended a container without a policy, by its status and its history -> state and result.
ENDS = {
    "killed by order": (
        "137",
        f"kill,signal=9,at={END}\ndie,exitCode=137,at={END + 1}\n",
        ("inactive", "success", 0),
    ),
    "killed by somebody on the host": ("137", f"die,exitCode=137,at={END}\n", ("failed", "signal", 9)),
    "stopped, and its program took TERM for an error": (
        "1",
        f"kill,signal=15,at={END}\ndie,exitCode=1,at={END + 1}\nstop,at={END + 2}\n",
        ("inactive", "success", 0),
    ),
    "ended by itself with 0": ("0", f"die,exitCode=0,at={END}\n", ("failed", "exit-code", 0)),
    "asked to read its files again, and died of it": (
        "1",
        f"kill,signal=1,at={END}\ndie,exitCode=1,at={END + 1}\n",
        ("failed", "exit-code", 1),
    ),
    "its history is lost": ("0", "", ("inactive", "success", 0)),
}


@pytest.mark.parametrize(("code", "events", "expected"), ENDS.values(), ids=ENDS.keys())
def test_who_ended_it_last_is_told_by_its_history(
    code: str, events: str, expected: tuple[str, str, int]
) -> None:
    ended = state(**{**ENDED, "ExitCode": code, "RestartPolicy": "no"})

    unit, _, _ = focused(ended, f"start,at={START}\n" + events if events else "")

    assert (unit.active, unit.result, unit.exit_status) == expected


def test_events_stand_among_the_lines_of_the_log_and_those_of_a_former_container_do_not() -> None:
    events = f"die,exitCode=3,at={START - 9}\ndestroy,at={START - 8}\nstart,at={START}\n"
    log = "2026-11-20T11:29:49Z from before\n2026-11-20T11:29:51Z hello\n"

    _, journal, _ = focused(state(StartedAt="2026-11-20T11:29:50Z"), events, log)

    whole = (*journal.earlier, *journal.entries)
    assert [entry.message for entry in whole] == ["from before", "Started container.", "hello"]
    assert [entry.step for entry in journal.entries] == [
        "container_log",
        "container_history",
        "container_log",
    ]


def test_a_neighbours_death_for_want_of_memory_is_not_the_apps() -> None:
    line = "[Fri Nov 20 11:30:00 2026] oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/docker/{0},task_memcg=/docker/{0},task=python3,pid=7,uid=0\n"
    own = state().container
    assert own is not None

    _, _, kernel = focused(state(**ENDED, ExitCode="137"), kernel=line.format("f" * 64) + line.format(own.id))

    assert [own.id in kill.control_group for kill in kernel.oom_kills] == [True]


@pytest.mark.parametrize(("answer", "is_named"), [("answered", False), ("refused", True)])
def test_a_container_that_answers_and_worked_before_does_not_die_while_starting(
    answer: str, *, is_named: bool
) -> None:
    second = 1_000_000_000
    events = f"start,at={START - 30 * second}\ndie,exitCode=3,at={START}\nstart,at={START + second}\ndie,exitCode=3,at={END - 7 * second}\nstart,at={END}\n"
    unit, journal, _ = focused(
        state(RestartCount="2", ExitCode="3", StartedAt="2026-11-20T11:30:55Z"), events
    )
    probes = parser("http_probes")(
        output("upstreams", probe(answer, status=200 if answer == "answered" else "-"))
    )

    found = app_crash_startup(
        unit, HostClock(now=NOW), journal, None, None, None, probes, None, None, HOST, None, None, None
    )

    assert isinstance(found, Finding) is is_named
