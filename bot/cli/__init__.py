"""The terminal: the same use cases, policy and ledger as Slack, for the day Slack is down.

Exit status of `check`: 0 healthy, 1 trouble found, 2 could not check. Elsewhere 0 is done and 2 is an
error, with one sentence on standard error that says what to do.
"""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__
from bot.cli.policy import policy_cli
from bot.cli.run import Fleet, Incident, Ledger, Runbooks, run

cli = typer.Typer(
    name="runbook-bot",
    help="Asks a host, says what is broken and why, acts only with consent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
audit_cli = typer.Typer(help="The tamper-evident ledger.", no_args_is_help=True)
runbook_cli = typer.Typer(help="Runbooks and remedies.", no_args_is_help=True)
ledger_cli = typer.Typer(help="The database the ledger is in.", no_args_is_help=True)
cli.add_typer(audit_cli, name="audit")
cli.add_typer(ledger_cli, name="ledger")
cli.add_typer(runbook_cli, name="runbook")
cli.add_typer(policy_cli, name="policy")


class Form(str, Enum):  # noqa: UP042 - typer reads str enums
    """How a verdict is written."""

    TEXT = "text"
    JSON = "json"


class TellForm(str, Enum):  # noqa: UP042 - typer reads str enums
    """How verdicts over text are written."""

    TEXT = "text"
    JSONL = "jsonl"


class ExportForm(str, Enum):  # noqa: UP042 - typer reads str enums
    """Forms of an export."""

    MD = "md"
    JSON = "json"
    HTML = "html"
    CSV = "csv"


@cli.command()
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


@cli.command()
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


@cli.command()
def approve(
    approval: Annotated[str, typer.Argument(help="The approval's id, as `check` or the card prints it.")],
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
    reject: Annotated[bool, typer.Option("--reject", help="Say no instead.")] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the timeline.")] = "",
    break_glass: Annotated[
        str,
        typer.Option(help="Set parts of the rules aside in an emergency: say why. It is told and reviewed."),
    ] = "",
) -> None:
    """Approve (or reject) a remedy as yourself; it runs once, and the checklist runs again."""
    run(
        "desk",
        lambda do, settings: do.vote(
            settings, approval, is_yes=not reject, reason=reason, break_glass=break_glass
        ),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )


@cli.command()
def status(
    fleet: Fleet = None,
    runbooks: Runbooks = None,
    ledger: Ledger = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 10,
) -> None:
    """List the latest incidents, the newest first."""
    run(
        "desk",
        lambda do, settings: do.status(settings, limit=limit),
        fleet=fleet,
        runbooks=runbooks,
        ledger=ledger,
    )


@cli.command()
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


@cli.command()
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


@audit_cli.command("verify")
def audit_verify(
    ledger: Ledger = None,
    export_file: Annotated[
        Path | None, typer.Option("--export", help="Verify a JSON export alone instead of the ledger.")
    ] = None,
    incident: Annotated[str | None, typer.Option(help="Only this incident.")] = None,
    anchor: Annotated[
        list[str] | None, typer.Option(help="INC#SEQ=HASH as the thread or an export shows it; repeatable.")
    ] = None,
    anchors: Annotated[
        list[Path] | None, typer.Option(help="What RUNBOOK_BOT_ANCHORS wrote: a file or a log; repeatable.")
    ] = None,
    public_key: Annotated[
        list[str] | None,
        typer.Option(
            help="Key that checkpoints are signed with, as `audit key` prints it, or a file of them."
        ),
    ] = None,
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


@ledger_cli.command("migrate")
def ledger_migrate(
    ledger: Ledger = None,
    app_role: Annotated[
        str | None, typer.Option(help="PostgreSQL: the role the bot will connect as; it may only append.")
    ] = None,
) -> None:
    """Make a ledger or bring it up to date: in PostgreSQL, as the schema's owner; a file does so itself."""
    run("ledger", lambda do, settings: do.migrate(settings, app_role=app_role), ledger=ledger)


@runbook_cli.command("lint")
def runbook_lint(fleet: Fleet = None, runbooks: Runbooks = None) -> None:
    """Check runbooks, remedies and the fleet file; every mistake comes with its way out."""
    run("files", lambda do, settings: do.lint(settings), fleet=fleet, runbooks=runbooks)


@cli.command()
def explain(cause: Annotated[str, typer.Argument(help="A cause, e.g. wrong_port.")]) -> None:
    """Say what a cause is, how it is told from its rivals, what mends it, and the sources."""
    run("files", lambda do, _: do.explain(cause))


@cli.command()
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


@cli.command()
def manifest(
    http_url: Annotated[str | None, typer.Option(help="Request URL for HTTP mode.")] = None,
) -> None:
    """Print the Slack app manifest to paste at api.slack.com/apps; Socket Mode without a URL."""
    run("serve", lambda do, settings: do.manifest(settings, http_url))


@cli.command()
def serve(fleet: Fleet = None, runbooks: Runbooks = None, ledger: Ledger = None) -> None:
    """Answer Slack."""
    run("serve", lambda do, settings: do.serve(settings), fleet=fleet, runbooks=runbooks, ledger=ledger)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the local Slack's page.")] = 8502,
) -> None:
    """Start everything embedded: the bot, a local Slack with its page, and three sample hosts."""
    run("serve", lambda do, _: do.demo(port=port))


@cli.command("local-slack")
def local_slack(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback.")] = 8502,
    bot_token: Annotated[
        str | None, typer.Option(envvar="LOCAL_SLACK_BOT_TOKEN", help="By default one is made and printed.")
    ] = None,
    app_token: Annotated[str | None, typer.Option(envvar="LOCAL_SLACK_APP_TOKEN", help="Likewise.")] = None,
) -> None:
    """Start the local Slack alone; a bot that is started apart talks to it."""
    run("serve", lambda do, _: do.local_slack(port=port, bot_token=bot_token, app_token=app_token))


@cli.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"runbook-bot {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point of the command."""
    cli(prog_name="runbook-bot")
