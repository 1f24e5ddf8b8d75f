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


#: What watches, keeps or tidies a host: no page is waiting for it.
_AGENTS = re.compile(
    r"_exporter\b|node[_-]exporter|\b(?:file|metric|audit|heart|packet)beat\b|telegraf|collectd|\bsnmpd\b|\bnrpe\b"
    r"|clamd|freshclam|clamav|rsyslog|syslog-ng|logrotate|backup|\bpg_dump|mysqldump|\brestic\b|\bborg(?:backup|matic)?\b|rsync"
    r"|postfix|dovecot|\bexim4?\b|celery(?!.flower)|sidekiq|\bmandb?\b|updatedb|unattended|packagekit"
    r"|\Abuild(?:er)?\Z",
    re.IGNORECASE,
)
#: Stores, by their programs, units and what Debian's and Fedora's units say they are.
_STORES = re.compile(
    r"(?<![a-z])(?:postgres(?:ql)?|postmaster|mysqld?|mariadbd?|redis|valkey|memcached|mongod)(?![a-z])"
    r"(?!-(?:commander|exporter|admin))|key-value store|MySQL Community",
    re.IGNORECASE,
)


def is_app_unit(name: str) -> bool:
    """Whether a service may be the app: no proxy, no packet filter, no store, no part of the system."""
    return not (_NO_APPS.search(name) or is_agent(name) or is_store(name))


def is_agent(name: str) -> bool:
    """Whether a program or unit serves the host, or works beside the app, and answers no page."""
    return _AGENTS.search(name) is not None


def is_store(name: str) -> bool:
    """Whether a program or unit is a store that apps need."""
    return _STORES.search(name) is not None


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
