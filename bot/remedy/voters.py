"""Everybody who said yes, looked up again before it runs."""

import asyncio

from bot.model.approval import Vote
from bot.model.ruling import Seen
from bot.policy import groups_of
from bot.ports import Directory, Ledger
from bot.remedy.consent import Matter, ballot_given


async def look_up_voters(directory: Directory, ledger: Ledger, matter: Matter) -> tuple[Seen, ...]:
    """Each of them as they are now, in the order of their votes.

    Of one who cannot be asked for, what was known at the vote, with that time: the policy says how old it
    may be. Raises LedgerUnavailable.
    """
    now = await ledger.now()
    at = max(now, matter.state.clock_at or now)
    votes = [vote for vote in matter.approval.votes if vote.event.is_yes]
    actors = await asyncio.gather(*(directory.look_up(vote.event.by) for vote in votes))
    return tuple(
        _as_voted(matter, vote)
        if actor is None
        else Seen(
            person=actor.person,
            standing=actor.standing,
            groups=groups_of(matter.policy, actor),
            at=at,
        )
        for vote, actor in zip(votes, actors, strict=True)
    )


def _as_voted(matter: Matter, vote: Vote) -> Seen:
    ballot = ballot_given(matter.policy, vote)
    return Seen(person=ballot.person, standing=ballot.standing, groups=ballot.groups, at=ballot.at)
