"""Who an account is at this moment, as Slack tells it; what cannot be read counts against them."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import ChatError
from bot.model.person import Account, Actor, Origin, Standing
from bot.policy import Policy, person_of
from bot.slack.api import Api
from bot.slack.failures import Refused
from bot.slack.lookups import Lookups
from bot.slack.pace import Time

#: Slack's names for an account or user group that is not there (any more).
_NOT_THERE = frozenset({"user_not_found", "user_not_visible", "no_such_subteam", "subteam_not_found"})
#: How long a user group's members or a channel's facts are believed.
CACHE_S = 60.0

SHARED = (
    "this channel is shared with another organisation, so nothing about hosts is said or done here "
    "(rule 'no shared channels'); ask in a channel of your own workspace"
)

#: Slack account -> the person of the fleet's policy.
PersonOf = Callable[[Account], str]
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Home:
    """The workspace the bot lives in, from `auth.test`."""

    team: str
    bot_user: str
    bot_id: str = ""
    #: The handle people mention it by.
    bot_name: str = "runbook"
    #: Address of the workspace, with a slash at its end; empty when Slack did not say.
    url: str = ""

    def link(self, channel: str, ts: str, shown: str) -> str:
        """A link to a message, in mrkdwn; only its words where there is no address."""
        if not self.url.startswith("https://") or any(mark in self.url for mark in "<>|"):
            return f"`{shown}`"
        return f"<{self.url}archives/{channel}/p{ts.replace('.', '')}|{shown}>"

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Home":
        """From the answer of `auth.test`. Raises ChatError when it names no workspace."""
        if not told.get("team_id"):
            raise ChatError("Slack does not say which workspace the token is for; use a bot token, xoxb-…")
        return cls(
            team=str(told["team_id"]),
            bot_user=str(told.get("user_id")),
            bot_id=str(told.get("bot_id") or ""),
            bot_name=str(told.get("user") or "runbook"),
            url=str(told.get("url") or ""),
        )


class Directory:
    """Looks people, groups and channels up in Slack."""

    def __init__(
        self, api: Api, time: Time, home: Home, *, usergroups: Collection[str], person_of: PersonOf
    ) -> None:
        self._home = home
        self._usergroups = tuple(usergroups)
        self._person_of = person_of
        self._people = Lookups(time, api.user)
        self._members = Lookups(time, api.group_members)
        self._channels = Lookups(time, api.channel)

    async def actor(self, user: str, team: str | None, *, is_fresh: bool = True) -> Actor:
        """The account now. `team` is what the signed payload says of the person; None: it does not.

        `is_fresh` False: up to a minute old will do, for what changes nothing on a host.
        Never raises: what Slack does not tell makes the standing UNKNOWN and the groups empty, so
        that the policy refuses.
        """
        try:
            age_s = 0.0 if is_fresh else CACHE_S
            info = await self._people.get(user, max_age_s=age_s, is_decision=is_fresh)
        except ChatError:
            info = {}
        standing = standing_of(info, team=team, home=self._home.team)
        account = Account(origin=Origin.SLACK, id=user, team=team, shown_as=_name(info) or user)
        groups = await self._groups(user) if standing is Standing.MEMBER else frozenset()
        return self._actor(account, standing, groups, timezone=str(info.get("tz") or "UTC"))

    async def look_up(self, account: Account) -> Actor:
        """The account as it is this moment: neither profile nor groups out of memory.

        An account or group that Slack does not know (any more) is an answer. Raises ChatError for none.
        """
        info = await _or_empty(self._people.get(account.id, max_age_s=0.0), {})
        standing = standing_of(info, team=account.team, home=self._home.team)
        if standing is not Standing.MEMBER:
            return self._actor(account, standing, frozenset())
        members = {
            group: await _or_empty(self._members.get(group, max_age_s=0.0), frozenset())
            for group in self._usergroups
        }
        groups = frozenset(group for group in self._usergroups if account.id in members[group])
        return self._actor(account, standing, groups)

    def _actor(
        self, account: Account, standing: Standing, groups: frozenset[str], *, timezone: str = "UTC"
    ) -> Actor:
        return Actor(
            account=account,
            standing=standing,
            person=self._person_of(account),
            usergroups=groups,
            timezone=timezone,
        )

    async def why_not_here(self, channel: str) -> str | None:
        """Why the bot must not or cannot speak in this channel; None when it may."""
        try:
            info = await self._channel(channel)
        except Refused as refused:
            return self.invite(refused.error)
        except ChatError as error:
            return f"cannot ask Slack about this channel ({error}); try again"
        if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            return SHARED
        if not (info.get("is_member") or info.get("is_im")):
            return self.invite("not_in_channel")
        return None

    async def check(self, channel: str) -> None:
        """Raises Refused where nothing of a host may be said, ChatError when Slack does not tell."""
        info = await self._channel(channel)
        if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            raise Refused("channel_is_shared")

    async def is_public(self, channel: str) -> bool:
        """Whether anybody of the workspace may see the channel; False when Slack does not tell."""
        try:
            return is_public(await self._channel(channel))
        except ChatError:
            return False

    def forget(self, channel: str) -> None:
        """Ask Slack anew about the channel: it was shared, or is no longer."""
        self._channels.forget(channel)

    def invite(self, error: str) -> str:
        """What to do when the bot may not post somewhere."""
        if error in {"not_in_channel", "channel_not_found"}:
            return f"I am not in this channel; type /invite @{self._home.bot_name} here, then ask again"
        return f"I cannot post in this channel ({error}); ask somewhere else"

    async def _groups(self, user: str) -> frozenset[str]:
        return frozenset([group for group in self._usergroups if user in await self._group(group)])

    async def _group(self, group: str) -> frozenset[str]:
        try:
            return await self._members.get(group, max_age_s=CACHE_S)
        except ChatError:
            return frozenset()

    async def _channel(self, channel: str) -> dict[str, Any]:
        info = await self._channels.get(channel, max_age_s=CACHE_S)
        if not (info.get("is_member") or info.get("is_im")):
            # After an invitation the next request must work.
            self._channels.forget(channel)
        return info


def is_public(info: dict[str, Any]) -> bool:
    """Whether `conversations.info` describes a channel that anybody of the workspace can open and join.

    Private channels, direct messages and groups of people are not, nor is one that is archived, since
    nobody presses anything there, or shared with others. What is not said counts against it.
    """
    is_closed = any(info.get(key) for key in ("is_im", "is_mpim", "is_group", "is_archived"))
    is_shared = info.get("is_ext_shared") or info.get("is_pending_ext_shared")
    is_open = info.get("is_channel") is True and info.get("is_private") is False
    return is_open and not (is_closed or is_shared)


def directory_for(policy: Policy, api: Api, time: Time, home: Home) -> Directory:
    """The directory of the people and user groups that a policy speaks of."""
    return Directory(
        api,
        time,
        home,
        usergroups=sorted({group.usergroup for group in policy.groups.values() if group.usergroup}),
        person_of=lambda account: person_of(policy, account),
    )


async def _or_empty(asked: Awaitable[Answer], empty: Answer) -> Answer:
    try:
        return await asked
    except Refused as refused:
        if refused.error in _NOT_THERE:
            return empty
        raise


def standing_of(info: dict[str, Any], *, team: str | None, home: str) -> Standing:
    """What kind of account `users.info` describes; the first that applies, MEMBER only when none does."""
    if not info:
        return Standing.UNKNOWN
    if info.get("deleted"):
        return Standing.DEACTIVATED
    if info.get("is_bot") or info.get("is_workflow_bot") or info.get("id") == "USLACKBOT":
        return Standing.BOT
    if info.get("is_stranger"):
        return Standing.STRANGER
    if info.get("is_restricted") or info.get("is_ultra_restricted"):
        return Standing.GUEST
    if info.get("team_id") != home:
        return Standing.OTHER_TEAM
    if team is None:
        return Standing.UNKNOWN
    return Standing.MEMBER if team == home else Standing.OTHER_TEAM


def _name(info: dict[str, Any]) -> str:
    profile = info.get("profile") or {}
    return str(
        profile.get("display_name")
        or profile.get("real_name")
        or info.get("real_name")
        or info.get("name")
        or ""
    )
