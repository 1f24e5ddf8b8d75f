"""Writes docs/reference/ from the code: `make docs`.

What a page says comes from where the program takes it: settings, commands, the docstrings of rules and
parsers, the models that files are checked with and the `#:` comments of the values they become.
"""

import importlib
import inspect
import json
import re
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot import catalog, fleet, policy, policyfile
from bot.catalog import names_of_code
from bot.catalog.schema import RemedyPart, RunbookPart, StepPart
from bot.cli import cli
from bot.explain import LABELS, OF_THE_JUDGE
from bot.model import host as host_model
from bot.model import runbook as runbook_model
from bot.policyfile import parts as policy_parts
from bot.settings import Settings, shipped_runbooks
from bot.signs.tables import KINDS, PATTERNS

FOLDER = Path(__file__).parents[1] / "docs/reference"
#: Made by `make bench`, whose figures belong to one machine and one day.
MEASURED = frozenset({"performance.md"})
#: For editors; no page.
SCHEMA = "policy.schema.json"
MADE = "<!-- Made by `make docs`; edit the code it is read from instead. -->\n\n"


def pages() -> Mapping[str, str]:
    """Every page of the reference by its file name."""
    made = {
        "settings.md": settings(),
        "commands.md": commands(),
        "causes.md": causes(),
        "parsers.md": parsers(),
        "signs.md": signs(),
        "files.md": files(),
    }
    return {name: MADE + text.rstrip() + "\n" for name, text in made.items()}


def policy_schema() -> str:
    """The JSON Schema as `runbook-bot policy schema` prints it."""
    return json.dumps(policyfile.schema(), indent=2) + "\n"


def settings() -> str:
    """One row for each environment variable."""
    rows = [
        (f"`{_variable(name, field)}`", _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    about = "All settings are environment variables. Options of a command win over them.\n\n"
    return "# Settings\n\n" + about + _table(("Variable", "Default", "What"), rows)


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
        text += _table(("Argument or option", "What"), rows) if rows else ""
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
        text += f"\n## {name}\n\n{_marked(told)}\n"
    return text


def _paragraphs(function: object) -> str:
    """A rule's docstring with its labelled lines as paragraphs of their own."""
    return _marked(inspect.getdoc(function) or "")


def _marked(told: str) -> str:
    lines = told.splitlines()
    marked = [re.sub(rf"^({'|'.join(LABELS)}):(?= )", r"\n**\1:**", line) for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(marked)).strip()


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


#: Meaning of keys whose model and value carry no comment: part and key -> words.
_SAID: Mapping[str, str] = {
    "hosts.NAME port": "SSH port.",
    "hosts.NAME user": "Login name on the host.",
    "hosts.NAME tags": "Words that policy rules choose hosts by.",
    "hosts.NAME environment": "One word that policy rules choose hosts by, e.g. `prod`.",
    "hosts.NAME service": "What cannot be seen of the app behind nginx.",
    "hosts.NAME.service name": "What people call the app.",
    "hosts.NAME.service release": "How releases lie on the host.",
    "hosts.NAME.service nginx": "Where nginx keeps its things.",
    "hosts.NAME.service.nginx unit": "nginx's systemd unit.",
    "hosts.NAME.service.nginx config": "The main configuration file.",
    "hosts.NAME.service.nginx error_log": "Used where the configuration cannot be read.",
    "hosts.NAME.service.nginx access_log": "The log that 5xx answers are counted in.",
    "ssh identity": "Private key file, mode 0600, from the fleet file's folder.",
    "ssh known_hosts": "known_hosts file; a host whose key is not in it is not asked.",
    "policy people": "One human with all accounts; one account belongs to one person.",
    "policy groups": "Who may approve.",
    "policy rules": "What may be done where with whose consent; exactly one rule fits an action on a host.",
    "policy ask": "Groups that may run checks; none: every full member of the workspace.",
    "policy.people.NAME slack": "Slack user ids.",
    "policy.people.NAME login": "Login names on the machine of the bot, for the terminal.",
    "policy.groups.NAME people": "Names under `people`.",
    "policy.groups.NAME slack_usergroup": "A Slack user group whose members count too.",
    "policy.rules name": "Shown where the rule decides.",
    "policy.rules do": "Names of remedies.",
    "policy.rules on": "Which hosts; all keys that are given must fit.",
    "policy.rules approve": "Whose yes it needs; never the asker's own.",
    "policy.rules approve_by": "How long a card waits for votes.",
    "policy.rules run_by": "How long after the last needed vote it may start.",
    "policy.rules evidence_max_age": "How old the checklist's answers may be when somebody votes.",
    "policy.rules budget": "At most so many actions on one host and unit in a time; counted in the ledger.",
    "policy.rules rate": "At most so many actions by this rule on all hosts in a time.",
    "policy.rules at_once": "On how many hosts this rule acts at the same time; the others wait.",
    "policy.rules pause_after_failure": "No further host for so long after it went wrong on one.",
    "policy.rules lone": "Who may approve their own request once the card stood in plain sight.",
    "policy.rules freeze": "Whether freezes hold for this rule.",
    "policy.rules.lone from": "Groups whose members may.",
    "policy.rules.lone after": "How long the card must have stood in the channel without a no.",
    "policy freezes": "When nothing is done without break-glass.",
    "policy break_glass": "Who may set parts of the rules aside in an emergency; without it nobody.",
    "policy.freezes name": "Shown to whoever meets it.",
    "policy.freezes do": "Names of remedies; none: all.",
    "policy.freezes on": "Which hosts; all keys that are given must fit.",
    "policy.freezes from": "Begin of a single window; local to `tz` when written without an offset.",
    "policy.freezes to": "Its end, itself excluded.",
    "policy.freezes cron": "When windows begin: minute, hour, day of month, month, day of week.",
    "policy.freezes for": "How long each lasts by the wall clock, at most `7d`.",
    "policy.freezes tz": "IANA time zone.",
    "policy.break_glass from": "Groups whose members may.",
    "policy.break_glass justification": "Characters the justification needs.",
    "policy.break_glass lifts": "What it sets aside; nothing else ever is.",
    "policy.break_glass alert": "Slack channel that is told beside the incident's thread.",
    "policy.break_glass review_within": "When somebody else must have reviewed it.",
    "policy.rules.on environment": "Environments.",
    "policy.rules.on tags": "Tags; one of them is enough.",
    "policy.rules.on hosts": "Host names.",
    "policy.rules.approve from": "Groups.",
    "policy.rules.approve count": "How many different people.",
    "the file title": "One line for people.",
    "the file about": "What the symptom means.",
    "the file include": "Files whose groups and steps come along.",
    "the file steps": "Group -> step id -> step.",
    "the file risk": "How much it can hurt; shown on the card.",
    "the file does": "Template of what it does, for the card.",
    "the file undo": "Template of how to undo it, for the card.",
    "the file timeout_s": "How long its commands may run.",
    "the file version": "Of this file format.",
    "steps.GROUP.STEP script": "File under runbooks/scripts, run by the host's sh, instead of `run`.",
    "steps.GROUP.STEP args": "Arguments of the script, templates.",
    "steps.GROUP.STEP root": "`first`: as root, else as the login; `fallback`: the other way round.",
    "steps.GROUP.STEP ok_exit": "Exit statuses that count as an answer.",
    "steps.GROUP.STEP timeout_s": "After which the step alone is given up.",
    "steps.GROUP.STEP max_bytes": "Kept of each stream, half from its head, half from its tail.",
    "steps.GROUP.STEP after": "Steps that must have ended before it starts.",
}

#: Title, the model a part is checked with, the value it becomes.
_PARTS: Mapping[str, tuple[tuple[str, Any, Any], ...]] = {
    "Fleet file": (
        ("hosts.NAME", fleet._Host, host_model.Host),
        ("hosts.NAME.service", fleet._Service, host_model.Service),
        ("hosts.NAME.service.release", fleet._Release, host_model.Release),
        ("hosts.NAME.service.nginx", fleet._Nginx, host_model.Nginx),
        ("ssh", fleet._Ssh, host_model.SshFiles),
    ),
    "Policy, the fleet file's `policy` section": (
        ("policy", policy_parts.PolicyPart, policy.Policy),
        ("policy.people.NAME", policy_parts.PersonPart, policy.Person),
        ("policy.groups.NAME", policy_parts.GroupPart, policy.Group),
        ("policy.rules", policy_parts.RulePart, policy.Rule),
        ("policy.rules.on", policy_parts.OnPart, policy.Rule),
        ("policy.rules.approve", policy_parts.ApprovePart, policy.Rule),
        ("policy.rules.lone", policy_parts.LonePart, policy.Lone),
        ("policy.freezes", policy_parts.FreezePart, policy.Freeze),
        ("policy.break_glass", policy_parts.GlassPart, policy.BreakGlass),
    ),
    "Runbook, `runbooks/NAME.yaml`": (
        ("the file", RunbookPart, runbook_model.Runbook),
        ("steps.GROUP.STEP", StepPart, runbook_model.Step),
    ),
    "Remedy, `runbooks/remedies/NAME.yaml`": (("the file", RemedyPart, runbook_model.Remedy),),
}


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
    return text + _table(("Kind", "What it says", "Fields", "Wordings"), rows)


def files() -> str:
    """Every key of every file, with type, default and meaning."""
    text = "# Files\n\nUnknown or repeated keys, anchors and tags are refused, with file and way out.\n"
    for title, parts in _PARTS.items():
        text += f"\n## {title}\n"
        for name, part, value in parts:
            said = {
                key.removeprefix(f"{name} "): text
                for key, text in _SAID.items()
                if key.startswith(f"{name} ")
            }
            notes = {**said, **_notes(value), **_notes(part)}
            rows = [_key(key, field, notes) for key, field in part.model_fields.items()]
            text += f"\n### {name}\n\n{_table(('Key', 'Is', 'Default', 'What'), rows)}"
    return text


def _key(name: str, field: FieldInfo, notes: Mapping[str, str]) -> tuple[str, str, str, str]:
    key = field.alias or name
    form = _written(field)
    if form:
        default = f"`{_span(field.default)}`" if isinstance(field.default, float) else _default(field)
        return f"`{key}`", form, default, notes.get(key, notes.get(name, ""))
    return (
        f"`{key}`",
        _kind(field.annotation) + _bounds(field),
        _default(field),
        notes.get(key, notes.get(name, "")),
    )


def _span(seconds: float) -> str:
    return f"{seconds / 3600:g}h" if seconds % 3600 == 0 else f"{seconds / 60:g}m"


def _written(field: FieldInfo) -> str:
    """How a value is written that is a word of its own in the file; empty for all others."""
    given = (*field.metadata, *(one for part in typing.get_args(field.annotation) for one in _metadata(part)))
    examples = [
        word
        for each in given
        if isinstance(each, WithJsonSchema)
        for word in (each.json_schema or {}).get("examples", ())
    ]
    is_duration = any(getattr(each, "func", None) is policy_parts.seconds for each in given)
    return (
        f"{'duration' if is_duration else 'text'} such as {', '.join(f'`{word}`' for word in examples)}"
        if examples
        else ""
    )


def _metadata(annotation: Any) -> tuple[Any, ...]:
    return tuple(getattr(annotation, "__metadata__", ()))


def _kind(annotation: Any) -> str:
    """A type in words of YAML."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(str(member.value) for member in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "mapping"
    inner = [each for each in typing.get_args(annotation) if each not in (type(None), ...)]
    match typing.get_origin(annotation) or annotation:
        case origin if origin is tuple:
            return f"list of {_kind(inner[0])}"
        case origin if origin is dict:
            return f"mapping of {_kind(inner[1])}"
        case origin if origin is typing.Annotated:
            return _kind(inner[0])
        case origin if origin is typing.Literal:
            return " or ".join(str(each) for each in inner)
        case _ if inner:
            return " or ".join(dict.fromkeys(_kind(each) for each in inner))
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}.get(annotation, "value")


def _bounds(field: FieldInfo) -> str:
    words = {Ge: "at least {}", Gt: "above {}", Le: "at most {}", Lt: "below {}"}
    said = [
        words[type(each)].format(next(iter(vars_of(each)))) for each in field.metadata if type(each) in words
    ]
    said += [f"at most {each.max_length} characters" for each in field.metadata if isinstance(each, MaxLen)]
    said += ["not empty" for each in field.metadata if isinstance(each, MinLen) and each.min_length == 1]
    return f", {', '.join(said)}" if said else ""


def vars_of(bound: Any) -> tuple[object, ...]:
    """The numbers of a bound such as `Ge(1)`."""
    return tuple(getattr(bound, name) for name in bound.__dataclass_fields__)


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True) if field.default_factory else field.default
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, Enum):
        value = value.value
    if value is None or value in ((), {}, "") or isinstance(value, BaseModel):
        return "-"
    if isinstance(value, tuple):
        return "`" + ", ".join(str(each.value if isinstance(each, Enum) else each) for each in value) + "`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _notes(kind: type) -> dict[str, str]:
    """Field -> the `#:` comment above it."""
    notes: dict[str, str] = {}
    comment: list[str] = []
    for line in map(str.strip, inspect.getsource(kind).splitlines()):
        if line.startswith("#:"):
            comment.append(line.removeprefix("#:").strip())
            continue
        if comment and (found := re.match(r"(\w+):", line)):
            notes[found[1]] = " ".join(comment)
        comment = []
    return notes


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(" ".join(cell.split()) for cell in line) + " |\n" for line in lines)


def main() -> None:
    """Write what changed, remove what is no longer made."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in {*made, *MEASURED}:
            old.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)
        print(f"docs/reference/{name}")
    (FOLDER / SCHEMA).write_text(policy_schema())
    print(f"docs/reference/{SCHEMA}")


if __name__ == "__main__":
    main()
