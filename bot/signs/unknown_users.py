"""A user or group that a program is to become and that the host does not know, as each program says it.

Source: runit chpst.c "unknown user/group"; skalibs and s6-setuidgid "unknown user"; daemontools setuidgid;
Ruby's process.c and etc.c "can't find user for"; lighttpd server.c "can't find username"; FreeBSD su.c
"unknown login"; HAProxy cfgparse-global.c "cannot find user id for"; hitch configuration.c "'%s' not found";
id(1) "no such user"; OpenRC checkpath.c "owner %s not found"; start-stop-daemon.c; sudo "unknown user";
runuser; Varnish mgt_jail_unix.c "Unknown user"; tmpfiles.d "Failed to resolve user".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {}

_NAME = r"[‘'\"`]?(?P<name>[\w.-]{1,80})"
PATTERNS: tuple[Pattern, ...] = (
    says(
        "unit_user",
        r"(?:chpst|setuidgid|s6-\w{1,20}|envuidgid): fatal: unknown (?:user/group|user|group|account)"
        rf":? {_NAME}",
        "fatal: unknown",
    ),
    says("unit_user", rf"\bcan't find (?:user|group) for {_NAME}", "can't find"),
    says("unit_user", rf"\bcan't find (?:username|groupname) {_NAME}", "can't find"),
    says("unit_user", rf"\bsu: unknown (?:login|user|id):? {_NAME}", "su: unknown"),
    says("unit_user", rf"\b[Cc]annot find (?:user|group) id for {_NAME}", "cannot find"),
    says("unit_user", rf"\((?:user|group)\) {_NAME}[’'\"] not found", "not found"),
    says("unit_user", r"\bid: [‘'\"]?(?P<name>[\w.-]{1,80})[’'\"]?: no such user", "no such user"),
    says(
        "unit_user",
        rf"\b(?:owner|user|group) {_NAME}[’'\"] (?:not found|does not exist|is unknown)",
        "owner ",
        "user ",
        "group ",
    ),
    says("unit_user", rf"\bFailed to resolve (?:user|group) {_NAME}", "failed to resolve"),
)
READERS: tuple[Reader, ...] = ()
