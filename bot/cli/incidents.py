"""Commands of the on-call: look, decide, and what becomes of an incident."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.run import Fleet, Incident, Ledger, Runbooks, run


class Form(str, Enum):  # noqa: UP042 - typer reads str enums
    """How a verdict is written."""

    TEXT = "text"
    JSON = "json"


class ExportForm(str, Enum):  # noqa: UP042 - typer reads str enums
    """Forms of an export."""

    MD = "md"
    JSON = "json"
    HTML = "html"
    CSV = "csv"


def check(
    runbook: Annotated[str, typer.Argument(help="Name of the runbook, e.g. 502.")],
    hosts: Annotated[list[str], typer.Argument(help="Hosts of the fleet, up to five.")],
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
    form: Annotated[Form, typer.Option("--format", help="text for people, json for programs.")] = Form.TEXT,
) -> None:
    """Run a checklist and say what is broken. Exit status 0 healthy, 1 trouble, 2 could not check."""
    run(
        "desk",
        lambda do, settings: do.check(settings, runbook, hosts, as_json=form is Form.JSON),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )


def approve(  # noqa: PLR0913, PLR0917 - one parameter an option
    approval: Annotated[
        str, typer.Argument(help="The approval's id, as `check`, `status` or the card prints it.")
    ],
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
    reject: Annotated[bool, typer.Option("--reject", help="Say no instead.")] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the timeline.")] = "",
    break_glass: Annotated[
        str | None,
        typer.Option(help="Set parts of the rules aside in an emergency: say why. It is told and reviewed."),
    ] = None,
    signature: Annotated[
        Path | None,
        typer.Option(
            help="File with your SSH signature, - for standard input, where the rule wants one; without it "
            "the command to make it is printed."
        ),
    ] = None,
) -> None:
    """Approve (or reject) a remedy as yourself; it runs once, and the checklist runs again."""
    run(
        "desk",
        lambda do, settings: do.vote(
            settings,
            approval,
            is_yes=not reject,
            reason=reason,
            break_glass=break_glass,
            signature=signature,
        ),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )


def status(
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 10,
) -> None:
    """List what is still to be reviewed, then the latest incidents, the newest first."""
    run(
        "desk",
        lambda do, settings: do.status(settings, limit=limit),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )


def note(
    incident: Incident,
    text: Annotated[list[str], typer.Argument(help="What to write into the timeline.")],
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
) -> None:
    """Add a note to an incident's timeline."""
    run(
        "desk",
        lambda do, settings: do.note(settings, incident, " ".join(text)),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )


def export(
    incident: Incident,
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
    form: Annotated[ExportForm, typer.Option("--format", help="Form of the timeline.")] = ExportForm.MD,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.")] = None,
) -> None:
    """Write an incident's timeline for the post-mortem."""
    run(
        "desk",
        lambda do, settings: do.export(settings, incident, form.value, output),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )
