"""Every error the bot raises on purpose.

    BotError
    ├─ AskError            the asker can mend it: shown to them as it is
    │  ├─ UnknownHost · BadRequest · NotAllowed · Stale · Busy
    ├─ AuthorError         the author of a fleet, runbook, policy or setting can mend it
    │  ├─ FileError        names file, key and way out
    │  └─ SettingsError
    ├─ HostError           the host could not be asked; becomes gaps and a cause
    │  ├─ HostUnreachable · SshAuthFailed · HostKeyRejected · SshBroken · HostKitDrifted
    │  │                                    └─ HostKeyUnknown
    ├─ LedgerError         no intent, no action
    │  ├─ LedgerUnavailable · Conflict · HostBusy · ClaimLost
    ├─ ParseError          an output is not what its parser reads; becomes a gap
    └─ ChatError           Slack refused or is gone

A message says what happened, to what, and what to do; lower case, no full stop.
"""


class BotError(Exception):
    """Root of the tree."""


class AskError(BotError):
    """The person who asked can mend it; the message is shown to them."""


class UnknownHost(AskError):
    """No such host in the fleet."""


class BadRequest(AskError):
    """The request's words are off."""


class NotAllowed(AskError):
    """Policy says no; the message names the rule and who may."""


class Stale(AskError):
    """The thing asked about has moved on: decided, expired, superseded."""


class Busy(AskError):
    """Too much at once; the message says for how long. Nothing was started."""


class AuthorError(BotError):
    """A file or setting is wrong; its author can mend it."""


class FileError(AuthorError):
    """A file is wrong: `FILE:LINE: KEY: what; way out`."""


class SettingsError(AuthorError):
    """An environment setting is missing or wrong."""


class HostError(BotError):
    """The host could not be asked. `cause` is the verdict's name for it."""

    cause = "host_unreachable"


class HostUnreachable(HostError):
    """No TCP connection, or no SSH banner in time."""

    cause = "host_unreachable"


class SshAuthFailed(HostError):
    """The host refused our key."""

    cause = "ssh_auth_failed"


class HostKeyRejected(HostError):
    """The host's key is not the one we know, or is revoked."""

    cause = "host_key_changed"


class HostKeyUnknown(HostKeyRejected):
    """No key of the host is on file yet. `line`: what known_hosts lacks, once somebody checked it."""

    cause = "host_key_unknown"

    def __init__(self, says: str, *, line: str = "") -> None:
        super().__init__(says)
        self.line = line


class SshBroken(HostError):
    """The host spoke, but not properly, or the connection broke."""

    cause = "host_unreachable"


class HostKitDrifted(HostError):
    """A guarded host does not hold what the runbooks here would have it run."""

    cause = "host_kit_drifted"


class LedgerError(BotError):
    """The ledger could not do what was asked; nothing may run on a host."""


class LedgerUnavailable(LedgerError):
    """Locked, full, gone, or not ours."""


class Conflict(LedgerError):
    """Somebody else appended first; fold again and decide again."""


class HostBusy(LedgerError):
    """Another remedy holds this host and unit."""


class ClaimLost(LedgerError):
    """This process was silent for so long that another may have taken over what it works on."""


class ParseError(BotError):
    """An output is not what its parser reads; the message quotes the line."""


class ChatError(BotError):
    """Slack refused or could not be reached."""
