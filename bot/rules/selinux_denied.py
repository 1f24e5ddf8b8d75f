"""SELinux keeps nginx from connecting."""

from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.kernel_log import KernelLog
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.selinux import SelinuxMode
from bot.parsers.socket_files import SocketFiles
from bot.rules import _quote


def selinux_denied(
    error_log: NginxErrorLog | None,
    selinux: SelinuxMode | None,
    kernel_log: KernelLog | None,
    socket_files: SocketFiles | None,
) -> Finding | RuledOut | None:
    """SELinux denies nginx the connection (or the name look-up) that file modes would allow.

    Why: nginx gets "Permission denied", SELinux is enforcing, and an AVC line names nginx.
    Ruled out when: SELinux is not there or not enforcing.
    Mistaken when: the mode of a unix socket denies it (socket_permission).
    Source: httpd_selinux(8) httpd_can_network_connect; avc messages of the kernel.
    """
    if selinux is not None and not selinux.is_enforcing:
        because = (Line(step="selinux", text=selinux.line),)
        return RuledOut(cause="selinux_denied", says="SELinux does not enforce", because=because)
    logged = error_log.of(Fault.PERMISSION) if error_log else ()
    denials = [event for event in kernel_log.denials if "nginx" in event.line] if kernel_log else []
    over_tcp = [entry for entry in logged if not entry.address.startswith("unix:")]
    by_mode = any(socket_files.hindrance(e.address[5:]) for e in logged) if socket_files else False
    if by_mode or not (denials or over_tcp or (selinux is not None and logged)):
        return None
    return Finding(
        cause="selinux_denied",
        certainty=Certainty.CONFIRMED if denials and logged else Certainty.LIKELY,
        says="SELinux keeps nginx from connecting to the app",
        because=(
            *(_quote.kernel(event) for event in denials[-1:]),
            *(_quote.error(entry) for entry in (over_tcp or logged)[:1]),
            *((Line(step="selinux", text=selinux.line),) if selinux else ()),
        ),
        restart=_quote.useless("app", "the policy stays as it is"),
        next_check=None if denials else "ausearch -m avc -c nginx",
        weight=87,
    )
