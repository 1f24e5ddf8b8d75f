"""The decision table: every role, host, action and state against an oracle that shares no code."""

from collections import Counter
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bot.model.ruling import Reason
from tests.policy import oracle
from tests.policy.asked import T0, fleet_of, load, ruling

HOSTS = [
    {"name": "web-01", "environment": "prod", "tags": ["web"]},
    {"name": "web-02", "environment": "staging", "tags": ["web"]},
    {"name": "db-01", "environment": "prod", "tags": ["db"]},
]
FLEET = fleet_of(HOSTS)
SECTION: dict[str, Any] = {
    "allowed_signers": "./allowed_signers",
    "people": {
        name: {"login": [name], "signers": [f"{name}@x"]} for name in ("ann", "bob", "cyn", "eve", "dan")
    },
    "groups": {
        "sre": {"people": ["ann", "bob", "cyn"], "slack_usergroup": "S01SRE"},
        "oncall": {"people": ["eve", "ann"]},
    },
    "rules": [
        {
            "name": "restart",
            "do": ["restart_unit"],
            "on": {"tags": ["web"], "environment": ["prod"]},
            "approve": {"from": ["sre"]},
            "budget": "3/1h",
            "rate": "10/1h",
            "at_once": 2,
            "pause_after_failure": "10m",
            "lone": {"from": ["oncall"], "after": "3m"},
        },
        {
            "name": "restart-staging",
            "do": ["restart_unit", "reload_nginx"],
            "on": {"environment": ["staging"]},
            "approve": {"from": ["sre", "oncall"]},
            "evidence_max_age": "1h",
            "freeze": "ignore",
        },
        {
            "name": "rollback",
            "do": ["rollback_release"],
            "on": {"tags": ["web"]},
            "approve": {"from": ["sre"], "count": 2},
        },
        {
            "name": "reload, signed",
            "do": ["reload_nginx"],
            "on": {"environment": ["prod"]},
            "approve": {"from": ["sre"], "step_up": "sshsig"},
            "lone": {"from": ["oncall"], "after": "3m"},
        },
    ],
    "freezes": [
        {
            "name": "sale",
            "from": T0 - timedelta(days=30),
            "to": T0 - timedelta(days=29),
            "on": {"tags": ["web"]},
        }
    ],
    "break_glass": {"from": ["sre"], "justification": 20, "lifts": ["freeze", "quorum", "requester"]},
}
POLICY = load(SECTION, FLEET)


def vote(who: str, **changed: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"who": who, "standing": "member", "usergroups": [], "glass": None, "ago": 0}
    return {**plain, **changed}


ROLES = {
    "approver": vote("bob"),
    "the requester": vote("ann"),
    "an outsider": vote("dan"),
    "on call, not an approver": vote("eve"),
    "of the user group": vote("slack:U9", usergroups=["S01SRE"]),
    "of another user group": vote("slack:U9", usergroups=["S02OPS"]),
    "a guest": vote("bob", standing="guest"),
    "a stranger": vote("bob", standing="stranger"),
    "a bot": vote("bob", standing="bot"),
    "deactivated": vote("bob", standing="deactivated"),
    "of another team": vote("bob", standing="other team"),
    "nobody knows who": vote("bob", standing="unknown"),
    "breaks the glass": vote("bob", glass=40),
    "the requester breaks the glass": vote("ann", glass=20),
    "breaks the glass without a word": vote("bob", glass=3),
    "an outsider breaks the glass": vote("dan", glass=40),
    "an approver, unsigned": vote("bob", signed=False),
    "on call, unsigned": vote("eve", signed=False),
    "breaks the glass, unsigned": vote("bob", glass=40, signed=False),
    "the requester, unsigned": vote("ann", signed=False),
}
STATES: dict[str, dict[str, Any]] = {
    "fresh": {},
    "the card stood 2 min": {"shown_ago": 120},
    "the card stood 3 min": {"shown_ago": 180},
    "on call asked, 3 min": {"asked_by": "eve", "shown_ago": 180},
    "evidence at its limit": {"evidence_ago": 600},
    "evidence too old": {"evidence_ago": 601},
    "too late": {"late": True},
    "frozen": {"at": T0 - timedelta(days=30) + timedelta(hours=1)},
    "two before": {"done_here": 2},
    "three before": {"done_here": 3},
    "ten by the rule": {"done_by_rule": 10},
    "one at work": {"acting": 1},
    "two at work": {"acting": 2},
    "went wrong elsewhere": {"failed_ago": 60},
    "went wrong long ago": {"failed_ago": 600},
    "frozen and spent": {"at": T0 - timedelta(days=30), "done_here": 3},
}
PLAIN: dict[str, Any] = {
    "at": T0,
    "asked_by": "ann",
    "shown_ago": None,
    "evidence_ago": 30,
    "late": False,
    "done_here": 0,
    "done_by_rule": 0,
    "acting": 0,
    "failed_ago": None,
    "votes": [],
}
BALLOTS = {
    "nobody": [],
    "bob": [vote("bob", ago=20)],
    "bob and cyn": [vote("bob", ago=20), vote("cyn", ago=10)],
    "the requester": [vote("ann", ago=5)],
    "the requester and bob": [vote("ann", ago=5), vote("bob")],
    "bob twice": [vote("bob", ago=20), vote("bob", ago=10)],
    "bob by glass": [vote("bob", glass=30)],
    "the requester by glass": [vote("ann", glass=30)],
    "a guest": [vote("bob", standing="guest")],
    "an outsider": [vote("dan")],
    "bob, a guest by now": [vote("bob", again={"standing": "guest"})],
    "bob, deactivated by now": [vote("bob", again={"standing": "deactivated"})],
    "who left the user group": [vote("slack:U9", usergroups=["S01SRE"], again={"usergroups": []})],
    "who joined another one": [vote("slack:U9", usergroups=["S01SRE"], again={"usergroups": ["S02OPS"]})],
    "bob, and cyn who is a guest by now": [vote("bob"), vote("cyn", again={"standing": "guest"})],
    "bob by glass, a guest by now": [vote("bob", glass=30, again={"standing": "guest"})],
    "bob, read 5 min ago": [vote("bob", again={"read_ago": 300})],
    "bob, read 301 s ago": [vote("bob", again={"read_ago": 301})],
    "bob, unsigned": [vote("bob", signed=False)],
    "bob by glass, unsigned": [vote("bob", glass=30, signed=False)],
    "bob, not looked up again": [vote("bob", again="not asked")],
}
ACTIONS = ("restart_unit", "rollback_release", "reload_nginx")

ROWS = [
    (
        {**PLAIN, **state, "stage": stage, "voter": role, "action": action, "host": host},
        f"{stage}: {who}, {when}",
    )
    for stage in ("vote", "veto")
    for (who, role), host, action, (when, state) in product(ROLES.items(), HOSTS, ACTIONS, STATES.items())
] + [
    (
        {**PLAIN, **state, "stage": stage, "voter": None, "votes": votes, "action": action, "host": host},
        f"{stage}: {who}, {when}",
    )
    for stage in ("offer", "run")
    for (who, votes), host, action, (when, state) in product(BALLOTS.items(), HOSTS, ACTIONS, STATES.items())
]


def test_every_row_of_the_table_is_as_the_oracle_says() -> None:
    wrong = [
        (name, now["action"], now["host"]["name"], expected, got)
        for now, name in ROWS
        if (expected := oracle.answer(SECTION, now)) != (got := ruling(POLICY, FLEET, now).reason.value)
    ]

    assert len(ROWS) >= 200
    assert wrong == []


def test_the_table_has_rows_for_every_reason() -> None:
    seen = Counter(ruling(POLICY, FLEET, now).reason for now, _ in ROWS)

    # Several rules for one action are an error at load, so no loaded policy gives that answer.
    assert set(seen) == set(Reason) - {Reason.SEVERAL_RULES}
    assert min(seen.values()) >= 3


@pytest.mark.parametrize("who", [name for name, role in ROLES.items() if role["standing"] != "member"])
def test_no_one_but_a_full_member_counts_in_any_row(who: str) -> None:
    rows = [now for now, _ in ROWS if now["voter"] == ROLES[who]]

    assert rows
    assert [now for now in rows if ruling(POLICY, FLEET, now).is_allowed] == []
