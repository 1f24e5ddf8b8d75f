"""Takes secrets, control characters and binary junk out of what hosts say. Pure; linear in its input."""

from bot.redact.clean import Cleaned, clean, mask, withheld
from bot.redact.cleaner import Cleaner, CleanHere
from bot.redact.known import KnownValues
from bot.redact.learned import Learned, LearnedByIncident

__all__ = [
    "CleanHere",
    "Cleaned",
    "Cleaner",
    "KnownValues",
    "Learned",
    "LearnedByIncident",
    "clean",
    "mask",
    "withheld",
]
