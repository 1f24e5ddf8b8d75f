"""The shown faults, broken on an app that stands as a `Standing` says."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.support.field.standing import ENV, SITE, Standing, restart, setting, until_somebody_listens
from tests.support.lab import Lab, visit

#: Faults that the lab's program sets wherever the app stands: they are not the app's.
OF_THE_HOST = frozenset(
    {"nginx-bad-config", "hung-sshd", "ssh-hostkey-changed", "sudo-revoked", "host-down", "disk-full"}
)
#: Visitors do not notice these.
UNSEEN = OF_THE_HOST - {"disk-full"}
#: The app comes up and then does badly; what visitors get before it listens is another fault.
LISTENS = frozenset({"slow-upstream", "premature-close", "big-header", "http-500"})
#: The app dies while it starts.
DIES = frozenset({"app-crash", "app-crash-limit", "bad-release"})
_FINE = {"Result=success", "NRestarts=0"}
_SOCKET = "/run/myapp/app.sock"


async def break_(lab: Lab, host: str, fault: str, standing: Standing) -> None:
    """Break the host; raises KeyError for a fault that is not known."""
    if fault in OF_THE_HOST:
        await lab.fault(fault, host)
        return
    await lab.shell(host, script(fault, standing))
    if fault in LISTENS:
        await lab.shell(host, until_somebody_listens(standing.own))


def script(fault: str, standing: Standing) -> str:
    """Shell that breaks the app."""
    unit = standing.unit
    again = restart(unit)
    lose_database = f"sed -i /^DATABASE_URL=/d {ENV}; "
    listens_elsewhere = (
        setting("APP_SOCKET", "/run/myapp/other.sock")
        if standing.own.startswith("unix:")
        else setting("APP_PORT", "3001")
    )
    scripts = {
        "app-crash": lose_database + again,
        "app-crash-limit": lose_database + _dropin(unit, "RestartSec=100ms") + again,
        "app-stopped": f"systemctl stop {unit}",
        "wrong-port": listens_elsewhere + again,
        "oom-kill": _dropin(unit, "MemoryMax=64M") + setting("APP_FAULT", "leak") + again,
        "slow-upstream": setting("APP_DELAY", "10") + again,
        "premature-close": setting("APP_FAULT", "close-before-header") + again,
        "big-header": setting("APP_FAULT", "big-header") + again,
        "http-500": setting("APP_FAULT", "http500") + again,
        "fd-limit": _dropin(unit, "LimitNOFILE=32") + setting("APP_FAULT", "fdleak") + again,
        "bad-release": "ln -sfn releases/2 /srv/app/.c; mv -T /srv/app/.c /srv/app/current; " + again,
        "unix-socket-permission": _closed_socket(standing, again),
    }
    return scripts[fault]


def _dropin(unit: str, line: str) -> str:
    folder = f"/etc/systemd/system/{unit}.d"
    file = f"{folder}/{line[:7]}.conf"
    return f"mkdir -p {folder}; printf '[Service]\\n{line}\\n' >{file}; systemctl daemon-reload; "


def _closed_socket(standing: Standing, again: str) -> str:
    dial = f"sed -i 's#server {standing.own};#server unix:{_SOCKET};#' {SITE}; nginx -s reload; "
    return setting("APP_SOCKET", _SOCKET) + setting("APP_SOCKET_MODE", "0600") + again + dial


async def until_it_shows(lab: Lab, host: str, address: str, fault: str, standing: Standing) -> None:
    """Visit until visitors get errors, or nginx logs them where another server answers instead."""
    if fault in UNSEEN:
        return
    await until(lambda: _shows(lab, host, address, fault, standing))
    if fault in DIES:
        await _until_it_died(lab, host, standing.unit)


async def _until_it_died(lab: Lab, host: str, unit: str) -> None:
    """Wait for the end of an app that dies while it starts: visitors get errors even before it has."""

    async def died() -> bool:
        shown = await lab.shell(host, f"systemctl show -p Result,NRestarts {unit}")
        return set(shown.split()) != _FINE

    await until(died)


async def until_it_is_well(address: str) -> None:
    """Visit until visitors are answered well; nginx takes a moment to reload."""

    async def well() -> bool:
        return await visit(address) == [200, 200, 200]

    await until(well)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Ask until it holds: a fault on another machine sets no event here."""
    async with asyncio.timeout(180):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.2)


async def _shows(lab: Lab, host: str, address: str, fault: str, standing: Standing) -> bool:
    seen = await visit(address, times=2)
    if fault == "oom-kill":
        restarts = await lab.shell(host, f"systemctl show -p NRestarts {standing.unit}")
        if "NRestarts=0" in restarts:
            return False
    if not standing.has_another_server:
        return 200 not in seen
    if any(status != 200 for status in seen):
        return True
    dialled = _SOCKET if fault == "unix-socket-permission" else standing.own
    return dialled in await lab.shell(host, "grep -h upstream /var/log/nginx/error.log || :")
