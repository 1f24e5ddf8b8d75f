"""An order that finds no pid file, though nginx runs: where the file is, or who runs all the same.

Source: nginx(8) -c, -g, -s; ngx_core_module pid; docker-exec(1) ("only runs while the container's primary
process is running").
"""

import re

from bot.model.sign import Sign, Signs


def elsewhere(signs: Signs) -> tuple[Sign, Sign] | None:
    """nginx's pid file is not where a signal looks for it: it was started with other files or options."""
    for lost in signs.of("nginx_not_running") if not signs.has("nginx_start_failed") else ():
        there = next((s for s in signs.of("pid_file_there") if f'"{s["path"]}"' not in lost.line), None)
        if there is not None and ".pid" in lost.line:
            return lost, there
    return None


_EXEC = re.compile(r"\b(?:docker|podman|kubectl|oc|compose)\b.{0,40}\bexec\b")


def lost_in_box(signs: Signs) -> Sign | None:
    """The order to reload is given in nginx's container: `docker exec` enters none that does not run."""
    return next((s for s in signs.of("reload_told") if _EXEC.search(s.line)), None)
