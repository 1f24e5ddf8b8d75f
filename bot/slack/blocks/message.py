"""What is to stand in Slack: messages and files, each under a key of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from bot.model.runbook import Runbook

#: A JSON object of Slack's, built here and nowhere read.
Block = dict[str, object]


class Urgency(IntEnum):
    """What goes first when Slack takes one message a second."""

    CARD = 0
    OUTCOME = 1
    DETAIL = 2
    PROGRESS = 3


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message, complete: what it says now, not what changed."""

    #: `root`, `verdict`, `group:sockets`, `card:<approval>`, …
    key: str
    #: For notifications and screen readers: our own words, and a host's as `text.notice` gives them.
    text: str
    blocks: tuple[Block, ...]
    urgency: Urgency
    #: True for the message that the thread hangs under.
    is_root: bool = False
    #: Another channel to stand in; None: the incident's thread.
    channel: str | None = None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A run's full output as one file in the thread, put there once."""

    key: str
    run: int
    name: str
    title: str
    urgency: Urgency = Urgency.DETAIL


@dataclass(frozen=True, kw_only=True)
class View:
    """What rendering needs beside the incident itself."""

    #: None when the catalog no longer has it; then steps stand in one group.
    runbook: Runbook | None
    #: Remedy -> its title; a name that is missing is shown as it is.
    titles: Mapping[str, str] = field(default_factory=dict)
    #: Evidence digest -> cleaned text; one that is missing was erased or not loaded.
    texts: Mapping[str, str] = field(default_factory=dict)
