"""An incident's course as OpenTelemetry traces, told from the ledger; off unless a collector is named."""

from bot.traces.sender import SpanSender
from bot.traces.telling import telling
from bot.traces.traced import TracedLedger

__all__ = ["SpanSender", "TracedLedger", "telling"]
