"""Who works on which incident: carries ids only; the ledger holds what is true."""

from bot.engine.local import LocalEngine

__all__ = ["LocalEngine"]
