"""Pages from settings, commands and the docstrings of rules, parsers and signs."""

import importlib
import inspect
from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer
from pydantic.fields import FieldInfo

from bot import catalog
from bot.catalog import names_of_code
from bot.cli import cli
from bot.explain import OF_THE_JUDGE
from bot.settings import Settings, shipped_runbooks
from bot.signs.tables import KINDS, PATTERNS
from tools.reference.keys import default_of
from tools.reference.marks import marked, table


def settings() -> str:
    """One row for each environment variable."""
    rows = [
        (f"`{_variable(name, field)}`", default_of(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    about = "All settings are environment variables. Options of a command win over them.\n\n"
    return "# Settings\n\n" + about + table(("Variable", "Default", "What"), rows)


def _variable(name: str, field: FieldInfo) -> str:
    choices = getattr(field.validation_alias, "choices", None)
    return "` or `".join(choices) if choices else f"RUNBOOK_BOT_{name.upper()}"


def commands() -> str:
    """One section for each command with its arguments and options."""
    root = typer.main.get_command(cli)
    text = f"# Commands\n\n{root.help}\n"
    for path, command in _walk(root, "runbook-bot"):
        text += f"\n## {path}\n\n{inspect.cleandoc(command.help or '')}\n\n"
        rows = [_parameter(each) for each in command.params if each.name != "help"]
        text += table(("Argument or option", "What"), rows) if rows else ""
    return text


def _walk(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, inner in sorted(command.commands.items()):
        yield from _walk(inner, f"{path} {name}")


def _parameter(parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`{'…' if parameter.nargs == -1 else ''}", parameter.help or ""
    # An option with a fixed set of words has one of them, an Enum, as its default.
    words = type(parameter.default) if isinstance(parameter.default, Enum) else ()
    shown = ", ".join(f"`{word.value}`" for word in words)
    options = ", ".join(f"`{option}`" for option in parameter.opts)
    return f"{options}{': ' if shown else ''}{shown}", parameter.help or ""


def causes() -> str:
    """One section for each rule, in its own words, with what the 502 runbook offers for it."""
    offered = catalog.load(shipped_runbooks()).runbooks["502"].remedies
    text = "# Causes\n\nWhat a verdict may say. `runbook-bot explain CAUSE` prints the same.\n"
    for name in sorted(names_of_code().rules):
        function = getattr(importlib.import_module(f"bot.rules.{name}"), name)
        text += f"\n## {name}\n\n{_paragraphs(function)}\n"
        if name in offered:
            text += f"\n**May be offered:** {', '.join(f'`{each}`' for each in offered[name])}\n"
    text += "\n# Without a rule\n\nWhat the judge says by itself.\n"
    for name, told in sorted(OF_THE_JUDGE.items()):
        text += f"\n## {name}\n\n{marked(told)}\n"
    return text


def _paragraphs(function: object) -> str:
    """A rule's docstring with its labelled lines as paragraphs of their own."""
    return marked(inspect.getdoc(function) or "")


def parsers() -> str:
    """One section for each parser: what it reads, with a sample, and the fact it gives."""
    text = (
        "# Parsers\n\nEach reads one command's output into one fact; a rule asks for the fact by its type.\n"
    )
    known = names_of_code().parsers
    for name in sorted(known):
        module = importlib.import_module(f"bot.parsers.{name}")
        fact = getattr(known[name], "__name__", str(known[name]))
        summary, _, sample = (inspect.getdoc(module) or "").partition("\n\n")
        text += f"\n## {name}\n\nGives `{fact}`.\n\n{summary}\n\n"
        text += f"```text\n{sample}\n```\n\n" if sample else ""
        text += f"{inspect.getdoc(getattr(module, name))}\n"
    return text


def signs() -> str:
    """Every kind of sign with its fields, and how many wordings give it."""
    text = (
        "# Signs\n\nWhat a line of pasted text may say: `bot/signs/` knows the wordings, rules the kinds.\n\n"
    )
    rows: list[tuple[str, ...]] = []
    for kind, told in sorted(KINDS.items()):
        says, _, fields = told.partition("; fields: ")
        known = sum(pattern.kind == kind for pattern in PATTERNS)
        rows.append((f"`{kind}`", says, fields, str(known or "by a reader")))
    return text + table(("Kind", "What it says", "Fields", "Wordings"), rows)
