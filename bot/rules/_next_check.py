"""The next check over text, where the text has answered the rule's own, or its system has another tool.

A rule names the check that decides it. Who pasted the audit line has asked `ausearch`; the next look is then
one step deeper. On BSD and macOS there is no ss.

Source: audit2allow(1) `-w`; dmesg(1); systemctl(1), journalctl(1); lsof(8); errno of FreeBSD and macOS
(48 EADDRINUSE, 61 ECONNREFUSED), as nginx prints them.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.model.sign import Signs
from bot.model.verdict import Finding

#: Cause -> kinds of signs that answer its check, and what is to be looked at then.
_DEEPER: Mapping[str, tuple[tuple[str, ...], str]] = {
    "app_crash_startup": (
        ("missing_module", "missing_setting"),
        "what that error names: is it in this release, in this environment, at this path?",
    ),
    "backlog_full": (
        ("queue_full",),
        "what the workers do meanwhile: does the app accept at all, and how long does a request take?",
    ),
    "k8s_service_mismatch": (
        ("no_endpoints",),
        "`kubectl get pods --show-labels` held against the service's selector, and whether they are ready",
    ),
    "migration_failure": (
        ("migration_failed",),
        "what that error says is there, or is missing, held against the database itself",
    ),
    "oom_kill": (
        ("out_of_memory",),
        "how much the killed process had (`dmesg -T`, its row of the task table), and whether it runs again",
    ),
    "premature_close_crash": (
        ("crashed",),
        "a core dump or backtrace of that process: in which extension or library does it end?",
    ),
    "selinux_denied": (
        ("denied_by_policy", "denied_in_box"),
        "that audit line through `audit2allow -w`: it names the boolean, or says that a label is missing",
    ),
    "start_limit_hit": (
        ("start_limit",),
        "`journalctl -u UNIT` from before the limit: did its runs fail, or who started it so often?",
    ),
}
#: uWSGI gives both numbers that `ss` would show.
_COUNTED = re.compile(r"listen queue of socket .{1,120} full !!! \(\d+/\d+\)")
_SS = re.compile(r"`ss -l[a-z]*`|\bss -ltnp\b")
_BSD = re.compile(
    r"\((?:48: Address already in use|61: Connection refused)|\bmacOS\b|\bMac OS X\b(?! 10_| 1\d_|\))"
    r"|\bDarwin Kernel"
    r"|/opt/homebrew/|/usr/local/Cellar/|\bbrew services\b|\bFreeBSD\b|\bLaravel (?:Herd|Valet)\b"
)
_LSOF = "`lsof -nP -iTCP -sTCP:LISTEN`"


def heeding_text(signs: Signs, finding: Finding) -> Finding:
    """The finding with the check that is left to make; as it is where none is named."""
    check = finding.next_check
    if check is None:
        return finding
    kinds, deeper = _DEEPER.get(finding.cause, ((), ""))
    if signs.has(*kinds) or (finding.cause == "backlog_full" and _COUNTED.search(signs.text)):
        check = deeper
    if _SS.search(check) and _BSD.search(signs.text):
        check = _SS.sub(_LSOF, check)
    return finding if check == finding.next_check else replace(finding, next_check=check)
