"""Counted is what was committed, under labels from known sets, whatever hosts and people are called."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import Conflict, HostBusy, HostError, LedgerUnavailable
from bot.health.labels import SLACK_METHODS, Known
from bot.health.metrics import AWAY, Metrics
from bot.model.command import Ended
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Closing,
    Event,
    IncidentOpened,
    Outcome,
    RunEnded,
    RunFailed,
    StepEnded,
)
from bot.model.evidence import GapKind
from bot.model.person import Account, Origin
from tests.support.incidents import broken, claimed, proposed
from tests.support.office import CATALOG

KNOWN = Known.of(CATALOG)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(KNOWN)


def read(metrics: Metrics) -> dict[str, float]:
    """`name{label="value"}` -> value, without what the process itself tells."""
    return {
        sample.name
        + "".join(f"{{{key}={value}}}" for key, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        if sample.name.startswith("runbook_bot_")
    }


def opened(runbook: str = "502", host: str = "web-01", user: str = "U0DAN") -> IncidentOpened:
    by = Account(origin=Origin.SLACK, id=user, team="T0", shown_as=user)
    return IncidentOpened(runbook=runbook, host=host, by=by, person=user, words=f"/{runbook} {host}")


def step(step: str = "probe", gap: str | None = None) -> StepEnded:
    return StepEnded(
        run=1, step=step, argv=("x",), ended=Ended.EXITED, exit_status=0, duration_s=0.2, gap=gap
    )


def run_ended(cause: str) -> RunEnded:
    return RunEnded(run=1, verdict=broken(cause), host_key=None, skew_s=0.0, duration_s=1.5)


def action(outcome: Outcome) -> ActionEnded:
    return ActionEnded(approval="a", nonce="n", outcome=outcome, exit_status=0, says="")


@pytest.mark.parametrize(
    ("event", "counted"),
    [
        (opened(), "incidents_total{runbook=502}"),
        (opened(runbook="made up"), "incidents_total{runbook=other}"),
        (run_ended("wrong_port"), "runs_total{cause=wrong_port}{outcome=trouble}"),
        (run_ended("healthy"), "runs_total{cause=healthy}{outcome=healthy}"),
        (run_ended("unknown"), "runs_total{cause=unknown}{outcome=unknown}"),
        (run_ended("ssh_auth_failed"), "runs_total{cause=ssh_auth_failed}{outcome=trouble}"),
        (run_ended("web-01 is sad"), "runs_total{cause=other}{outcome=trouble}"),
        (RunFailed(run=1, why="a bug on web-01"), "runs_total{cause=none}{outcome=failed}"),
        (step(gap="timed out: web-01 took 5 s"), "gaps_total{kind=timed_out}"),
        (step(gap="web-01: not one of ours"), "gaps_total{kind=other}"),
        (action(Outcome.DONE), "actions_total{outcome=done}"),
        (action(Outcome.NOT_RUN), "actions_total{outcome=not_run}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_event_is_counted(metrics: Metrics, event: Event, counted: str) -> None:
    metrics.appended([event], 0.004)

    seen = read(metrics)
    assert seen[f"runbook_bot_{counted}"] == 1
    assert seen["runbook_bot_ledger_append_seconds_count"] == 1


def test_a_remedy_is_counted_from_its_offer_to_its_end(metrics: Metrics) -> None:
    closings = [ApprovalClosed(approval="a", how=how, why="x") for how in Closing]
    metrics.appended([proposed(), claimed(), *closings], 0.01)

    seen = {name: value for name, value in read(metrics).items() if "approvals_total" in name}
    assert seen == {
        f"runbook_bot_approvals_total{{outcome={outcome}}}": 1.0
        for outcome in ("offered", "approved", *(how.name.lower() for how in Closing))
    }


def test_every_kind_of_gap_has_its_own_label(metrics: Metrics) -> None:
    metrics.appended([step(gap=f"{kind.value}: because") for kind in GapKind], 0.01)

    seen = [name for name in read(metrics) if "gaps_total" in name]
    assert len(seen) == len(GapKind)
    assert not [name for name in seen if "other" in name]


def test_a_ledger_that_refuses_is_counted_by_how(metrics: Metrics) -> None:
    for error in (Conflict("x"), HostBusy("x"), LedgerUnavailable("x"), LedgerUnavailable("y")):
        metrics.not_appended(error)

    seen = read(metrics)
    assert seen["runbook_bot_ledger_refusals_total{error=LedgerUnavailable}"] == 2
    assert seen["runbook_bot_ledger_refusals_total{error=Conflict}"] == 1
    assert seen["runbook_bot_ledger_append_seconds_count"] == 0


def test_depths_are_asked_for_when_they_are_read(metrics: Metrics) -> None:
    waiting = [3]
    metrics.watch_queue("slack", lambda: waiting[0])
    metrics.watch_connections(lambda: 2)
    metrics.watch_claims(lambda: 3, lambda: 1)

    first, waiting[0] = read(metrics), 5

    assert first["runbook_bot_queue_depth{queue=slack}"] == 3
    assert first["runbook_bot_slack_connections"] == 2
    assert (first["runbook_bot_claims"], first["runbook_bot_takeovers_total"]) == (3, 1)
    assert read(metrics)["runbook_bot_queue_depth{queue=slack}"] == 5


def test_ten_thousand_hosts_people_and_texts_make_no_new_label(metrics: Metrics) -> None:
    def fuzzed(number: int) -> list[Event]:
        host = f"web-{number:05}.example"
        return [
            opened(runbook=f"down{number}", host=host, user=f"U0{number:05}"),
            step(step=f"{host} {number}", gap=f"{host}: because {number}"),
            run_ended(f"cause_{host}"),
            RunFailed(run=number, why=host),
            replace(action(Outcome.UNKNOWN), says=host, approval=host, nonce=host),
        ]

    metrics.appended(fuzzed(0), 0.001)
    metrics.called_slack("hooks/1", AWAY, 0.1)
    before = set(read(metrics))

    for number in range(1, 10_001):
        metrics.appended(fuzzed(number), 0.001)
        metrics.called_slack(f"T{number}", AWAY, 0.1)

    after = read(metrics)
    assert set(after) == before
    assert after["runbook_bot_incidents_total{runbook=other}"] == 10_001
    assert not re.search(r"web-0|U0\d|example", metrics.text().decode())


def test_all_there_can_be_stays_a_few_hundred_series() -> None:
    metrics = Metrics(KNOWN)
    events: list[Event] = [opened(runbook=name) for name in KNOWN.runbooks]
    events += [run_ended(cause) for cause in KNOWN.causes]
    events += [step(step=name) for name in KNOWN.steps]
    events += [step(gap=f"{kind.value}: x") for kind in GapKind]
    events += [action(outcome) for outcome in Outcome]
    metrics.appended(events, 0.01)
    for method in SLACK_METHODS:
        metrics.called_slack(method, AWAY, 0.1)

    assert 100 < len(read(metrics)) < 2000


def test_causes_of_hosts_that_cannot_be_asked_are_known() -> None:
    kinds = [HostError]
    for kind in kinds:
        kinds += kind.__subclasses__()

    assert {kind.cause for kind in kinds} <= KNOWN.causes


def test_every_metric_stands_in_the_documentation_and_no_other(metrics: Metrics) -> None:
    page = (Path(__file__).parents[2] / "docs/howto/monitoring.md").read_text()
    table = page.split("## Metrics")[1].split("## ")[0]

    told = {
        name for row in table.splitlines() if row.startswith("| `") for name in names_in(row.split("|")[1])
    }

    families = text_string_to_metric_families(metrics.text().decode())
    counted = {one.name + ("_total" if one.type == "counter" else "") for one in families}
    assert {f"runbook_bot_{name}" for name in told} == {
        name for name in counted if not name.startswith("process_")
    }


def names_in(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)
