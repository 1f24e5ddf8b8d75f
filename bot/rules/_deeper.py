"""Why the app is not there, where a text says so: deeper than that nothing listens."""

import re

from bot.model.sign import Sign, Signs
from bot.rules._once import once

_NO_APPS = re.compile(
    r"nginx|openresty|high performance web server|haproxy|apache2|apache http|httpd|traefik|caddy"
    r"|firewalld|ufw|iptables|nftables|apparmor|fail2ban|auditd"
    r"|resolved|networkd|NetworkManager|\.timer\b|\.socket\b|certbot|cron|ssh|snapd|setroubleshoot",
    re.IGNORECASE,
)


def is_app_unit(name: str) -> bool:
    """Whether a service may be the app: no proxy, no packet filter, no part of the system."""
    return _NO_APPS.search(name) is None


#: What explains why nothing listens better than that nothing listens.
DEEPER = (
    "app_failed",
    "missing_module",
    "missing_setting",
    "migration_failed",
    "port_taken",
    "crashed",
    "out_of_memory",
    "heap_exhausted",
    "killed",
    "start_limit",
    "denied_by_policy",
    "backing_off",
    "image_missing",
    "disk_full",
)


@once
def deeper(signs: Signs) -> Sign | None:
    """A sign of why the app is not there."""
    failed = next(
        (s for s in signs.of("exited", "container") if s["code"] not in ("", "0") and s["state"] != "up"),
        None,
    )
    return signs.first(*DEEPER) or failed or next(iter(signs.where("unit", active="failed")), None)
