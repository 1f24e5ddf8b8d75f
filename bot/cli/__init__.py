"""The terminal: the same use cases, policy and ledger as Slack, for the day Slack is down.

Exit status of `check`: 0 healthy, 1 trouble found, 2 could not check. Elsewhere 0 is done and 2 is an
error, with one sentence on standard error that says what to do.
"""

from typing import Annotated

import typer

from bot import __version__
from bot.cli.audit import audit_cli
from bot.cli.environment import listed
from bot.cli.files import diagnose, doctor, explain, host_kit, runbook_cli
from bot.cli.incidents import approve, check, export, note, status
from bot.cli.ledger import ledger_cli
from bot.cli.policy import policy_cli
from bot.cli.service import demo, local_slack, manifest, serve

cli = typer.Typer(
    name="runbook-bot",
    help="Asks a host, says what is broken and why, acts only with consent.",
    no_args_is_help=True,
    epilog="Settings are environment variables; `runbook-bot serve --help` lists them with their defaults.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(audit_cli, name="audit")
cli.add_typer(ledger_cli, name="ledger")
cli.add_typer(runbook_cli, name="runbook")
cli.add_typer(policy_cli, name="policy")
for command in (check, diagnose, approve, status, note, export, explain, doctor, manifest, demo):
    cli.command()(command)
cli.command(epilog=listed())(serve)
cli.command("host-kit")(host_kit)
cli.command("local-slack")(local_slack)


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
