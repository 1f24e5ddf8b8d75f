"""What stands in Slack, and what becomes of the channel it stands in."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message of this incident stands in Slack. Not part of the timeline."""

    kind: ClassVar[str] = "chat.shown"
    #: Which message: `root`, `verdict`, `group:sockets`, `card:<approval>`, …
    key: str
    channel: str
    ts: str
    #: SHA-256 of what was shown, so that the same is not sent twice.
    digest: str
    #: Whether the channel was public then, so that anybody of the workspace may see it; what Slack did not
    #: say is not public. None: from before this was kept.
    is_public: bool | None = None


class ChannelChange(Enum):
    """What Slack tells of a channel."""

    #: With another organisation: nothing of hosts is said there.
    SHARED = "shared"
    UNSHARED = "unshared"
    #: It has another id from now on, as a private one that is shared gets.
    MOVED = "moved"


@dataclass(frozen=True, kw_only=True)
class ChannelChanged:
    """Something became of a channel that this incident is shown in."""

    kind: ClassVar[str] = "chat.channel_changed"
    channel: str
    change: ChannelChange
    #: Its id from now on.
    now: str
