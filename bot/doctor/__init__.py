"""What is missing on a host or in Slack, and what is open that must be shut, each with its mend."""

from bot.doctor.examine import examine
from bot.doctor.finding import Finding, Health

__all__ = ["Finding", "Health", "examine"]
