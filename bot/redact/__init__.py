"""Takes secrets, control characters and binary junk out of what hosts say. Pure; linear in its input."""

from bot.redact.clean import Cleaned, clean, mask
from bot.redact.known import KnownValues

__all__ = ["Cleaned", "KnownValues", "clean", "mask"]
