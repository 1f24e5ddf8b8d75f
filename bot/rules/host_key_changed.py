"""The host's SSH key is not the one on file."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _ssh, _told


def host_key_changed(signs: Signs) -> Finding | None:
    """The host showed another key than the one on file; the bot spoke no further.

    Why: the host was set up anew, or somebody stands in between.
    Ruled out when: the key matches known_hosts, or no key of the host is on file yet (host_key_unknown).
    Mistaken when: it was reinstalled on purpose and nobody told known_hosts.
    Mended by: comparing the fingerprint on the host's console, then writing the new key into known_hosts.
    Not mended by: switching the check off.
    Source: RFC 4251 section 4.1.
    """
    said = _ssh.alone(signs, "ssh_key_changed")
    if said is None:
        return None
    says = "the host shows another SSH key than the one on file, so nobody spoke further with it"
    return _told.likely("host_key_changed", 88, says, _UNSEEN, said, next_check=_CHECK)


_UNSEEN = _quote.useless("app", "nothing on the app is known to be broken")
_CHECK = "the fingerprint on the host's console, held against the one that was shown"
