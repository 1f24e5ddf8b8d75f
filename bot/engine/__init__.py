"""Who works on which incident: carries ids only; the ledger holds what is true."""

from bot.engine.engine import Engine
from bot.engine.fence import FencedLedger
from bot.engine.follow import Follower
from bot.engine.leases import HeldLeases

__all__ = ["Engine", "FencedLedger", "Follower", "HeldLeases"]
