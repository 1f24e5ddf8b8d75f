"""Every writer's table in one place."""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs import (
    access,
    apache,
    apache_apps,
    caddy,
    clouds,
    compose,
    docker,
    envoy,
    files,
    firewall,
    go_net,
    haproxy,
    jvm,
    kernel,
    kubernetes,
    memory,
    migrations,
    network,
    nginx,
    nginx_conf,
    node,
    other_apps,
    php,
    python,
    releases,
    resolving,
    ruby,
    selinux,
    sockets,
    stores,
    systemd,
    tls,
    tracebacks,
    traefik,
)
from bot.signs.kinds import SHARED
from bot.signs.pattern import Pattern

TABLES = (
    nginx,
    tls,
    tracebacks,
    resolving,
    access,
    nginx_conf,
    php,
    python,
    releases,
    ruby,
    node,
    jvm,
    other_apps,
    stores,
    go_net,
    haproxy,
    apache,
    apache_apps,
    envoy,
    traefik,
    caddy,
    docker,
    compose,
    kubernetes,
    clouds,
    systemd,
    kernel,
    sockets,
    files,
    memory,
    migrations,
    selinux,
    firewall,
    network,
)
PATTERNS: tuple[Pattern, ...] = tuple(pattern for table in TABLES for pattern in table.PATTERNS)
READERS: tuple[Reader, ...] = tuple(reader for table in TABLES for reader in table.READERS)
#: Every kind of sign -> what it says and which fields it may have.
KINDS: Mapping[str, str] = {**SHARED} | {kind: says for table in TABLES for kind, says in table.KINDS.items()}
