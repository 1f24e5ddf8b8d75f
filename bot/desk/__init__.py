"""What people may ask of the bot: the same for Slack and the terminal. Implements `bot.ports.Desk`."""

from bot.desk.front import Engine, FrontDesk, new_incident_id

__all__ = ["Engine", "FrontDesk", "new_incident_id"]
