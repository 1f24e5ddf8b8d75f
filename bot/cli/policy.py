"""`runbook-bot policy …`: ask the policy without asking anybody."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.run import Fleet, Runbooks, run

policy_cli = typer.Typer(help="Who may do what: ask, test and check the policy.", no_args_is_help=True)

At = Annotated[
    str | None, typer.Option("--at", help="As of this time, e.g. 2026-11-28T03:00Z; without it now.")
]


@policy_cli.command()
def explain(
    who: Annotated[str, typer.Argument(help="A person of the policy, a Slack id or a login.")],
    action: Annotated[str, typer.Argument(help="A remedy, e.g. restart_unit.")],
    host: Annotated[str, typer.Argument(help="A host of the fleet.")],
    asked_by: Annotated[
        str | None, typer.Option(help="Who asked for the look, by Run again too; without it not WHO.")
    ] = None,
    usergroup: Annotated[
        list[str] | None, typer.Option(help="A Slack user group WHO is in; repeatable.")
    ] = None,
    at: At = None,
    fleet: Fleet = None,
) -> None:
    """Say whether a person may approve an action on a host, with every condition. Exit status 1 for no."""
    run(
        "policy",
        lambda do, settings: do.explain(
            settings, who, action, host, asked_by=asked_by, usergroups=usergroup or [], at=at
        ),
        fleet=fleet,
    )


@policy_cli.command("test")
def test_(
    file: Annotated[Path, typer.Argument(help="A YAML table of expectations.")],
    fleet: Fleet = None,
    runbooks: Runbooks = None,
) -> None:
    """Hold the policy against a table of expectations. Exit status 1 when one is not met."""
    run("policy", lambda do, settings: do.test(settings, file), fleet=fleet, runbooks=runbooks)


@policy_cli.command()
def lint(fleet: Fleet = None, runbooks: Runbooks = None) -> None:
    """Say what the policy can hardly mean. Exit status 1 with a finding, 2 when it cannot be used."""
    run("policy", lambda do, settings: do.lint(settings), fleet=fleet, runbooks=runbooks)


@policy_cli.command()
def schema() -> None:
    """Print the JSON Schema of the fleet file's policy section, for editors."""
    run("policy", lambda do, _: do.schema())
