"""A unix socket in /tmp that only one of app and nginx sees: a unit with PrivateTmp= has a /tmp of its own.

Red Hat ships nginx.service and php-fpm.service so.
Source: systemd.exec(5) PrivateTmp=.
"""

from bot.model.sign import Signs
from bot.model.verdict import Certainty, Finding, Line, RestartAdvice
from bot.parsers.listening_sockets import ListeningSocket
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.socket_files import SocketFiles
from bot.parsers.unit_state import UnitState
from bot.rules import _dialling, _quote, _told
from bot.rules._kin_sockets import is_same, paths

#: What settles it where a text shows no unit.
CHECK = "`systemctl show -p PrivateTmp` of the proxy's unit and of the app's"

_OWN = ("/tmp/", "/var/tmp/")  # noqa: S108  # what PrivateTmp= covers
_MEND = "a socket in a folder below /run (RuntimeDirectory= of the app's unit makes one), named so in both"


def of_nginx(
    logged: tuple[NginxError, ...], files: SocketFiles | None, nginx_unit: UnitState | None
) -> Finding | None:
    """The file is there for everybody but nginx, whose unit has a /tmp of its own."""
    entry = next((e for e in logged if e.address.removeprefix("unix:").startswith(_OWN)), None)
    file = files.entry(entry.address.removeprefix("unix:")) if entry and files else None
    if entry is None or file is None or nginx_unit is None or not _is_private(nginx_unit):
        return None
    return Finding(
        cause="socket_missing",
        certainty=Certainty.CONFIRMED,
        says=f"{file.name} is there, and nginx cannot see it: its unit has a /tmp of its own (PrivateTmp=)",
        because=(
            _quote.error(entry),
            Line(step="socket_files", text=file.line),
            _quote.state(nginx_unit, "PrivateTmp", step="nginx_unit"),
        ),
        restart=_advice(),
        mend=_MEND,
        weight=86,
    )


def of_app(
    path: str, socket: ListeningSocket, logged: tuple[NginxError, ...], unit: UnitState | None
) -> Finding | None:
    """The app listens on that path, in the /tmp of its unit, which nobody else sees."""
    if unit is None or not path.startswith(_OWN) or not _is_private(unit):
        return None
    return Finding(
        cause="socket_missing",
        certainty=Certainty.CONFIRMED,
        says=f"the app listens on {path}, unseen by nginx: its unit has a /tmp of its own (PrivateTmp=)",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            Line(step="unix_listeners", text=socket.line),
            _quote.state(unit, "PrivateTmp"),
        ),
        restart=_advice(),
        mend=_MEND,
        weight=86,
    )


def _is_private(unit: UnitState) -> bool:
    """systemd 258 knows `disconnected` as well."""
    return unit.properties.get("PrivateTmp", "no") not in ("", "no")


def _advice() -> RestartAdvice:
    return _quote.useless("app", "it makes its socket in the same /tmp again, which the other does not see")


def told(signs: Signs, *, before: tuple[str, ...]) -> Finding | None:
    """Both files name one socket there; signs of a kind in `before` say more than such a guess."""
    dialled = tuple(f"unix:{folder}" for folder in _OWN)
    dials = next((s for s in signs.of("dials") if s["target"].startswith(dialled)), None)
    if dials is None or signs.has(*before, "dial_refused") or _dialling.has_containers(signs) is not None:
        return None
    path = dials["target"].removeprefix("unix:").rstrip(":")
    here = next((s for s in paths(signs) if s.line != dials.line and is_same(path, s["path"])), None)
    if here is None or _dialling.deeper(signs) is not None:
        return None
    says = f"{path} is in /tmp: where a unit has PrivateTmp=, as Apache's often has, it is not the same /tmp"
    same = _quote.useless("app", "it makes its socket at the same place again")
    return _told.likely("socket_missing", 64, says, same, dials, here, next_check=CHECK)
