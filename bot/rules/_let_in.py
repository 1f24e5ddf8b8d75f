"""What nginx was denied and is not any more: the one address there is answers, for the same path or now.

Source: unix(7), httpd_selinux(8): who may not connect may not at the next moment either.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.parsers._nginx_faults import Fault
from bot.parsers.access_log import AccessLog
from bot.parsers.http_probes import HttpProbes
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxError
from bot.rules import _requests


def is_let_in(
    error: NginxError, config: NginxConfig | None, facts: Mapping[str, object], now: datetime
) -> bool:
    """Whether a denial of a site that is well is over at once; with two addresses one may still be denied."""
    if config is None or error.fault is not Fault.PERMISSION or config.addresses != (error.address,):
        return False
    access = facts.get("access_log")
    since = isinstance(access, AccessLog) and _requests.is_over(error, access, now, quiet=timedelta())
    return since or _is_passed_on(config, facts.get("front"))


def _is_passed_on(config: NginxConfig, front: object) -> bool:
    """Whether `/` was asked and answered, and every server that has a place for it passes it on."""
    asked = isinstance(front, HttpProbes) and any(p.path == "/" and p.is_well for p in front.probes)
    servers = {p.server for p in config.passes}
    passing = {p.server for p in config.passes if p.within and p.within[-1] == ("location", "/")}
    exact = any(("location", "=", "/") in d.within for d in config.directives)
    return asked and passing == servers and not exact
