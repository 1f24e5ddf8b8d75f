"""Which words may become labels: sets known at the start, and `other` for everything else.

Hosts, people, incidents and texts are never labels: each new one would be a new time series.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.catalog import names_of_code
from bot.errors import (
    HostError,
    HostKeyRejected,
    HostKeyUnknown,
    HostKitDrifted,
    HostUnreachable,
    SshAuthFailed,
    SshBroken,
)
from bot.model.evidence import GapKind
from bot.model.runbook import Catalog

OTHER = "other"
#: Verdicts that no rule gives.
_WITHOUT_RULE = frozenset({"healthy", "unknown"})
#: Verdicts over hosts that could not be asked.
_OF_ACCESS = frozenset(
    error.cause
    for error in (
        HostError,
        HostUnreachable,
        SshAuthFailed,
        HostKeyRejected,
        HostKeyUnknown,
        HostKitDrifted,
        SshBroken,
    )
)
#: Methods of Slack's Web API that the bot calls; uploads and answers go to addresses of their own.
SLACK_METHODS = frozenset(
    {
        "apps.connections.open",
        "auth.test",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.replies",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "usergroups.users.list",
        "users.info",
        "views.open",
    }
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """The sets for one installation."""

    runbooks: frozenset[str]
    steps: frozenset[str]
    causes: frozenset[str]

    @classmethod
    def of(cls, catalog: Catalog) -> "Known":
        """What the runbooks and the code name."""
        return cls(
            runbooks=frozenset(catalog.runbooks),
            steps=frozenset(step.id for book in catalog.runbooks.values() for step in book.steps),
            causes=frozenset(names_of_code().rules) | _WITHOUT_RULE | _OF_ACCESS,
        )


def among(word: str, known: Iterable[str]) -> str:
    """The word when it is a known one, else `other`."""
    return word if word in known else OTHER


def gap_kind(gap: str) -> str:
    """Label of a gap as the ledger has it, `KIND: reason`, e.g. `timed_out`."""
    kind = gap.partition(":")[0]
    return next((one.name.lower() for one in GapKind if one.value == kind), OTHER)
