"""Units of PHP-FPM that text shows: several versions of it stand beside each other."""

import re

from bot.model.sign import Sign, Signs


def runs(signs: Signs) -> bool:
    """Whether a unit of some version of PHP-FPM is shown to run."""
    return any("fpm" in unit["unit"] for unit in signs.where("unit", active="active"))


def down(signs: Signs, dialled: Sign | None) -> Sign | None:
    """FPM's unit that is down; beside one that runs only that of the version that is dialled."""
    down = [s for s in signs.of("unit") if "fpm" in s["unit"] and s["active"] in ("failed", "inactive")]
    if runs(signs):
        version = _VERSION.search(dialled["target"]) if dialled else None
        down = [s for s in down if version is not None and version[1] in s["unit"]]
    return next(iter(down), None)


_VERSION = re.compile(r"php(?:-fpm)?-?(\d\.\d)")
