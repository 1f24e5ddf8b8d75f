"""How a command is typed and run: options that many have, and the one top handler."""

import asyncio
import importlib
import os
import types
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.cli.environment import unknown
from bot.errors import BotError
from bot.settings import Settings, load

Fleet = Annotated[
    Path | None, typer.Option("--fleet", help="The fleet file (env: RUNBOOK_BOT_FLEET; default: fleet.yaml).")
]
Runbooks = Annotated[
    Path | None,
    typer.Option(
        "--runbooks", help="Folder of runbooks (env: RUNBOOK_BOT_RUNBOOKS; default: the ones shipped)."
    ),
]
Ledger = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        help="SQLite file or postgresql: URL of the ledger (env: RUNBOOK_BOT_LEDGER; default: "
        "runbook-bot/ledger.db in the user's state folder).",
    ),
]
Incident = Annotated[str, typer.Argument(help="The incident's id, e.g. inc-k3f9x2ab.")]
Anchor = Annotated[
    list[str] | None, typer.Option(help="INC#SEQ=HASH as the thread or an export shows it; repeatable.")
]
Anchors = Annotated[
    list[Path] | None, typer.Option(help="What RUNBOOK_BOT_ANCHORS wrote: a file or a log; repeatable.")
]
PublicKeys = Annotated[
    list[str] | None,
    typer.Option(help="Key that checkpoints are signed with, as `audit key` prints it, or a file of them."),
]


Command = Callable[[types.ModuleType, Settings], "int | Coroutine[None, None, int]"]


def run(module: str, command: Command, **given: object) -> NoReturn:
    """Run a command of `bot.commands` and leave with its status; an error of ours is one sentence and 2.

    The module is loaded here, so that a command does not wait for what only others need.
    """
    for line in unknown(os.environ):
        typer.echo(f"runbook-bot: {line}", err=True)
    commands = importlib.import_module(f"bot.commands.{module}")
    try:
        done = command(commands, load(**given))
        status = done if isinstance(done, int) else asyncio.run(done)
    except BotError as error:
        for line in str(error).splitlines() or [type(error).__name__]:
            typer.echo(f"runbook-bot: {line}", err=True)
        status = 2
    except KeyboardInterrupt:
        status = 130
    raise typer.Exit(status)
