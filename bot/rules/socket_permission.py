"""nginx may not open the app's unix socket."""

import re

from bot.model.sign import Sign, Signs
from bot.model.verdict import Certainty, Finding, Line, RuledOut
from bot.parsers._nginx_faults import Fault
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.parsers.socket_files import SocketFiles
from bot.rules import _outage, _quote, _told


def socket_permission(
    error_log: NginxErrorLog | None, socket_files: SocketFiles | None, upstreams: HttpProbes | None
) -> Finding | RuledOut | None:
    """The unix socket is there, but nginx's workers may not connect to it: its mode, its owner or a
    directory above.

    Why: nginx was denied, and the mode of the named path does not let the workers' user in.
    Ruled out when: the workers may write to the socket and search every directory above it.
    Mistaken when: SELinux or AppArmor denies what the modes allow (selinux_denied).
    Mended by: a socket mode and group that let nginx's workers write (listen.owner, listen.mode, UMask=,
    SocketMode=), and search permission on each directory above it.
    Not mended by: chmod by hand (the next start undoes it), or a restart: it makes the socket with the same
    mode.
    Source: unix(7) "Pathname socket ownership and permissions", path_resolution(7).
    """
    logged = [e for e in error_log.of(Fault.PERMISSION) if e.address.startswith("unix:")] if error_log else []
    if _names_none(socket_files, upstreams):
        logged = []  # it is of a socket that nginx dialled once
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
    is_folder = hindrance is not None and hindrance.kind == "directory"
    how = hindrance.line.removeprefix(f"{named[0]}: ") if hindrance else ""
    lines = (Line(step="socket_files", text=hindrance.line),) if hindrance else ()
    return Finding(
        cause="socket_permission",
        certainty=Certainty.CONFIRMED if hindrance and logged else Certainty.LIKELY,
        says=f"nginx may not connect to {named[0]}" + (f": {how}" if how else ""),
        because=(*(_quote.error(entry) for entry in logged[:1]), *lines),
        restart=_SAME_FOLDER if is_folder else _SAME_MODE,
        next_check=None if hindrance else "mode and owner of the socket and of each directory above it",
        mend=_entry(hindrance.name) if hindrance and is_folder else _WHERE_MADE,
        weight=88,
    )


def _names_none(files: SocketFiles | None, upstreams: HttpProbes | None) -> bool:
    """What nginx's files name now was asked, and none of it is a unix socket."""
    if files is None or files.entries or files.missing or files.unseen or not upstreams:
        return False
    return bool(upstreams.probes) and not any("unix:" in p.address for p in upstreams.probes)


_SAME_MODE = _quote.useless("app", "it makes the socket with the same mode again")
_SAME_FOLDER = _quote.useless("app", "the folder above its socket stays as it is")
_WHERE_MADE = (
    "a mode and group that let nginx's workers write, set where the socket is made (SocketMode= and"
    " SocketGroup= of a socket unit, UMask= and Group= of the app's, the app server's own option); a chmod by"
    " hand lasts until the next start"
)


def _entry(folder: str) -> str:
    """What opens the way through a folder; a home of 0700 is the commonest."""
    return (
        f"search permission on {folder} for nginx's workers (its group with g+x, or `chmod o+x {folder}`),"
        " or a socket outside of it, in a folder below /run (RuntimeDirectory=), and proxy_pass to match"
    )


_CHECK = "namei -l on the socket's path, and the user of the proxy's workers"
#: Users that proxies' workers run as by default.
_WORKERS = frozenset({"nginx", "www-data", "www", "http", "httpd", "apache", "nobody", "_www", "wwwrun"})


def told(signs: Signs) -> Finding | None:
    """Denied on a unix socket; the mode of the file or of a directory above it settles it."""
    refused = next((s for s in signs.of("dial_denied") if _is_socket(s)), None) or _of_haproxy(signs)
    closed = _closed(signs, refused)
    says = "the proxy's workers may not open the app's unix socket"
    shown = _shown(signs) if refused is None else None
    if shown is not None:
        weight = 74 if shown[0].kind in ("unit_setting", "umask_tight", "acl_others") else 86
        return _told.likely("socket_permission", weight, says, _SAME_MODE, *shown, next_check=_CHECK)
    if refused is None:
        outage = _outage.any_sign(signs)
        told = signs.first("socket_owner_told")
        if told is not None and not signs.has("dial_refused", "dial_missing", "dial_busy", "answer_closed"):
            return _told.likely("socket_permission", 76, says, _SAME_MODE, told, outage, next_check=_CHECK)
        user = next((s for s in signs.of("runs_as") if s["who"]), None)
        if closed is not None and user is not None and not signs.has("dial_refused", "dial_missing"):
            says = f"the socket's mode keeps out {user['user']}, as which the proxy runs"
            return _told.likely("socket_permission", 82, says, _SAME_MODE, closed, user, next_check=_CHECK)
        if closed is not None and outage is None and len(signs.all) <= _FEW:
            return _told.possible("socket_permission", 42, says, _SAME_MODE, closed, next_check=_CHECK)
        if closed is None or outage is None or signs.has("dial_refused", "dial_missing"):
            return None
        return _told.possible("socket_permission", 45, says, _SAME_MODE, closed, outage, next_check=_CHECK)
    if signs.has("denied_by_policy"):
        return _told.possible("socket_permission", 40, says, _SAME_MODE, refused, next_check=_CHECK)
    if closed is not None:
        return _told.confirmed("socket_permission", 94, says, _SAME_MODE, refused, closed)
    weight = 62 if signs.has("policy_mends", "policy_mode") else 86
    return _told.likely("socket_permission", weight, says, _SAME_MODE, refused, next_check=_CHECK)


def _shown(signs: Signs) -> tuple[Sign, ...] | None:
    """A try as the proxy's user fails, or a setting keeps others from the socket; no policy is in play."""
    if signs.has(
        "denied_by_policy", "policy_mends", "policy_label", "dial_refused", "dial_missing", "app_failed"
    ):
        return None
    tried = signs.first("denied_as_proxy")
    tight = _tight(signs)
    if tried is not None and (tight is not None or not signs.where("system", family="redhat")):
        return (tried,) if tight is None else (tried, tight)
    denied = signs.first("dial_denied")
    dialled = next((s["target"] for s in signs.of("dials") if ".sock" in s["target"]), "")
    shut = next(
        (
            s
            for s in signs.of("directory")
            if dialled
            and _is_on_way(s["path"], dialled.removeprefix("unix:"), is_socket=False)
            and not _lets_in(s["mode"], s["owner"], s["group"], _WORKERS, is_socket=False)
        ),
        None,
    )
    if shut is not None:
        return (shut,) if denied is None else (denied, shut)
    way = signs.first("path_shut")
    if way is not None or tight is not None:
        return tuple(s for s in (denied, way, tight) if s is not None)
    return None


def _tight(signs: Signs) -> Sign | None:
    """A mode or umask that leaves others, or all but one other server, no way to the socket."""
    named = signs.has("socket_named") or any(".sock" in s["path"] for s in signs.of("listening"))
    if not named:
        return None
    modes = [
        s for s in signs.where("unit_setting", name="SocketMode") if _CLOSED.fullmatch(s["value"].strip())
    ]
    masks = [s for s in signs.where("unit_setting", name="UMask") if _MASK.fullmatch(s["value"].strip())]
    return next(iter([*modes, *masks, *signs.of("umask_tight", "acl_others")]), None)


_CLOSED = re.compile(r"0?[67]00")
_MASK = re.compile(r"0{0,2}[02]?77")
#: So few signs are an excerpt that shows nothing but the file.
_FEW = 3


def _of_haproxy(signs: Signs) -> Sign | None:
    """HAProxy names the server and not its path: a socket file is shown, and no TCP server is written."""
    said = next(iter(signs.where("dial_denied", proxy="haproxy")), None)
    return said if signs.has("socket_file") and not signs.has("dials") else None


def _is_socket(denied: Sign) -> bool:
    return "unix:" in denied["target"] + denied.line or denied["target"].startswith("/")


def _closed(signs: Signs, refused: Sign | None) -> Sign | None:
    """A socket that the workers may not write to, or a directory on its way that they may not search."""
    users = {s["user"] for s in signs.of("runs_as")} or _WORKERS
    path = refused["target"].removeprefix("unix:") if refused and _is_socket(refused) else ""
    for sign in signs.of("socket_file", "directory"):
        is_socket = sign.kind == "socket_file"
        if _is_on_way(sign["path"], path, is_socket=is_socket) and not _lets_in(
            sign["mode"], sign["owner"], sign["group"], users, is_socket=is_socket
        ):
            return sign
    return None


def _is_on_way(seen: str, path: str, *, is_socket: bool) -> bool:
    """Whether a listed name is the dialled socket, or a directory above it; `.` and `..` say no name."""
    name = seen.removeprefix("./").rstrip("/")
    if not name.strip("."):
        return False
    if not path:
        return is_socket or name.startswith("/")
    if is_socket:
        return path == name or path.endswith(f"/{name.rpartition('/')[2]}")
    return f"{path}/".startswith(f"{name}/") if name.startswith("/") else f"/{name}/" in path


def _lets_in(mode: str, owner: str, group: str, users: frozenset[str] | set[str], *, is_socket: bool) -> bool:
    letters = [mode[at] for at in ((1, 4, 7) if is_socket else (2, 5, 8))]
    by_owner, by_group, by_others = (letter in "wxst" for letter in letters)
    return by_others or (by_group and group in users) or (by_owner and owner in users)
