"""`runbook-bot audit …`: the tamper-evident ledger."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.run import Anchor, Anchors, Fleet, Ledger, PublicKeys, run

audit_cli = typer.Typer(help="The tamper-evident ledger.", no_args_is_help=True)


@audit_cli.command("verify")
def audit_verify(
    ledger: Ledger = None,
    export_file: Annotated[
        Path | None, typer.Option("--export", help="Verify a JSON export alone instead of the ledger.")
    ] = None,
    incident: Annotated[str | None, typer.Option(help="Only this incident.")] = None,
    anchor: Anchor = None,
    anchors: Anchors = None,
    public_key: PublicKeys = None,
) -> None:
    """Check the chain of events. Exit status 0 whole, 1 tampered with, 2 incomplete, 3 unreadable."""
    outside = (anchor or [], anchors or [], public_key or [])
    if export_file is not None:
        run("audit", lambda do, _: do.verify_export(export_file, do.Outside(*outside)))
    run(
        "audit",
        lambda do, settings: do.verify_ledger(settings, do.Outside(*outside), incident=incident),
        ledger=ledger,
    )


@audit_cli.command("refusals")
def audit_refusals(
    ledger: Ledger = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List who was refused what before there was an incident: an ask, a guessed approval, a flood."""
    run("audit", lambda do, settings: do.refusals(settings, limit=limit), ledger=ledger)


@audit_cli.command("key")
def audit_key() -> None:
    """Print the public key of RUNBOOK_BOT_CHECKPOINT_KEY, for whoever verifies; it is made if need be."""
    run("audit", lambda do, settings: do.key(settings))


@audit_cli.command("rotate-key")
def audit_rotate_key(ledger: Ledger = None) -> None:
    """Put a new key in place of RUNBOOK_BOT_CHECKPOINT_KEY; the old one vouches for it in the ledger."""
    run("audit", lambda do, settings: do.rotate_key(settings), ledger=ledger)


@audit_cli.command("accept-rollback")
def audit_accept_rollback(
    reason: Annotated[str, typer.Option(help="Why the ledger went back; kept in it.")],
    fleet: Fleet = None,
    ledger: Ledger = None,
) -> None:
    """Say that a ledger that went back may be gone on with; two people must. Exit status 1: one more."""
    run("audit", lambda do, settings: do.accept_rollback(settings, reason), fleet=fleet, ledger=ledger)
