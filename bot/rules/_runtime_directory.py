"""A unit's own folder below /run, which goes when the service stops, and what goes with it.

Source: systemd.exec(5) RuntimeDirectory= ("removed when the unit is stopped"), RuntimeDirectoryPreserve=;
systemd.socket(5): the socket's file is made when the .socket unit starts, not when its service does.
"""

from bot.model.sign import Sign, Signs


def socket_goes_with_it(signs: Signs) -> tuple[Sign, ...]:
    """A socket of a .socket unit lies in the folder that the service makes and removes: it is gone after one.

    The folder's list without the socket, or somebody's word that it goes with a restart, shows it; beside a
    service that makes its socket by itself the folder is no trouble.
    """
    folder = _setting(signs, "RuntimeDirectory")
    by_unit = _setting(signs, "ListenStream") or _of_socket(signs)
    if folder is None or by_unit is None:
        return ()
    start = f"/run/{folder['value'].split()[0].strip('/')}/"
    names = [
        _below(s, start) for s in (*signs.of("listening"), *signs.where("unit_setting", name="ListenStream"))
    ]
    listed = [
        s for s in signs.of("listed") if s["path"].rstrip("/").replace("/var/run/", "/run/") + "/" == start
    ]
    lost = next((s for s in listed if any(n and n not in s["names"].split() for n in names)), None)
    return (folder, by_unit, lost) if lost is not None else ()


def _setting(signs: Signs, name: str) -> Sign | None:
    return next(iter(signs.where("unit_setting", name=name)), None)


def _of_socket(signs: Signs) -> Sign | None:
    """A service that asks for a .socket unit."""
    wants = (*signs.where("unit_setting", name="Requires"), *signs.where("unit_setting", name="Sockets"))
    return next((s for s in wants if ".socket" in s["value"]), None)


def _below(sign: Sign, start: str) -> str:
    """The name right below the folder, or nothing."""
    path = (sign["path"] or sign["value"]).replace("/var/run/", "/run/")
    return path.removeprefix(start) if path.startswith(start) else ""
