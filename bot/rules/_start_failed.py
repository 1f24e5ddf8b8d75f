"""What nginx's last start ended with, where its files pass the test of root all the same.

Source: ngx_connection.c ngx_open_listening_sockets, `[emerg] bind() to … failed`; httpd_selinux(8): a service
may listen on the ports of http_port_t alone, and open files by their label; `nginx -t` by sudo is bound by
neither.
"""

import re

from bot.model.verdict import RestartAdvice
from bot.parsers.journal import Journal, JournalEntry
from bot.rules import _quote

_DENIED = re.compile(r"\[emerg\].*\(13: Permission denied\)|\[emerg\].*:Permission denied")
#: Ports that only root or who has the capability may have. Source: capabilities(7) CAP_NET_BIND_SERVICE.
_LOW = 1024
_BIND = re.compile(r"bind\(\) to \S*:(\d{1,5}) failed")


def last(journal: Journal | None) -> JournalEntry | None:
    """The last `[emerg]` that a start was denied by; None when the newest start came further."""
    for entry in reversed(journal.entries if journal else ()):
        if "systemd[1]: Started " in entry.line:
            return None
        if "[emerg]" in entry.line:
            return entry if _DENIED.search(entry.line) else None
    return None


def advice() -> RestartAdvice:
    """Of a start that was denied."""
    return _quote.useless("nginx", "its last start was denied something that no new start is given")


def says(entry: JournalEntry) -> str:
    """Behind the sentence that it does not run."""
    port = _BIND.search(entry.line)
    what = f"listen on port {port[1]}" if port else "open a file"
    return f"; its last start was not let {what}, though root may: SELinux or its unit denies it"


def mend(entry: JournalEntry) -> str:
    """A label for the port, or for the file."""
    port = _BIND.search(entry.line)
    label = (
        f"`semanage port -a -t http_port_t -p tcp {port[1]}`"
        if port
        else "`restorecon -v` on the file that it names"
    )
    seen = "`getenforce`, `ausearch -m AVC -c nginx -ts recent`"
    if port and int(port[1]) < _LOW:
        return (
            "the unit: a port below 1024 takes CAP_NET_BIND_SERVICE, which User= or CapabilityBoundingSet= "
            f"may take away (`systemctl cat nginx`); else its SELinux label ({seen}); then a start"
        )
    return f"where SELinux enforces ({seen}) {label}; then a start of nginx"
