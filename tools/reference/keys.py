"""The page of files: every key that a file may have, from the models files are checked with."""

import inspect
import re
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic import BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot import fleetkeys, policy
from bot.catalog.schema import RemedyPart, RunbookPart, StepPart
from bot.model import host as host_model
from bot.model import runbook as runbook_model
from bot.policyfile import parts as policy_parts
from tools.reference.marks import table

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
    "policy identity_max_age": "How old what is known of an approver may be when it runs.",
    "policy allowed_signers": "OpenSSH's file of keys that may sign, from the fleet file's folder.",
    "policy.people.NAME signers": "Their principals in `allowed_signers`.",
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
    "policy.rules lone": "Who may approve their own request once the card stood in a public channel.",
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
    "policy.rules.approve step_up": "`sshsig`: each yes is signed with the SSH key of who gives it.",
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
        ("hosts.NAME", fleetkeys.HostPart, host_model.Host),
        ("hosts.NAME.service", fleetkeys.ServicePart, host_model.Service),
        ("hosts.NAME.service.release", fleetkeys.ReleasePart, host_model.Release),
        ("hosts.NAME.service.nginx", fleetkeys.NginxPart, host_model.Nginx),
        ("ssh", fleetkeys.SshPart, host_model.SshFiles),
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
            text += f"\n### {name}\n\n{table(('Key', 'Is', 'Default', 'What'), rows)}"
    return text


def _key(name: str, field: FieldInfo, notes: Mapping[str, str]) -> tuple[str, str, str, str]:
    key = field.alias or name
    form = _written(field)
    if form:
        default = f"`{_span(field.default)}`" if isinstance(field.default, float) else default_of(field)
        return f"`{key}`", form, default, notes.get(key, notes.get(name, ""))
    return (
        f"`{key}`",
        _kind(field.annotation) + _bounds(field),
        default_of(field),
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
    of = "entries" if typing.get_origin(field.annotation) is tuple else "characters"
    said += [f"at most {each.max_length} {of}" for each in field.metadata if isinstance(each, MaxLen)]
    said += ["not empty" for each in field.metadata if isinstance(each, MinLen) and each.min_length == 1]
    return f", {', '.join(said)}" if said else ""


def vars_of(bound: Any) -> tuple[object, ...]:
    """The numbers of a bound such as `Ge(1)`."""
    return tuple(getattr(bound, name) for name in bound.__dataclass_fields__)


def default_of(field: FieldInfo) -> str:
    """A field's default as one would write it."""
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
