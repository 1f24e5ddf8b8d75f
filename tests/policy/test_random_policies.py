"""Ten thousand policies that nobody would write: never allowed by default, never by who asked, one rule."""

import random
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import FileError
from bot.model.ruling import Way
from bot.policy import counting
from tests.policy import oracle
from tests.policy.asked import ACTIONS, T0, fleet_of, load, ruling

HOSTS = [
    {"name": "web-01", "environment": "prod", "tags": ["web", "a"]},
    {"name": "web-02", "environment": "dev", "tags": ["web"]},
    {"name": "db-01", "environment": "prod", "tags": ["b"]},
]
FLEET = fleet_of(HOSTS)
PEOPLE = ("ann", "bob", "cyn", "dan")
GROUPS = ("sre", "oncall", "empty")
POLICIES = 10_000
#: What became of a voter until it is to run.
AGAIN: tuple[Any, ...] = (
    *[{}] * 8,
    {"standing": "guest"},
    {"usergroups": []},
    {"usergroups": ["S01SRE"]},
    {"read_ago": 301},
    "not asked",
)


def some(chance: random.Random, words: tuple[str, ...], least: int = 0) -> list[str]:
    return chance.sample(words, chance.randint(least, len(words)))


def where(chance: random.Random) -> dict[str, list[str]]:
    return {
        key: some(chance, words, 1)
        for key, words in (
            ("environment", ("prod", "dev")),
            ("tags", ("web", "a", "b")),
            ("hosts", ("web-01", "web-02", "db-01")),
        )
        if chance.random() < 0.4
    }


def a_rule(chance: random.Random, number: int) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "name": f"rule-{number}",
        "do": some(chance, ACTIONS, 1),
        "on": where(chance),
        "approve": {
            "from": some(chance, GROUPS, 1),
            "count": chance.randint(1, 3),
            **({"step_up": "sshsig"} if chance.random() < 0.3 else {}),
        },
    }
    maybe = {
        "budget": f"{chance.randint(1, 4)}/1h",
        "rate": f"{chance.randint(1, 4)}/10m",
        "at_once": chance.randint(1, 3),
        "pause_after_failure": "5m",
        "lone": {"from": some(chance, GROUPS, 1), "after": "2m"},
        "freeze": chance.choice(["respect", "ignore"]),
        "evidence_max_age": "10m",
    }
    return rule | {key: value for key, value in maybe.items() if chance.random() < 0.4}


def a_policy(chance: random.Random) -> dict[str, Any]:
    section: dict[str, Any] = {
        "allowed_signers": "./allowed_signers",
        "people": {name: {"login": [name], "signers": [f"{name}@x"]} for name in PEOPLE},
        "groups": {
            "sre": {"people": some(chance, PEOPLE), "slack_usergroup": "S01SRE"},
            "oncall": {"people": some(chance, PEOPLE)},
            "empty": {},
        },
        "rules": [a_rule(chance, number) for number in range(chance.randint(0, 3))],
    }
    if chance.random() < 0.4:
        begin = T0 - timedelta(hours=chance.randint(0, 2))
        end = T0 + timedelta(hours=chance.randint(1, 2))
        section["freezes"] = [
            {"name": "f", "from": begin, "to": end, "on": where(chance), "do": some(chance, ACTIONS)}
        ]
    if chance.random() < 0.5:
        lifts = some(chance, ("freeze", "quorum", "requester", "budget"), 1)
        section["break_glass"] = {"from": some(chance, GROUPS, 1), "justification": 20, "lifts": lifts}
    return section


def a_vote(chance: random.Random, who: str) -> dict[str, Any]:
    return {
        "who": who,
        "standing": chance.choice(["member"] * 8 + ["guest", "stranger", "bot", "deactivated"]),
        "usergroups": some(chance, ("S01SRE", "S02OPS")),
        "glass": chance.choice([None, None, None, 5, 30]),
        "ago": chance.choice([0, 100]),
        "again": chance.choice(AGAIN),
        "signed": chance.random() < 0.7,
    }


def a_situation(chance: random.Random) -> dict[str, Any]:
    everybody = (*PEOPLE, "somebody")
    voters = some(chance, everybody)
    return {
        "stage": chance.choice(["offer", "vote", "vote", "veto", "run", "run"]),
        "voter": a_vote(chance, chance.choice(everybody)),
        "votes": [a_vote(chance, who) for who in voters],
        "action": chance.choice(ACTIONS),
        "host": chance.choice(HOSTS),
        "asked_by": chance.choice(PEOPLE),
        "at": T0,
        "shown_ago": chance.choice([None, 60, 130, 400]),
        "evidence_ago": chance.choice([10, 10, 600, 601]),
        "late": chance.random() < 0.1,
        "done_here": chance.choice([0, 0, 0, 2, 4]),
        "done_by_rule": chance.choice([0, 0, 0, 2, 4]),
        "acting": chance.choice([0, 0, 1, 3]),
        "failed_ago": chance.choice([None, None, 100, 300]),
    }


def overlaps(section: dict[str, Any]) -> bool:
    return any(len(oracle.matching(section, action, host)) > 1 for action in ACTIONS for host in HOSTS)


@pytest.mark.parametrize("seed", range(10))
def test_a_random_policy_answers_as_the_oracle_or_does_not_load(seed: int) -> None:
    chance = random.Random(seed)
    loaded = 0
    for _ in range(POLICIES // 10):
        section = a_policy(chance)
        if overlaps(section):
            with pytest.raises(FileError, match="both speak of"):
                load(section, FLEET)
            continue
        policy = load(section, FLEET)
        loaded += 1
        for _ in range(3):
            now = a_situation(chance)

            got = ruling(policy, FLEET, now)

            assert got.reason.value == oracle.answer(section, now), (section, now)
            rules = oracle.matching(section, now["action"], now["host"])
            if got.is_allowed:
                assert [rule["name"] for rule in rules] == [got.rule]
            if got.is_allowed and now["stage"] == "run" and got.question.terms:
                by_rule = [one for one in counting(got.question, got.question.terms) if one.way is Way.RULE]
                mine = [one for one in by_rule if one.person == now["asked_by"]]
                assert not mine or rules[0].get("lone")
    assert loaded > POLICIES // 20
