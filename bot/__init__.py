"""runbook-bot: asks a host, reads the answers, judges the facts, acts only with consent."""

__version__ = "0.1.0"
