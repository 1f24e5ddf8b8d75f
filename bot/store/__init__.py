"""The ledger: append-only, chained events in an SQL database."""

from bot.store.ledger import SqlLedger
from bot.store.opening import migrate_ledger, open_ledger
from bot.store.sqlite import SqliteLedger

__all__ = ["SqlLedger", "SqliteLedger", "migrate_ledger", "open_ledger"]
