"""A refusal that belongs to no incident: nothing was begun, and still it is written down."""

from dataclasses import dataclass
from typing import ClassVar

from bot.model.person import Account, Actor


@dataclass(frozen=True, kw_only=True)
class AskRefused:
    """Somebody wanted something and may not, before there was an incident to tell of it."""

    kind: ClassVar[str] = "system.ask_refused"
    by: Account
    person: str
    #: What was asked for, in words, cut to 200 characters.
    wanted: str
    #: What the person was told, cut to 500 characters.
    why: str


def refusal_of(actor: Actor, *, wanted: str, why: str) -> AskRefused:
    """The refusal of what an actor wanted."""
    return AskRefused(by=actor.account, person=actor.person, wanted=wanted[:200], why=why[:500])
