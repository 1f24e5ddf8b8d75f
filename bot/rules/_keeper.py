"""Units that keep programs of their own, of which systemd knows nothing: supervisord's and pm2's.

Source: Debian's supervisor.service, Fedora's supervisord.service; pm2's lib/API/Startup.js.
"""

import re

_UNIT = re.compile(r"(?P<supervisord>supervisord?\.service)|pm2-(?P<user>.+)\.service|pm2\.service")


def is_one(unit: str) -> bool:
    """By the name that its package or its own set-up gives the unit."""
    return _UNIT.fullmatch(unit) is not None


def status(unit: str) -> str:
    """The command that tells which programs it keeps, and how they are."""
    found = _UNIT.fullmatch(unit)
    if found is not None and found["supervisord"]:
        return "sudo supervisorctl status"
    return f"{as_user(unit)}pm2 status"


def as_user(unit: str) -> str:
    """What goes before a command of pm2's: as root it would start a pm2 of root's beside this one."""
    found = _UNIT.fullmatch(unit)
    return f"sudo -iu {found['user']} " if found is not None and found["user"] else ""
