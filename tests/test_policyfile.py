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


LATER: dict[str, tuple[dict[str, object], str]] = {
    "no limit": ({"budget": "often"}, "must be a count and a time such as 3/1h"),
    "a limit of none": ({"budget": "0/1h"}, "must be a count and a time"),
    "a limit over a month": ({"rate": "3/30d"}, "at most 7d"),
    "lone in an unknown group": ({"lone": {"from": ["night"], "after": "2m"}}, "no group 'night'"),
    "lone when the card is over": (
        {"lone": {"from": ["sre"], "after": "10m"}},
        "rules.restart.lone.after: the card is over before that",
    ),
    "a freeze that is neither": ({"freeze": "sometimes"}, "freeze"),
    "no host at once": ({"at_once": 0}, "at_once"),
}


@pytest.mark.parametrize(("change", "says"), LATER.values(), ids=LATER.keys())
def test_a_mistake_in_a_rule_is_named(change: dict[str, object], says: str) -> None:
    with pytest.raises(FileError) as caught:
        load({**GOOD, "rules": [{**RULE, **change}]})

    assert says in str(caught.value)


FREEZES: dict[str, tuple[dict[str, object], str]] = {
    "dates and cron": (
        {"from": "2026-01-01T00:00Z", "to": "2026-01-02T00:00Z", "cron": "0 0 * * *", "for": "1h"},
        "either 'from' and 'to', or 'cron' and 'for'",
    ),
    "only a begin": ({"from": "2026-01-01T00:00Z"}, "either 'from' and 'to'"),
    "only a cron": ({"cron": "0 0 * * *"}, "either 'from' and 'to'"),
    "the end before the begin": (
        {"from": "2026-01-02T00:00Z", "to": "2026-01-01T00:00Z"},
        "'to' must be later than 'from'",
    ),
    "half local": ({"from": "2026-01-01T00:00", "to": "2026-01-02T00:00Z"}, "must both have an offset"),
    "no time": ({"from": "Christmas", "to": "2026-01-02T00:00Z"}, "must be a time such as"),
    "bad cron": ({"cron": "0 0 1 * MON", "for": "1h"}, "the day of the month or the day of the week"),
    "longer than a week": ({"cron": "0 0 * * *", "for": "8d"}, "for"),
    "no zone": ({"cron": "0 0 * * *", "for": "1h", "tz": "Berlin"}, "IANA database"),
    "unknown host": ({"cron": "0 0 * * *", "for": "1h", "on": {"hosts": ["web-9"]}}, "no host 'web-9'"),
}


@pytest.mark.parametrize(("freeze", "says"), FREEZES.values(), ids=FREEZES.keys())
def test_a_mistake_in_a_freeze_is_named(freeze: dict[str, object], says: str) -> None:
    with pytest.raises(FileError) as caught:
        load({**GOOD, "freezes": [{"name": "f", **freeze}]})

    assert says in str(caught.value)


GLASSES: dict[str, tuple[dict[str, object], str]] = {
    "nobody": ({"from": []}, "break_glass.from"),
    "unknown group": ({"from": ["sree"]}, "no group 'sree'; did you mean 'sre'"),
    "lifts what nothing lifts": ({"from": ["sre"], "lifts": ["audit"]}, "break_glass.lifts"),
    "no words at all": ({"from": ["sre"], "justification": 0}, "break_glass.justification"),
    "a channel's name": ({"from": ["sre"], "alert": "#security"}, "break_glass.alert"),
}


@pytest.mark.parametrize(("glass", "says"), GLASSES.values(), ids=GLASSES.keys())
def test_a_mistake_in_break_glass_is_named(glass: dict[str, object], says: str) -> None:
    with pytest.raises(FileError) as caught:
        load({**GOOD, "break_glass": glass})

    assert says in str(caught.value)


def test_two_rules_of_one_name_could_not_be_counted_apart() -> None:
    other = {**RULE, "do": ["rollback_release"]}

    with pytest.raises(FileError, match="'restart' stands twice"):
        load({**GOOD, "rules": [RULE, other]})
