"""The host does not let the SSH client in."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _ssh, _told


def ssh_auth_failed(signs: Signs) -> Finding | None:
    """The host answered, but did not accept the bot's key, so nothing is known of what runs on it.

    Why: sshd refused every key that was offered.
    Ruled out when: the host answered one command.
    Mistaken when: the account is locked or its home is gone, and the key itself is right.
    Mended by: the bot's public key in the account's authorized_keys; `runbook-bot doctor HOST` says which.
    Not mended by: anything on the app or nginx.
    Source: RFC 4252 section 5.1.
    """
    said = _ssh.alone(signs, "ssh_denied")
    if said is None:
        return None
    says = "the host lets nobody in with that key, so nothing is known of what runs on it"
    return _told.likely("ssh_auth_failed", 86, says, _UNSEEN, said, next_check=_CHECK)


_UNSEEN = _quote.useless("app", "nothing on the app is known to be broken")
_CHECK = "`ssh -v`: which keys are offered, and which of them authorized_keys and sshd's settings accept"
