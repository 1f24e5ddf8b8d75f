"""The driving edge in Slack: hears people, asks the desk, shows what the ledger says. Decides nothing."""

from bot.slack.edge import SlackEdge
from bot.slack.manifest import manifest

__all__ = ["SlackEdge", "manifest"]
