"""The ledger: append-only, chained events in an SQL database."""

from bot.store.sqlite import SqliteLedger

__all__ = ["SqliteLedger"]
