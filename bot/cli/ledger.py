"""`runbook-bot ledger …`: the database the ledger is in."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.run import Anchor, Anchors, Fleet, Ledger, PublicKeys, run

ledger_cli = typer.Typer(help="The database the ledger is in.", no_args_is_help=True)


@ledger_cli.command("migrate")
def ledger_migrate(
    ledger: Ledger = None,
    app_role: Annotated[
        str | None, typer.Option(help="PostgreSQL: the role the bot will connect as; it may only append.")
    ] = None,
) -> None:
    """Make a ledger or bring it up to date: in PostgreSQL, as the schema's owner; a file does so itself."""
    run("ledger", lambda do, settings: do.migrate(settings, app_role=app_role), ledger=ledger)


@ledger_cli.command("backup")
def ledger_backup(
    file: Annotated[Path, typer.Argument(help="A new file.")],
    ledger: Ledger = None,
) -> None:
    """Copy a ledger file while the bot goes on, and try the copy out. Exit status as of `ledger check`."""
    run("ledger", lambda do, settings: do.backup(settings, file), ledger=ledger)


@ledger_cli.command("check")
def ledger_check(
    file: Annotated[Path, typer.Argument(help="The backup; it is not changed.")],
    anchor: Anchor = None,
    anchors: Anchors = None,
    public_key: PublicKeys = None,
) -> None:
    """Restore a backup aside and verify it. Exit status 0 good, 1 tampered, 2 incomplete, 3 unreadable."""
    outside = (anchor or [], anchors or [], public_key or [])
    run("ledger", lambda do, _: do.check(file, do.Outside(*outside)))


@ledger_cli.command("forget")
def ledger_forget(
    older_than: Annotated[str, typer.Option(help="Age of the entries that name it, e.g. 90d.")],
    fleet: Fleet = None,
    ledger: Ledger = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger with your name.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
) -> None:
    """Erase old evidence: what the hosts printed. Events, verdicts and the chain stay as they are."""
    run(
        "ledger",
        lambda do, settings: do.forget(settings, older_than, reason, is_dry=dry_run),
        fleet=fleet,
        ledger=ledger,
    )
