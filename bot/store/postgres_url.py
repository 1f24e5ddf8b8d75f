"""A `postgresql:` URL as libpq reads it: what to connect with, and what may be shown of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from bot.errors import LedgerUnavailable
from bot.store.migrations.postgres_guards import SCHEMA

LOCK_TIMEOUT_MS = 6000
STATEMENT_TIMEOUT_MS = 8000
#: Shorter than the lock time-out: who waits for a frozen process gets its turn after all.
IDLE_TIMEOUT_MS = 4000

#: What every session must have, checked when the ledger is opened.
SESSION: Mapping[str, str] = {
    "search_path": f"{SCHEMA}, pg_temp",
    "lock_timeout": f"{LOCK_TIMEOUT_MS // 1000}s",
    "statement_timeout": f"{STATEMENT_TIMEOUT_MS // 1000}s",
    "idle_in_transaction_session_timeout": f"{IDLE_TIMEOUT_MS // 1000}s",
    "default_transaction_isolation": "read committed",
    "row_security": "off",
    "TimeZone": "UTC",
}

#: Used where the URL does not say otherwise. A peer that vanished is noticed within about ten seconds.
_DEFAULTS: Mapping[str, str] = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
    "application_name": "runbook-bot",
}


@dataclass(frozen=True, kw_only=True, repr=False)
class PostgresAddress:
    """Where a ledger is. Has a password perhaps, so it is shown as `shown` only."""

    parameters: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """For messages: without password and options."""
        given = self.parameters
        user = f"{quote(str(given['user']))}@" if given.get("user") else ""
        host, port = str(given.get("host") or given.get("hostaddr") or ""), given.get("port")
        place = quote(host, safe="") if host.startswith("/") else host
        return f"postgresql://{user}{place}{f':{port}' if port else ''}/{quote(str(given.get('dbname', '')))}"

    @property
    def has_several_hosts(self) -> bool:
        """Whether another server is to be taken when one is gone."""
        return any("," in str(self.parameters.get(name) or "") for name in ("host", "hostaddr"))

    def arguments(self, *, session: Mapping[str, str]) -> dict[str, Any]:
        """Keyword arguments of `psycopg.connect`, with these settings of the session."""
        options = " ".join(f"-c {name}={_escaped(value)}" for name, value in session.items())
        own = f"{self.parameters.get('options', '')} {options}".strip()
        # Of several servers only the primary can append.
        which = {"target_session_attrs": "read-write"} if self.has_several_hosts else {}
        return {**_DEFAULTS, **which, **self.parameters, "options": own, "client_encoding": "utf8"}


def address(url: str) -> PostgresAddress:
    """Raises LedgerUnavailable when libpq cannot read the URL; the message has nothing of it."""
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgresql", "postgres", "postgresql+psycopg"}:
        raise LedgerUnavailable(
            f"no ledger can be in {scheme!r}; give a path, or postgresql://USER@HOST/DATABASE"
        )
    try:
        parameters = conninfo_to_dict(f"postgresql://{rest}")
    except ProgrammingError:
        # Without its cause, which quotes the URL and a password with it.
        raise LedgerUnavailable(
            "the ledger's URL cannot be read; give postgresql://USER@HOST:5432/DATABASE"
        ) from None
    return PostgresAddress(parameters=parameters)


def _escaped(value: str) -> str:
    """A value in libpq's `options`, where a space ends a word."""
    return value.replace("\\", "\\\\").replace(" ", "\\ ")
