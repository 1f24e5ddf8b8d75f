"""Who may ask and approve: default deny, distinct people, one rule."""

from dataclasses import replace

import pytest

from bot.model.host import Host
from bot.model.person import Account, Actor, Origin, Standing
from bot.model.ruling import Ruling
from bot.policy import (
    Case,
    Group,
    Person,
    Policy,
    Reason,
    Rule,
    Stage,
    actor_named,
    ballot_of,
    decide,
    may_ask,
    person_of,
    question,
    refusal,
    rule_for,
    signers_of,
)
from tests.support.incidents import T0

HOST = Host(name="web-01", address="192.0.2.1", user="runbook", tags=frozenset({"web"}), environment="prod")
POLICY = Policy(
    people={
        "ann": Person(name="ann", slack=frozenset({"U1", "U2"}), logins=frozenset({"ann"})),
        "bob": Person(name="bob", slack=frozenset({"U3"})),
    },
    groups={"sre": Group(name="sre", people=frozenset({"ann", "bob"}), usergroup="S1")},
    rules=(
        Rule(
            name="restart",
            actions=frozenset({"restart_unit"}),
            environments=frozenset({"prod"}),
            tags=frozenset({"web"}),
            approvers=("sre",),
        ),
    ),
)


def slack_actor(id_: str, **changed: object) -> Actor:
    account = Account(origin=Origin.SLACK, id=id_, team="T1", shown_as="ann")
    actor = Actor(account=account, standing=Standing.MEMBER, person=person_of(POLICY, account))
    return replace(actor, **changed)


def ruling(policy: Policy, action: str, host: Host, actor: Actor, *, requester: str) -> Ruling:
    """What this actor's yes would come to."""
    case = Case(action=action, host=host, at=T0, requester=requester)
    return decide(question(policy, Stage.VOTE, case, voter=ballot_of(policy, actor, T0)))


def reason(
    actor: Actor, *, action: str = "restart_unit", host: Host = HOST, requester: str = "carl"
) -> Reason:
    return ruling(POLICY, action, host, actor, requester=requester).reason


def test_an_approver_who_did_not_ask_may_approve() -> None:
    decision = ruling(POLICY, "restart_unit", HOST, slack_actor("U3"), requester="ann")

    assert (decision.is_allowed, decision.rule) == (True, "restart")


@pytest.mark.parametrize("account", ["U1", "U2"])
def test_no_account_of_the_requester_may_approve(account: str) -> None:
    assert reason(slack_actor(account), requester="ann") is Reason.REQUESTER


def test_a_login_and_a_slack_account_are_one_person() -> None:
    login = Account(origin=Origin.TERMINAL, id="ann")

    assert person_of(POLICY, login) == "ann"


def test_a_display_name_makes_nobody_an_approver() -> None:
    assert reason(slack_actor("U9")) is Reason.NOT_IN_GROUP


def test_a_slack_id_does_not_pass_for_a_login() -> None:
    assert person_of(POLICY, Account(origin=Origin.TERMINAL, id="U3")) == "terminal:U3"


def test_a_member_of_the_user_group_may_approve() -> None:
    assert reason(slack_actor("U9", usergroups=frozenset({"S1"}))) is Reason.ALLOWED


def test_an_empty_user_group_name_matches_nobody() -> None:
    policy = replace(POLICY, groups={"sre": Group(name="sre")})
    actor = slack_actor("U9", usergroups=frozenset({""}))

    assert not ruling(policy, "restart_unit", HOST, actor, requester="carl").is_allowed


@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.MEMBER])
def test_only_full_members_may_approve_or_ask(standing: Standing) -> None:
    actor = slack_actor("U3", standing=standing)

    assert reason(actor) is Reason.STANDING
    assert may_ask(POLICY, actor).reason is Reason.STANDING


@pytest.mark.parametrize(
    ("action", "host"),
    [
        pytest.param("rollback_release", HOST, id="another action"),
        pytest.param("restart_unit", replace(HOST, environment="dev"), id="another environment"),
        pytest.param("restart_unit", replace(HOST, tags=frozenset()), id="no such tag"),
    ],
)
def test_what_no_rule_speaks_of_is_denied(action: str, host: Host) -> None:
    assert reason(slack_actor("U3"), action=action, host=host) is Reason.NO_RULE


def test_the_empty_policy_allows_checks_and_no_action() -> None:
    assert may_ask(Policy(), slack_actor("U9")).is_allowed
    assert not ruling(Policy(), "restart_unit", HOST, slack_actor("U3"), requester="x").is_allowed


def test_two_rules_for_one_action_are_none() -> None:
    twice = replace(POLICY, rules=(*POLICY.rules, replace(POLICY.rules[0], name="again")))

    assert rule_for(twice, "restart_unit", HOST) is None


def test_asking_can_be_narrowed_to_groups() -> None:
    narrow = replace(POLICY, askers=("sre",))

    assert may_ask(narrow, slack_actor("U1")).is_allowed
    assert may_ask(narrow, slack_actor("U9")).reason is Reason.NOT_IN_GROUP


def test_a_refusal_names_the_rule_and_who_may() -> None:
    says = refusal(POLICY, ruling(POLICY, "restart_unit", HOST, slack_actor("U9"), requester="x"))

    assert "sre (ann, bob, user group S1)" in says
    assert "'restart'" in says


@pytest.mark.parametrize("who", ["ann", "U2"])
def test_a_person_is_found_by_name_and_by_any_account(who: str) -> None:
    actor = actor_named(POLICY, who)

    assert actor is not None
    assert (actor.person, actor.standing, actor.usergroups) == ("ann", Standing.MEMBER, frozenset())
    assert actor.account == Account(origin=Origin.SLACK, id="U1")


def test_a_person_without_slack_is_known_by_their_login_or_at_last_by_name() -> None:
    people = {
        "sam": Person(name="sam", logins=frozenset({"sam-2", "sam-1"})),
        "kim": Person(name="kim"),
    }
    policy = replace(POLICY, people=people)

    found = [actor_named(policy, who) for who in ("sam-2", "kim")]

    assert [one and one.account for one in found] == [
        Account(origin=Origin.TERMINAL, id="sam-1"),
        Account(origin=Origin.TERMINAL, id="kim"),
    ]


def test_what_is_said_of_somebody_is_believed_for_a_trial() -> None:
    mapped = actor_named(POLICY, "bob", standing=Standing.GUEST, usergroups=["S1", "S2"])
    unmapped = actor_named(POLICY, "U99", standing=Standing.BOT, usergroups=["S1"])

    assert mapped and (mapped.standing, mapped.usergroups) == (Standing.GUEST, {"S1", "S2"})
    assert unmapped and (unmapped.standing, unmapped.usergroups) == (Standing.BOT, {"S1"})


@pytest.mark.parametrize("who", ["U9X", "W12"])
def test_an_account_of_nobody_is_a_person_of_its_own(who: str) -> None:
    actor = actor_named(POLICY, who)

    assert actor and (actor.person, actor.account.id) == (f"slack:{who}", who)


@pytest.mark.parametrize("who", ["", "carl", "U", "U9", "u123", "X123", "U12-3", "U123 "])
def test_what_is_neither_a_person_nor_an_account_is_nobody(who: str) -> None:
    assert actor_named(POLICY, who) is None


def test_signers_are_of_the_person_in_order_and_of_nobody_else() -> None:
    ann = replace(POLICY.people["ann"], signers=frozenset({"b@x", "a@x"}))
    policy = replace(POLICY, people={"ann": ann})

    assert signers_of(policy, "ann") == ("a@x", "b@x")
    assert signers_of(policy, "bob") == ()


def test_the_one_rule_for_an_action_is_that_rule() -> None:
    assert rule_for(POLICY, "restart_unit", HOST) == POLICY.rules[0]
    assert rule_for(POLICY, "reload_nginx", HOST) is None
    assert rule_for(POLICY, "restart_unit", replace(HOST, environment="dev")) is None
