"""The whole strictness table: check -> a line that refuses something because of it."""

from tests.devslack import strict_delivery, strict_messages, strict_people
from tests.devslack.desk import LINES

__all__ = ["LINES", "strict_delivery", "strict_messages", "strict_people"]
