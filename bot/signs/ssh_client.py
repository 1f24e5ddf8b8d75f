"""SSH clients that do not get onto the host, so that nothing there can be looked at.

Source: OpenSSH sshconnect.c, sshconnect2.c, misc.c ("connect to host", "Permission denied (publickey)", "HOST
IDENTIFICATION HAS CHANGED"), kex.c; PuTTY's ssh/ and unix/network.c; Go's x/crypto/ssh and knownhosts;
Paramiko's ssh_exception.py; libssh2's "Failure establishing ssh session"; Ansible's UNREACHABLE.
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "ssh_no_way": "an SSH client gets no connection to the host; fields: target, reason",
    "ssh_denied": "the host's SSH server accepts none of the client's keys; fields: target",
    "ssh_key_changed": "the host shows another SSH key than the one on file; fields: target",
    "ssh_key_unknown": "the host's SSH key is on no file yet; fields: target",
}

_HOST = r"(?P<target>[\w.:%-]{1,120})"
_WHY = (
    r"(?P<reason>(?:Connection|Operation) timed out|No route to host|Host is down|Network is unreachable"
    r"|Host is unreachable|Connection refused|Connection reset by peer|i/o timeout)"
)
#: Hosts of code: who may not fetch there may well get onto his own.
_NOT_CODE = r"(?!.{0,80}\b(?:git@|github|gitlab|bitbucket))"

PATTERNS: tuple[Pattern, ...] = (
    says(
        "ssh_no_way",
        rf"^{_NOT_CODE}.{{0,200}}ssh: connect to host {_HOST} port \d+: {_WHY}",
        "connect to host",
    ),
    says(
        "ssh_no_way",
        rf"^{_NOT_CODE}.{{0,200}}(?:(?:ssh|kex)_exchange_identification|banner exchange)"
        r"\b.{0,60}?(?P<reason>Connection (?:closed|reset|timed out|to \S+ timed out)|Connection reset)",
        "exchange",
    ),
    says(
        "ssh_no_way",
        r"\bFATAL ERROR: Network error: (?P<reason>Connection (?:timed out|refused|reset)|No route)",
        "network error",
    ),
    says("ssh_no_way", r"Connection timed out during (?P<reason>banner exchange)", "banner exchange"),
    says("ssh_no_way", rf"\bdial tcp (?P<target>[\w.:\[\]-]{{1,120}}:22): .{{0,40}}?{_WHY}", "dial tcp"),
    says("ssh_no_way", r"(?P<reason>Unable to connect to port 22) on (?P<target>\S{1,120})", "to port 22"),
    says("ssh_no_way", r"Error reading SSH protocol (?P<reason>banner)", "ssh protocol banner"),
    says(
        "ssh_denied",
        r"^(?!.{0,80}(?:\bgit@|sshd\[)).{0,300}?(?:(?P<target>[\w.-]{1,60}@[\w.:-]{1,120}): )?"
        r"Permission denied \((?:publickey|password|keyboard-interactive|gssapi)[\w,-]{0,100}\)",
        "permission denied (",
    ),
    says("ssh_denied", r"ssh: handshake failed: ssh: unable to authenticate", "ssh: unable to auth"),
    says(
        "ssh_denied",
        r"No supported authentication methods available|(?:paramiko|ssh)\S{0,60}AuthenticationException"
        r"|^Received disconnect from \S+ .{0,40}Too many authentication failures",
        "no supported authentication",
        "authenticationexception",
        "too many authentication",
    ),
    says(
        "ssh_key_changed",
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|WARNING - POTENTIAL SECURITY BREACH|knownhosts: key mismatch"
        r"|BadHostKeyException",
        "identification has changed",
        "security breach",
        "key mismatch",
        "badhostkey",
    ),
    says(
        "ssh_key_changed",
        rf"Host key for (?:server )?'?{_HOST}'? (?:has changed and you have requested|does not match)",
        "host key for",
    ),
    says(
        "ssh_key_unknown",
        rf"No \S{{1,20}} host key is known for {_HOST} and you have requested strict",
        "host key is known for",
    ),
    says(
        "ssh_key_unknown",
        r"knownhosts: key is unknown|Server '?(?P<target>[^' ]{1,120})'? not found in known_hosts"
        r"|The authenticity of host '[^' ]{1,120}.{0,80} can't be established",
        "key is unknown",
        "in known_hosts",
        "authenticity of host",
    ),
)
READERS: tuple[Reader, ...] = ()
