"""A unix socket whose file went while the app listens on it.

Source: unix(7): the name is only a file; a socket that is bound goes on listening when it is unlinked.
"""

from bot.model.verdict import Certainty, Finding, Line
from bot.parsers.listening_sockets import ListeningSocket
from bot.parsers.nginx_error_log import NginxError
from bot.parsers.unit_state import UnitState
from bot.rules import _quote


def finding(
    path: str,
    socket: ListeningSocket,
    logged: tuple[NginxError, ...],
    missing: list[str],
    unit: UnitState | None,
    *,
    what: str,
) -> Finding:
    """The app listens on that very path: its file went while it ran, and only a bind(2) makes a new one.

    `what` is whose start does that. A folder below /run that the unit does not make by itself
    (RuntimeDirectory=) has to come first.
    """
    folder = path.rpartition("/")[0]
    makes = unit.properties.get("RuntimeDirectory", "") if unit else ""
    is_made = not any(folder == m or folder.startswith(f"{m}/") for m in missing) or any(
        folder.startswith(f"/run/{name.partition(':')[0]}") for name in makes.split()
    )
    return Finding(
        cause="socket_missing",
        certainty=Certainty.CONFIRMED if missing else Certainty.LIKELY,
        says=f"{path} was removed while the app listens on it: nginx finds no file to dial",
        because=(
            *(_quote.error(entry) for entry in logged[:1]),
            *(Line(step="socket_files", text=f"missing {name}") for name in missing[:1]),
            Line(step="unix_listeners", text=socket.line),
        ),
        restart=_quote.helps(what, "it runs and listens; its start makes the socket's file again")
        if is_made
        else _quote.perhaps(what, f"its start makes the file again, if something makes {folder} first"),
        next_check=f"who removed {path}: a clean-up, another unit with the same RuntimeDirectory=, a deploy",
        mend=f"a restart of {'the app' if what == 'app' else what}, and what removed {path} kept from it",
        weight=86,
    )
