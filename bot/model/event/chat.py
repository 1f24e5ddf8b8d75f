"""What stands in Slack."""

from dataclasses import dataclass
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
