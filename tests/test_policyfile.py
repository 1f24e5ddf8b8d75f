"""The policy section: every mistake is a load error with its way out."""

import pytest

from bot import policyfile
from bot.errors import FileError
from bot.model.host import Fleet, Host, SshFiles
from bot.policy import Policy

FLEET = Fleet(
    hosts={"web-01": Host(name="web-01", address="192.0.2.1", user="runbook", tags=frozenset({"web"}))},
    ssh=SshFiles(identity="/k", known_hosts="/h"),
)
RULE = {"name": "restart", "do": ["restart_unit"], "on": {"tags": ["web"]}, "approve": {"from": ["sre"]}}
GOOD: dict[str, object] = {
    "people": {"ann": {"slack": ["U01"], "login": ["ann"]}, "bob": {"slack": ["U02"]}},
    "groups": {"sre": {"people": ["ann", "bob"]}},
    "rules": [RULE],
}


def load(section: dict[str, object] | None) -> Policy:
    return policyfile.load(
        section, fleet=FLEET, remedies=["restart_unit", "rollback_release"], name="fleet.yaml"
    )


def test_no_section_denies_every_action() -> None:
    assert load(None) == Policy()


def test_durations_become_seconds() -> None:
    policy = load(
        {**GOOD, "rules": [{**RULE, "approve_by": "90s", "run_by": "2m", "evidence_max_age": "1h"}]}
    )

    rule = policy.rules[0]
    assert (rule.approve_by_s, rule.run_by_s, rule.evidence_max_age_s) == (90, 120, 3600)


def test_another_section_has_another_digest() -> None:
    other = {**GOOD, "rules": [{**RULE, "approve_by": "9m"}]}

    assert load(GOOD).digest != load(other).digest


MISTAKES = {
    "unknown key": ({**GOOD, "ruels": []}, "ruels: unknown key; did you mean 'rules'"),
    "unknown person": (
        {**GOOD, "groups": {"sre": {"people": ["anne"]}}},
        "no person 'anne'; did you mean 'ann'",
    ),
    "unknown group": (
        {**GOOD, "rules": [{**RULE, "approve": {"from": ["sree"]}}]},
        "no group 'sree'; did you mean 'sre'",
    ),
    "unknown remedy": (
        {**GOOD, "rules": [{**RULE, "do": ["restart_units"]}]},
        "no remedy 'restart_units'; did you mean 'restart_unit'",
    ),
    "unknown host": (
        {**GOOD, "rules": [{**RULE, "on": {"hosts": ["web-1"]}}]},
        "no host 'web-1'; did you mean",
    ),
    "nobody approves": ({**GOOD, "rules": [{**RULE, "approve": {"from": []}}]}, "rules.0.approve.from"),
    "quorum of none": (
        {**GOOD, "rules": [{**RULE, "approve": {"from": ["sre"], "count": 0}}]},
        "approve.count",
    ),
    "no duration": ({**GOOD, "rules": [{**RULE, "approve_by": "soon"}]}, "must be a duration such as 90s"),
    "bad slack id": ({**GOOD, "people": {"ann": {"slack": ["ann"]}}}, "people.ann.slack"),
    "one account, two people": (
        {**GOOD, "people": {"ann": {"slack": ["U01"]}, "bob": {"slack": ["U01"]}}},
        "slack U01 is also ann",
    ),
    "two rules for one action": (
        {**GOOD, "rules": [RULE, {**RULE, "name": "again"}]},
        "restart and again both speak of restart_unit on web-01",
    ),
}


@pytest.mark.parametrize(("section", "says"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_way_out(section: dict[str, object], says: str) -> None:
    with pytest.raises(FileError) as caught:
        load(section)

    assert says in str(caught.value)
    assert str(caught.value).startswith("fleet.yaml: policy")
