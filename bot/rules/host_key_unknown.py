"""The host's SSH key is on no file yet."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _ssh, _told


def host_key_unknown(signs: Signs) -> Finding | None:
    """The host's key is not in known_hosts yet, so nobody can say whose host answered; no more was said.

    Why: this bot asks the host for the first time, or under a name, address or port that is not on file.
    Ruled out when: known_hosts has a key for the host's name or address, the same one or another.
    Mistaken when: the right line is in another file than the fleet's ssh.known_hosts.
    Mended by: comparing the fingerprint on the host's console, then the line from `runbook-bot doctor HOST`.
    Not mended by: taking the key over the network unseen, which trusts whoever answers.
    Source: RFC 4251 section 4.1.
    """
    said = _ssh.alone(signs, "ssh_key_unknown")
    if said is None or signs.has("ssh_key_changed"):
        return None
    if "authenticity" in said.line and not any("verification failed" in line for line in signs.unread):
        return None  # only asked, and maybe answered with yes
    says = "the host's SSH key is not on file yet, so nobody spoke further with it"
    return _told.likely("host_key_unknown", 84, says, _UNSEEN, said, next_check=_CHECK)


_UNSEEN = _quote.useless("app", "nothing on the app is known to be broken")
_CHECK = "the fingerprint on the host's console, held against the one that was shown"
