"""Who counts as a member, and that what Slack does not tell counts against them."""

import asyncio
from typing import Any

import pytest

from bot.errors import ChatError
from bot.model.person import Account, Origin, Standing
from bot.slack.failures import Away, RateLimited, Refused
from bot.slack.identity import CACHE_S, SHARED, Directory, Home, is_public, standing_of
from tests.support.handtime import JumpTime

MEMBER = {"id": "U1", "team_id": "T0", "name": "mei", "tz": "Asia/Tokyo", "profile": {"display_name": "Mei"}}

KINDS = [
    ("member", MEMBER, "T0", Standing.MEMBER),
    ("guest", MEMBER | {"is_restricted": True}, "T0", Standing.GUEST),
    ("single-channel guest", MEMBER | {"is_ultra_restricted": True}, "T0", Standing.GUEST),
    ("stranger", MEMBER | {"is_stranger": True, "team_id": "T9"}, "T9", Standing.STRANGER),
    ("bot", MEMBER | {"is_bot": True}, "T0", Standing.BOT),
    ("Slackbot", MEMBER | {"id": "USLACKBOT"}, "T0", Standing.BOT),
    ("deactivated", MEMBER | {"deleted": True}, "T0", Standing.DEACTIVATED),
    ("deactivated guest", MEMBER | {"deleted": True, "is_restricted": True}, "T0", Standing.DEACTIVATED),
    ("second workspace", MEMBER | {"team_id": "T2"}, "T2", Standing.OTHER_TEAM),
    ("profile at home, payload elsewhere", MEMBER, "T2", Standing.OTHER_TEAM),
    ("payload at home, profile elsewhere", MEMBER | {"team_id": "T2"}, "T0", Standing.OTHER_TEAM),
    ("payload without team", MEMBER, None, Standing.UNKNOWN),
    ("profile without team", {"id": "U1"}, "T0", Standing.OTHER_TEAM),
    ("Slack told nothing", {}, "T0", Standing.UNKNOWN),
]


@pytest.mark.parametrize(
    ("info", "team", "standing"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS]
)
def test_only_a_full_member_of_the_home_team_is_one(
    info: dict[str, Any], team: str | None, standing: Standing
) -> None:
    assert standing_of(info, team=team, home="T0") is standing


PUBLIC = {"id": "C1", "is_channel": True, "is_private": False, "is_member": True}
CHANNELS = [
    ("public", PUBLIC, True),
    ("public, in all workspaces of the organisation", PUBLIC | {"is_org_shared": True}, True),
    ("private", PUBLIC | {"is_private": True}, False),
    ("private, as Slack told of it before", PUBLIC | {"is_channel": False, "is_group": True}, False),
    ("a group of people", PUBLIC | {"is_mpim": True, "is_private": True}, False),
    ("a direct message", {"id": "D1", "is_im": True}, False),
    ("archived", PUBLIC | {"is_archived": True}, False),
    ("shared with others", PUBLIC | {"is_ext_shared": True}, False),
    ("about to be shared", PUBLIC | {"is_pending_ext_shared": True}, False),
    ("Slack does not say whether it is private", {"id": "C1", "is_channel": True}, False),
    ("Slack says something odd", PUBLIC | {"is_private": "no"}, False),
    ("Slack told nothing", {}, False),
]


@pytest.mark.parametrize(("info", "is_seen"), [row[1:] for row in CHANNELS], ids=[row[0] for row in CHANNELS])
def test_only_a_channel_that_anybody_can_open_is_public(info: dict[str, Any], is_seen: bool) -> None:
    assert is_public(info) is is_seen


async def test_a_channel_that_slack_does_not_tell_of_is_not_public() -> None:
    api = FakeApi()
    api.channels["C1"] = PUBLIC
    people = directory(api)
    assert await people.is_public("C1")
    api.trouble = Away("no route")

    people.forget("C1")

    assert not await people.is_public("C1")
    assert not await people.is_public("C9")


class FakeApi:
    """Slack's directory; any part of it may be away."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {"U1": MEMBER}
        self.groups: dict[str, Any] = {"S0": frozenset({"U1"}), "S1": frozenset()}
        self.channels: dict[str, Any] = {"C1": {"is_member": True}}
        self.trouble: ChatError | None = None
        #: What Slack says of what it does not have.
        self.missing = "channel_not_found"
        self.calls = 0

    async def user(self, user: str) -> dict[str, Any]:
        return self._answer(self.people, user)

    async def group_members(self, group: str) -> frozenset[str]:
        self.calls += 1
        await asyncio.sleep(0)
        return self._answer(self.groups, group)

    async def channel(self, channel: str) -> dict[str, Any]:
        return self._answer(self.channels, channel)

    def _answer(self, table: dict[str, Any], key: str) -> Any:
        if self.trouble is not None:
            raise self.trouble
        if key not in table:
            raise Refused(self.missing)
        return table[key]


class TickTime(JumpTime):
    """A clock that a test sets forward."""

    def tick(self, seconds: float) -> None:
        self._now += seconds


def directory(api: FakeApi, time: TickTime | None = None) -> Directory:
    home = Home(team="T0", bot_user="U0BOT", bot_name="runbook")
    return Directory(
        api,  # type: ignore[arg-type]  # the part of Api that is used
        time or TickTime(),
        home,
        usergroups=("S0", "S1"),
        person_of=lambda account: f"person of {account.id}",
    )


async def test_an_actor_has_person_groups_name_and_zone() -> None:
    actor = await directory(FakeApi()).actor("U1", "T0")

    assert actor.standing is Standing.MEMBER
    assert actor.person == "person of U1"
    assert actor.usergroups == frozenset({"S0"})
    assert (actor.account.shown_as, actor.account.team, actor.timezone) == ("Mei", "T0", "Asia/Tokyo")


async def test_many_at_once_share_one_call() -> None:
    api = FakeApi()
    people = directory(api)

    await asyncio.gather(*(people.actor("U1", "T0", is_fresh=False) for _ in range(50)))

    assert api.calls == 2  # one for each group


async def test_a_fresh_look_sees_who_became_a_guest_just_now() -> None:
    api = FakeApi()
    people = directory(api)
    await people.actor("U1", "T0")
    api.people["U1"] = MEMBER | {"is_restricted": True}

    fresh = await people.actor("U1", "T0")

    assert fresh.standing is Standing.GUEST


async def test_without_slack_nobody_is_known_or_in_a_group() -> None:
    api = FakeApi()
    api.trouble = Away("gone")

    actor = await directory(api).actor("U1", "T0")

    assert (actor.standing, actor.usergroups) == (Standing.UNKNOWN, frozenset())


async def test_a_group_that_cannot_be_read_is_empty_and_asked_again() -> None:
    api = FakeApi()
    people = directory(api)
    del api.groups["S0"]
    first = await people.actor("U1", "T0")
    api.groups["S0"] = frozenset({"U1"})

    second = await people.actor("U1", "T0")

    assert (first.usergroups, second.usergroups) == (frozenset(), frozenset({"S0"}))


async def test_who_left_a_group_is_out_after_a_minute() -> None:
    api, time = FakeApi(), TickTime()
    people = directory(api, time)
    await people.actor("U1", "T0")
    api.groups["S0"] = frozenset()

    soon = await people.actor("U1", "T0")
    time.tick(CACHE_S)
    later = await people.actor("U1", "T0")

    assert (soon.usergroups, later.usergroups) == (frozenset({"S0"}), frozenset())


@pytest.mark.parametrize(
    ("info", "says"),
    [
        ({"is_member": True, "is_ext_shared": True}, "shared with another organisation"),
        ({"is_member": True, "is_pending_ext_shared": True}, "shared with another organisation"),
        ({"is_member": False}, "/invite @runbook"),
        (None, "/invite @runbook"),
    ],
)
async def test_a_channel_is_refused_with_the_way_out(info: dict[str, Any] | None, says: str) -> None:
    api = FakeApi()
    api.channels = {} if info is None else {"C1": info}

    assert says in (await directory(api).why_not_here("C1") or "")


async def test_a_channel_is_looked_at_again_after_an_invitation() -> None:
    api = FakeApi()
    api.channels["C1"] = {"is_member": False}
    people = directory(api)
    assert await people.why_not_here("C1") is not None

    api.channels["C1"] = {"is_member": True}

    assert await people.why_not_here("C1") is None


async def test_a_channel_that_becomes_shared_is_refused_after_a_minute() -> None:
    api, time = FakeApi(), TickTime()
    people = directory(api, time)
    assert await people.why_not_here("C1") is None
    api.channels["C1"] = {"is_member": True, "is_ext_shared": True}
    time.tick(CACHE_S)

    assert await people.why_not_here("C1") == SHARED


async def test_no_word_about_a_channel_means_no() -> None:
    api = FakeApi()
    api.trouble = Away("gone")

    assert "try again" in (await directory(api).why_not_here("C1") or "")


async def test_a_rate_limit_of_slack_is_kept_for_everybody() -> None:
    api, time = FakeApi(), TickTime()
    people = directory(api, time)
    api.trouble = RateLimited(30)
    await people.actor("U1", "T0")
    calls = api.calls
    api.trouble = None

    early = await people.actor("U2", "T0", is_fresh=False)
    asked_early = api.calls - calls
    time.tick(31)
    late = await people.actor("U1", "T0", is_fresh=False)

    assert (asked_early, early.standing, early.usergroups) == (0, Standing.UNKNOWN, frozenset())
    assert late.usergroups == frozenset({"S0"})


def account(team: str | None = "T0") -> Account:
    return Account(origin=Origin.SLACK, id="U1", team=team)


async def test_looked_up_again_nothing_comes_out_of_memory() -> None:
    api = FakeApi()
    people = directory(api)
    await people.actor("U1", "T0")
    api.groups["S0"] = frozenset()
    api.people["U1"] = MEMBER | {"name": "new"}

    found = await people.look_up(account())

    assert (found.standing, found.usergroups) == (Standing.MEMBER, frozenset())


@pytest.mark.parametrize(
    ("info", "team", "standing"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS]
)
async def test_looked_up_again_everybody_is_what_slack_says_now(
    info: dict[str, Any], team: str | None, standing: Standing
) -> None:
    api = FakeApi()
    api.people["U1"] = info

    assert (await directory(api).look_up(account(team))).standing is standing


@pytest.mark.parametrize("error", ["user_not_found", "user_not_visible"])
async def test_an_account_that_slack_does_not_know_is_an_answer(error: str) -> None:
    api = FakeApi()
    api.trouble = Refused(error)

    assert (await directory(api).look_up(account())).standing is Standing.UNKNOWN


async def test_a_group_that_was_deleted_has_nobody() -> None:
    api = FakeApi()
    api.groups = {}
    api.missing = "no_such_subteam"

    found = await directory(api).look_up(account())

    assert (found.standing, found.usergroups) == (Standing.MEMBER, frozenset())


@pytest.mark.parametrize("trouble", [Away("gone"), RateLimited(30), Refused("missing_scope")])
async def test_no_answer_is_not_taken_for_one(trouble: ChatError) -> None:
    api = FakeApi()
    api.trouble = trouble

    with pytest.raises(ChatError):
        await directory(api).look_up(account())


async def test_a_crowd_of_requests_leaves_slack_answers_for_decisions() -> None:
    api = FakeApi()
    api.people = {f"U{number}": MEMBER | {"id": f"U{number}"} for number in range(200)}
    time = TickTime()
    people = directory(api, time)

    asked = [(await people.actor(f"U{number}", "T0", is_fresh=False)).standing for number in range(100)]
    decided = [(await people.actor(f"U{number}", "T0")).standing for number in range(100, 140)]
    time.tick(60)
    later = await people.actor("U99", "T0", is_fresh=False)

    assert asked == [Standing.MEMBER] * 60 + [Standing.UNKNOWN] * 40
    assert decided == [Standing.MEMBER] * 40
    assert later.standing is Standing.MEMBER
