"""People: where they read along, who they are, and which keys are theirs."""

from collections.abc import Collection
from typing import Protocol

from bot.model.person import Account, Actor
from bot.model.signed import Signed


class Chat(Protocol):
    """Where an incident is shown while it runs. Never raises for the chat being away."""

    def changed(self, incident: str) -> None:
        """The incident has new events; show them soon. Returns at once, coalesces."""
        ...

    def trouble(self, incident: str, says: str) -> None:
        """Something keeps the incident from going on; say so without the ledger. Returns at once."""
        ...


class Directory(Protocol):
    """Whoever vouches for accounts and channels: Slack for its own, the operating system for logins."""

    async def look_up(self, account: Account) -> Actor | None:
        """The account as it is now, asked afresh; None when that cannot be told. Never raises."""
        ...

    async def is_public(self, channel: str) -> bool:
        """Whether anybody of the workspace may see the channel now; False: nobody can tell. Never raises."""
        ...


class Signatures(Protocol):
    """Whoever knows which key is whose."""

    def check_signature(self, text: str, signature: str, *, principals: Collection[str]) -> Signed:
        """Whose of these principals' keys signed this text for an approval.

        Raises BadRequest saying what is wrong with the signature.
        """
        ...
