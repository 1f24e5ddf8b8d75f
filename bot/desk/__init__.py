"""What people may ask of the bot: the same for Slack and the terminal. Implements `bot.ports.Desk`."""

from bot.desk.ballots import Engine
from bot.desk.front import FrontDesk, new_incident_id

__all__ = ["Engine", "FrontDesk", "new_incident_id"]
