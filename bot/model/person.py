"""Who asks, votes or acts."""

from dataclasses import dataclass
from enum import Enum


class Origin(Enum):
    """The door a request came in by."""

    SLACK = "slack"
    TERMINAL = "terminal"
    BOT = "bot"


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account as its provider vouches for it: never a display name."""

    origin: Origin
    #: Slack user id, or login name for the terminal.
    id: str
    #: Slack team id of the account's owner, or the machine a login is of; None when that was not told.
    team: str | None = None
    #: For reading only; never compared.
    shown_as: str = ""


class Standing(Enum):
    """What kind of account this is, as asked of Slack at the moment it matters."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    OTHER_TEAM = "other team"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """An account together with what is known of it now."""

    account: Account
    standing: Standing
    #: The person the fleet's policy maps the account to; the account id itself when unmapped.
    person: str
    #: Slack user groups it is in now; empty when they could not be read.
    usergroups: frozenset[str] = frozenset()
    #: IANA time zone, e.g. Europe/Berlin.
    timezone: str = "UTC"


THE_BOT = Account(origin=Origin.BOT, id="runbook-bot", shown_as="runbook-bot")
