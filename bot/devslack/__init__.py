"""A local Slack for demos, tests and runbook authors: strict Web API, Socket Mode, signed HTTP, a page."""

from bot.devslack.options import Options
from bot.devslack.server import DevSlack

__all__ = ["DevSlack", "Options"]
