"""Nobody gets onto the host."""

from bot.model.sign import Signs
from bot.model.verdict import Finding
from bot.rules import _quote, _ssh, _told


def host_unreachable(signs: Signs) -> Finding | None:
    """The host did not answer over SSH, so nothing is known of what runs on it.

    Why: no connection, or one that never began to speak SSH, within the time-out.
    Ruled out when: the host answered one command.
    Mistaken when: only the way to the host is broken, a bastion or a filter, and users are served.
    Mended by: the host's console or its provider: is it up, is sshd alive, does the address still hold?
    Not mended by: anything the bot could run there.
    Source: RFC 4253 section 4.2.
    """
    said = _ssh.alone(signs, "ssh_no_way")
    if said is None:
        return None
    says = "the host takes no SSH connection, so nothing is known of what runs on it"
    seen = signs.first("not_reached", "answers_not") or next(
        (s for s in signs.of("status", "page") if s["status"][:3] in _NO_ORIGIN), None
    )
    if "refused" in said["reason"].lower():
        return _told.likely("host_unreachable", 64, says, _UNSEEN, said, seen, next_check=_CHECK)
    weight = 84 if seen is not None else 76
    return _told.likely("host_unreachable", weight, says, _UNSEEN, said, seen, next_check=_CHECK)


#: What Cloudflare answers for a host that it does not reach.
_NO_ORIGIN = ("521", "522", "523")
_UNSEEN = _quote.useless("app", "nobody gets there to restart it, nor knows whether it runs")
_CHECK = "the host's console or its provider: is it up, is sshd alive, does the address still hold?"
