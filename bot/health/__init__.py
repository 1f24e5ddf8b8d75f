"""What a monitor may ask of a running bot: is it alive, is it ready, what has it counted."""

from bot.health.monitor import Monitor
from bot.health.server import HealthServer

__all__ = ["HealthServer", "Monitor"]
