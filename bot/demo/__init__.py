"""Sample hosts for `runbook-bot demo`: a real SSH server that replays recorded incidents."""

from bot.demo.hosts import SampleHosts

__all__ = ["SampleHosts"]
