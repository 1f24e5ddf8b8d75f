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
    return f"sudo -iu {found['user']} pm2 status" if found and found["user"] else "pm2 status"
