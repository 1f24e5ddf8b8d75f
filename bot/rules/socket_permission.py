"""nginx may not open the app's unix socket."""

from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.socket_files import SocketFiles
from bot.rules import _quote


def socket_permission(
    error_log: NginxErrorLog | None, socket_files: SocketFiles | None
) -> Finding | RuledOut | None:
    """The unix socket is there, but nginx's workers may not connect to it: its mode, its owner or a
    directory above.

    Why: nginx was denied, and the mode of the named path does not let the workers' user in.
    Ruled out when: the workers may write to the socket and search every directory above it.
    Mistaken when: SELinux or AppArmor denies what the modes allow (selinux_denied).
    Source: unix(7) "Pathname socket ownership and permissions", path_resolution(7).
    """
    logged = [e for e in error_log.of(Fault.PERMISSION) if e.address.startswith("unix:")] if error_log else []
    sockets = [e.name for e in socket_files.entries if e.kind == "socket"] if socket_files else []
    named = [entry.address[5:] for entry in logged] or sockets
    hindrance = next((h for s in named if socket_files and (h := socket_files.hindrance(s))), None)
    if not logged and hindrance is None:
        if not sockets:
            return None
        says = f"nginx's workers may connect to {sockets[0]}"
        return RuledOut(cause="socket_permission", says=says)
    if socket_files is not None and socket_files.entries and hindrance is None and not socket_files.unseen:
        return None
    lines = (Line(step="socket_files", text=hindrance.line),) if hindrance else ()
    return Finding(
        cause="socket_permission",
        certainty=Certainty.CONFIRMED if hindrance and logged else Certainty.LIKELY,
        says=f"nginx may not connect to {named[0]}" + (f": {hindrance.line}" if hindrance else ""),
        because=(*(_quote.error(entry) for entry in logged[:1]), *lines),
        restart=_quote.useless("app", "it makes the socket with the same mode again"),
        next_check=None if hindrance else "mode and owner of the socket and of each directory above it",
        weight=88,
    )
