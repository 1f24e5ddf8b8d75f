"""Stores that came up: after what an app lacked is there, only the app still has to be started.

Source: descriptions of the units of Debian, Fedora and the makers (postgresql-common, mariadb, mysql, redis,
mongodb, rabbitmq, elasticsearch, memcached); postgres postmaster.c "ready to accept connections"; mysqld.cc
ER_STARTUP "ready for connections"; redis server.c "Ready to accept connections"; mongod listener.cpp
"Waiting for connections"; rabbit.erl "Server startup complete".
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {"store_up": "a store came up; fields: name"}


def _up(name: str, unit: str, *logs: str, words: tuple[str, ...]) -> Pattern:
    """systemd started its unit, or its own log says that it takes connections."""
    started = rf"systemd\[\d+\]: Started (?:{unit})\b"
    return says("store_up", "|".join((started, *logs)), *words, name=name)


PATTERNS: tuple[Pattern, ...] = (
    _up(
        "postgresql",
        r"PostgreSQL|postgresql\S*\.service",
        r"database system is ready to accept (?:read[- ]only )?connections",
        words=("started postgresql", "ready to accept"),
    ),
    _up(
        "mysql",
        r"(?:MariaDB|MySQL|Percona|LSB: Start and stop the mysql)|(?:mariadb|mysqld?)\.service",
        r"\b(?:mysqld|mariadbd)\S*: ready for connections",
        words=("started mariadb", "started mysql", "started percona", "the mysql", "ready for connections"),
    ),
    _up(
        "redis",
        r"(?:Redis|Valkey|Advanced key-value store)|(?:redis|valkey)\S*\.service",
        r"\* Ready to accept connections",
        words=("started redis", "started valkey", "started advanced", "ready to accept"),
    ),
    _up(
        "mongodb",
        r"(?:MongoDB|High-performance, schema-free)|mongod\.service",
        r"\bWaiting for connections\b.{0,60}\bport\b",
        words=("started mongo", "started high-performance, schema", "waiting for connections"),
    ),
    _up(
        "rabbitmq",
        r"RabbitMQ|rabbitmq-server\.service",
        r"Server startup complete; \d+ plugins",
        words=("started rabbitmq", "startup complete"),
    ),
    _up("elasticsearch", r"Elasticsearch|OpenSearch", words=("started elasticsearch", "started opensearch")),
    _up("memcached", r"memcached", words=("started memcached",)),
)
READERS: tuple[Reader, ...] = ()
