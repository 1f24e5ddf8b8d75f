"""What is offered after a verdict, and what an approval is bound to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot.model.event import Proposed, RunEnded
from bot.model.host import Host, Release, Service
from bot.model.runbook import Catalog, Remedy, Risk, Runbook
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice, RestartEffect, Verdict
from bot.policy import Group, Person, Policy, Rule
from bot.remedy import Offer, Situation, digest_of, is_as_shown, offer, what_changed

NOW = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
HOST = Host(
    name="web-01",
    address="192.0.2.1",
    user="runbook",
    service=Service(unit="app.service", release=Release(rollback=("/usr/local/sbin/app-rollback",))),
)
RESTART = Remedy(
    name="restart_unit",
    title="restart the app",
    risk=Risk.MEDIUM,
    run=(("sudo", "-n", "systemctl", "restart", "{{ service.unit }}"),),
    does="Restarts {{ service.unit }}.",
    undo="none",
    target="{{ service.unit }}",
    needs=("service.unit",),
    digest="r1",
)
ROLLBACK = replace(
    RESTART,
    name="rollback_release",
    run=(("sudo", "-n", "{{ service.release.rollback | each }}"),),
    needs=("service.unit", "service.release.rollback"),
)
VERDICT = Verdict(
    cause="app_hang",
    certainty=Certainty.CONFIRMED,
    says="the app hangs",
    found=(),
    ruled_out=(),
    unchecked=(),
    restart=RestartAdvice(effect=RestartEffect.HELPS, what="app", why="it hangs"),
    remedies=("rollback_release", "restart_unit"),
)
SITUATION = Situation(
    host=HOST,
    runbook=Runbook(
        name="502", title="t", about="", groups=(), steps=(), causes=(), remedies={}, digest="b1"
    ),
    catalog=Catalog(runbooks={}, remedies={"restart_unit": RESTART, "rollback_release": ROLLBACK}),
    policy=Policy(
        people={"ann": Person(name="ann")},
        groups={"sre": Group(name="sre", people=frozenset({"ann"}))},
        rules=(
            Rule(
                name="mend",
                actions=frozenset({"restart_unit", "rollback_release"}),
                approvers=("sre",),
                approve_by_s=600,
                evidence_max_age_s=120,
            ),
        ),
        digest="p1",
    ),
    requester="bob",
    ended=RunEnded(
        run=1, verdict=VERDICT, host_key="SHA256:k", skew_s=0, duration_s=1, state={"release": "releases/2"}
    ),
    now=NOW,
)


def offered(situation: Situation = SITUATION) -> Offer:
    numbers = count(1)
    return offer(situation, lambda: f"id-{next(numbers)}")


def test_each_fitting_remedy_is_offered_best_first_with_its_exact_commands() -> None:
    made = offered()

    assert [one.remedy for one in made.proposed] == ["rollback_release", "restart_unit"]
    assert made.proposed[0].commands == (("sudo", "-n", "/usr/local/sbin/app-rollback"),)
    assert made.proposed[1].commands == (("sudo", "-n", "systemctl", "restart", "app.service"),)


def test_a_rollback_says_from_which_release_to_which() -> None:
    state = {"release": "releases/2", "release before": "releases/1"}
    known = replace(SITUATION, ended=replace(SITUATION.ended, state=state))

    rollback, restart = offered(known).proposed

    assert rollback.does.startswith("From releases/2 back to the one made before it, releases/1. ")
    assert "From" not in restart.does
    assert offered().proposed[0].does.startswith("From releases/2, to which one is not known. ")


def test_the_evidence_age_limits_the_time_to_approve() -> None:
    assert offered().proposed[0].approve_by == NOW + timedelta(seconds=120)


@pytest.mark.parametrize(
    ("situation", "why"),
    [
        pytest.param(
            replace(SITUATION, host=replace(HOST, service=Service(unit="app.service"))),
            "the fleet file does not give service.release.rollback",
            id="no rollback command",
        ),
        pytest.param(
            replace(SITUATION, policy=Policy()), "no policy rule allows rollback_release", id="no rule"
        ),
        pytest.param(
            replace(SITUATION, tried=frozenset({"rollback_release"})),
            "ran in this incident already",
            id="tried",
        ),
        pytest.param(
            replace(SITUATION, ended=replace(SITUATION.ended, host_key=None)),
            "could not be reached",
            id="no key",
        ),
    ],
)
def test_what_is_not_offered_says_why(situation: Situation, why: str) -> None:
    made = offered(situation)

    assert why in made.not_offered["rollback_release"]
    assert "rollback_release" not in [one.remedy for one in made.proposed]


def test_all_that_stands_against_a_remedy_is_said_at_once() -> None:
    situation = replace(
        SITUATION, host=replace(HOST, service=Service(unit="app.service")), policy=Policy(),
        tried=frozenset({"rollback_release"}),
    )  # fmt: skip

    said = offered(situation).not_offered["rollback_release"]

    assert "ran in this incident already" in said
    assert "does not give service.release.rollback" in said and "no policy rule allows" in said


CHANGES = {
    "host key": replace(SITUATION, ended=replace(SITUATION.ended, host_key="SHA256:other")),
    "runbook": replace(SITUATION, runbook=replace(SITUATION.runbook, digest="b2")),
    "remedy": replace(
        SITUATION,
        catalog=Catalog(
            runbooks={},
            remedies={"rollback_release": replace(ROLLBACK, digest="r2"), "restart_unit": RESTART},
        ),
    ),
    "policy": replace(SITUATION, policy=replace(SITUATION.policy, digest="p2")),
    "rule": replace(
        SITUATION,
        policy=replace(SITUATION.policy, rules=(replace(SITUATION.policy.rules[0], name="other"),)),
    ),
    "address": replace(SITUATION, host=replace(HOST, address="192.0.2.9")),
    "requester": replace(SITUATION, requester="carl"),
}


@pytest.mark.parametrize("situation", CHANGES.values(), ids=CHANGES.keys())
def test_the_digest_is_bound_to(situation: Situation) -> None:
    proposed = offered().proposed[0]

    assert digest_of(proposed, situation=SITUATION) == proposed.digest
    assert digest_of(proposed, situation=situation) != proposed.digest


@pytest.mark.parametrize(
    "service",
    [
        replace(HOST.service, unit="other.service"),
        replace(HOST.service, release=Release(rollback=("/opt/other-rollback",))),
    ],
    ids=["target", "command"],
)
def test_what_the_fleet_gives_since_is_not_what_was_shown(service: Service) -> None:
    proposed = offered().proposed[0]

    assert is_as_shown(proposed, situation=SITUATION)
    assert not is_as_shown(proposed, situation=replace(SITUATION, host=replace(HOST, service=service)))


@pytest.mark.parametrize(
    "field", ["commands", "state", "target", "cause", "quorum", "approve_by", "approval"]
)
def test_the_digest_covers_every_field_that_acts(field: str) -> None:
    proposed = offered().proposed[0]
    other: dict[str, object] = {
        "commands": (("reboot",),),
        "state": {},
        "target": "x",
        "cause": "x",
        "quorum": 0,
        "approve_by": NOW,
        "approval": "x",
    }

    assert digest_of(replace(proposed, **{field: other[field]}), situation=SITUATION) != proposed.digest


def changed(verdict: Verdict = VERDICT, **state: str) -> str | None:
    proposed: Proposed = offered().proposed[0]
    return what_changed(proposed, verdict, state)


def test_the_same_cause_and_release_are_the_same_situation() -> None:
    assert changed(release="releases/2") is None


def test_what_only_one_look_saw_proves_no_change() -> None:
    assert changed() is None


def test_a_host_that_is_healthy_again_needs_nothing() -> None:
    assert "healthy now" in (changed(replace(VERDICT, cause="healthy"), release="releases/2") or "")


def test_another_cause_or_release_is_another_situation() -> None:
    assert "cause is oom_kill now" in (changed(replace(VERDICT, cause="oom_kill")) or "")
    assert "release is 'releases/1' now" in (changed(release="releases/1") or "")


def started(invocation: str, count: str | None = None) -> dict[str, str]:
    """The state of app.service as a run binds it; without a count, as older cards bound it."""
    counted = {} if count is None else {"restarts by itself of app.service": count}
    return {"invocation of app.service": invocation, **counted}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (started("aa", "0"), started("aa", "0")),
        (started("aa", "0"), started("bb", "3")),
        (started("aa", "1"), started("bb", "2")),
        (started("aa"), started("bb", "1")),
        (started("aa"), started("aa", "0")),
        (started("aa", "4"), {}),
    ],
    ids=["runs on", "began to loop", "loops on", "loops, by an old card", "runs on, by an old card", "rests"],
)
def test_a_unit_that_was_started_again_by_itself_is_as_it_was_approved(
    before: dict[str, str], now: dict[str, str]
) -> None:
    proposed = replace(offered().proposed[0], state=before)

    assert what_changed(proposed, VERDICT, now) is None


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (started("aa", "0"), started("bb", "0")),
        (started("aa", "1"), started("bb", "0")),
        (started("aa", "1"), started("bb", "1")),
        (started("aa"), started("bb", "0")),
    ],
    ids=["never failed", "failed once long ago", "counted alike", "by an old card"],
)
def test_a_unit_that_somebody_restarted_is_another_situation(
    before: dict[str, str], now: dict[str, str]
) -> None:
    proposed = replace(offered().proposed[0], state=before)

    assert (
        what_changed(proposed, VERDICT, now)
        == "app.service was started anew since this was offered, and not by what keeps it up by itself"
    )


def test_what_sudo_does_not_run_is_offered_to_nobody() -> None:
    """Who is asked to approve at night should not find out by its failure."""
    lacks = Finding(
        cause="sudo_missing",
        certainty=Certainty.CONFIRMED,
        says="no sudo rule works here",
        because=(Line(step="sudo", text="sudo: a password is required"),),
        restart=VERDICT.restart,
    )
    verdict = replace(VERDICT, found=(lacks,))

    made = offered(replace(SITUATION, ended=replace(SITUATION.ended, verdict=verdict)))

    assert made.proposed == ()
    assert "`runbook-bot doctor web-01` prints" in made.not_offered["restart_unit"]
