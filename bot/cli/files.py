"""Commands about files and text, and what is missing on a host."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.run import Fleet, Ledger, Runbooks, run

runbook_cli = typer.Typer(help="Runbooks and remedies.", no_args_is_help=True)


class TellForm(str, Enum):  # noqa: UP042 - typer reads str enums
    """How verdicts over text are written."""

    TEXT = "text"
    JSONL = "jsonl"


def diagnose(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Text, or one JSON case a line; none or -: standard input.")
    ] = None,
    form: Annotated[
        TellForm, typer.Option("--format", help="text for people, jsonl for programs.")
    ] = TellForm.TEXT,
) -> None:
    """Judge logs without a host. Exit status 0 named, 1 not every cause named, 2 not all could be read."""
    run("diagnose", lambda do, _: do.diagnose(files or [], as_lines=form is TellForm.JSONL))


@runbook_cli.command("lint")
def runbook_lint(fleet: Fleet = None, runbooks: Runbooks = None) -> None:
    """Check runbooks, remedies and the fleet file; every mistake comes with its way out."""
    run("files", lambda do, settings: do.lint(settings), fleet=fleet, runbooks=runbooks)


def explain(cause: Annotated[str, typer.Argument(help="A cause, e.g. wrong_port.")]) -> None:
    """Say what a cause is, how it is told from its rivals, what mends it, and the sources."""
    run("files", lambda do, _: do.explain(cause))


def host_kit(
    host: Annotated[str, typer.Argument(help="Host of the fleet.")],
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A folder, or a .tar file; by default host-kit-HOST."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Compare the kit there with today's.")] = False,
) -> None:
    """Write what a host needs: sudoers, authorized_keys, guard. Exit status 1: --check found another kit."""
    run(
        "hostkit",
        lambda do, settings: do.host_kit(settings, host, output, is_check=check),
        fleet=fleet,
        runbooks=runbooks,
    )


def doctor(
    hosts: Annotated[list[str] | None, typer.Argument(help="Hosts; none: files and Slack.")] = None,
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
) -> None:
    """Say what is missing on a host or in Slack, with the mend."""
    run(
        "doctor",
        lambda do, settings: do.examine(settings, hosts or []),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )
