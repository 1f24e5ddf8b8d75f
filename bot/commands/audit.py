"""`audit verify`: for the ledger, or for an export alone."""

import sys
from collections.abc import Sequence
from pathlib import Path

from bot import app as root
from bot import audit
from bot.commands.say import say
from bot.settings import Settings


async def verify_ledger(settings: Settings, *, incident: str | None, anchors: Sequence[str]) -> int:
    """0 whole, 1 tampered with, 2 incomplete, 3 unreadable."""
    async with root.opened_ledger(settings) as ledger:
        report = await audit.verify_ledger(
            ledger, incident=incident, anchors=[audit.anchor(one) for one in anchors]
        )
    return _told(report)


def verify_export(file: Path, *, anchors: Sequence[str]) -> int:
    """Like `verify_ledger`, for a JSON export alone."""
    try:
        content = file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"runbook-bot: {file}: cannot be read: {error.strerror}\n")
        return 3
    report = audit.verify_export(content, anchors=[audit.anchor(one) for one in anchors])
    return _told(report)


def _told(report: audit.Report) -> int:
    """Everything found, one line each, then the heads to keep as anchors."""
    if report.unreadable:
        say(f"unreadable: {report.unreadable}")
    for trouble in report.troubles:
        say(f"{trouble}")
    for warning in report.warnings:
        say(f"warning: {warning}")
    if report.result is audit.Result.OK:
        say(f"ok: {report.entries} entries in {len(report.heads)} chain(s), none changed, lost or added")
    for head in report.heads[-20:]:
        say(f"head {head.chain}#{head.seq}={head.hash[:16]}")
    return report.result.exit_status
