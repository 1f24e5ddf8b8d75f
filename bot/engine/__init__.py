"""Who works on which incident: carries ids only; the ledger holds what is true."""

from bot.engine.engine import Engine
from bot.engine.fence import FencedLedger
from bot.engine.follow import FOLLOW_RUNG_S, FOLLOW_S, Follower
from bot.engine.leases import HeldLeases

__all__ = ["FOLLOW_RUNG_S", "FOLLOW_S", "Engine", "FencedLedger", "Follower", "HeldLeases"]
