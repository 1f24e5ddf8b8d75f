"""Is the ledger, or an export of it, still what was written? Says the first bad place and kind."""

from bot.audit.anchors import Anchor, anchor
from bot.audit.exports import verify_export
from bot.audit.ledger import verify_ledger
from bot.audit.report import Head, Kind, Report, Result, Trouble

__all__ = [
    "Anchor",
    "Head",
    "Kind",
    "Report",
    "Result",
    "Trouble",
    "anchor",
    "verify_export",
    "verify_ledger",
]
