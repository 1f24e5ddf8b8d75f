"""What people may ask of the bot: the same for Slack and the terminal. Implements `bot.ports.Desk`."""

from bot.desk.ballots import Engine
from bot.desk.front import FrontDesk, new_incident_id
from bot.desk.looks import AskLimits, digest_of

__all__ = ["AskLimits", "Engine", "FrontDesk", "digest_of", "new_incident_id"]
