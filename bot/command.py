"""argv templates and the fleet's values become commands; no shell text is ever put together.

Each argument is one Jinja template over values of the fleet file. Text read from a host never comes
here. A value may not begin with `-` where an option could stand, so it can never become one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, UndefinedError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import FileError
from bot.model.command import Command
from bot.model.host import Host
from bot.model.runbook import Root, Step

SUDO = ("sudo", "-n")
#: How a script travels: its text is one of ours and follows.
SCRIPT = ("sh", "-c")
#: An argument that becomes one argument for each item of a list.
EACH = re.compile(r"\{\{\s*([a-z_.]+)\s*\|\s*each\s*\}\}\Z")
#: Controls, and the characters that turn or hide text; a line break too, for a value is one line.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
#: Commands that the fleet itself gives; behind their program options may stand.
OWN_COMMANDS = frozenset({"service.release.rollback", "nginx.program"})
#: All that a template may be made of; no loops, calls or arithmetic, so that rendering is quick.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If,
    nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat,
)  # fmt: skip


def _must_be_there(value: object) -> object:
    """What a template prints; None would become the word `None` in an argv."""
    if value is None:
        raise UndefinedError("names a value that the fleet leaves empty; add it to 'needs' or give a default")
    return value


_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # arguments of a process, not markup
    keep_trailing_newline=True,
    finalize=_must_be_there,
)
# Templates get values and nothing else: no globals, no way to loop for long.
_environment.globals.clear()
#: Templates kept compiled: those of the runbooks in force are the same for every host and every look.
_MOST_COMPILED = 2048


def values_of(host: Host) -> dict[str, object]:
    """What templates may name: `host`, `service`, `nginx`."""
    service = asdict(host.service)
    return {
        "host": {
            "name": host.name,
            "address": host.address,
            "environment": host.environment,
            "public_url": host.public_url,
        },
        "service": service,
        "nginx": service["nginx"],
    }


def missing(needs: Sequence[str], values: Mapping[str, object]) -> tuple[str, ...]:
    """Those dotted names among `needs` that the fleet leaves empty."""
    return tuple(name for name in needs if not _value_at(name, values))


def render(templates: Sequence[str], values: Mapping[str, object]) -> tuple[str, ...]:
    """argv from templates. Raises FileError when a value could pass for an option or hides controls."""
    argv: list[str] = []
    for template in templates:
        each = EACH.match(template)
        if each:
            items = _value_at(each[1], values)
            argv += _items(items, each[1], template)
            continue
        argv.append(_render_one(template, values))
    return tuple(argv)


def render_text(template: str, values: Mapping[str, object]) -> str:
    """A sentence for people from a template, e.g. what a remedy does. Raises FileError."""
    try:
        return str(compiled(template).render(values))
    except TemplateError as error:
        raise FileError(f"template {template!r}: {error}") from error


@lru_cache(maxsize=_MOST_COMPILED)
def compiled(template: str) -> Template:
    """The template, checked for syntax. Raises FileError naming it."""
    try:
        parsed = _environment.parse(template)
        for node in parsed.find_all(nodes.Node):
            if not isinstance(node, _ALLOWED):
                what = type(node).__name__.lower()
                raise FileError(f"template {template!r}: {what} is not allowed; use plain values and 'if'")
        return _environment.from_string(parsed)
    except TemplateError as error:
        raise FileError(f"template {template!r}: {error}") from error


def commands_of(step: Step, values: Mapping[str, object]) -> Command:
    """The step as it travels to a host: its alternatives, root ones marked with `sudo -n`."""
    alternatives: list[tuple[str, ...]] = []
    for templates in (step.run, *(one for one in step.otherwise if not _asks_nothing(one, values))):
        argv = render(templates, values)
        # No sudoers rule could be exact for a whole script: it never runs as root.
        alternatives += _with_root(argv, Root.NEVER if argv[:2] == SCRIPT else step.root)
    return Command(
        step=step.id,
        alternatives=tuple(alternatives),
        ok_exit=step.ok_exit,
        timeout_s=step.timeout_s,
        max_bytes=step.max_bytes,
        after=step.after,
    )


def _asks_nothing(templates: Sequence[str], values: Mapping[str, object]) -> bool:
    """Whether it goes over a list that the fleet leaves empty."""
    return any((each := EACH.match(one)) and not _as_items(_value_at(each[1], values)) for one in templates)


def look_of(steps: Sequence[Step], values: Mapping[str, object]) -> tuple[Command, ...]:
    """The steps that the fleet gives what they need, as they travel to a host together.

    None of them waits for a step that is not asked of it.
    """
    askable = [step for step in steps if step.probe is None and not missing(step.needs, values)]
    commands = [commands_of(step, values) for step in askable]
    asked = {command.step for command in commands}
    return tuple(replace(one, after=tuple(step for step in one.after if step in asked)) for one in commands)


def _with_root(argv: tuple[str, ...], root: Root) -> list[tuple[str, ...]]:
    as_root = (*SUDO, *argv)
    match root:
        case Root.NEVER:
            return [argv]
        case Root.ONLY:
            return [as_root]
        case Root.FIRST:
            return [as_root, argv]
        case Root.FALLBACK:
            return [argv, as_root]


def _render_one(template: str, values: Mapping[str, object]) -> str:
    if not any(mark in template for mark in ("{{", "{%", "{#")):
        return template
    return _checked(render_text(template, values), template, may_be_option=template.startswith("-"))


def _items(value: object, name: str, template: str) -> list[str]:
    """One argument for each item; nothing where the fleet leaves the value empty."""
    items = [str(item) for item in _as_items(value)]
    return [
        _checked(item, template, may_be_option=name in OWN_COMMANDS and at > 0)
        for at, item in enumerate(items)
    ]


def _checked(text: str, template: str, *, may_be_option: bool) -> str:
    if text.startswith("-") and not may_be_option:
        raise FileError(
            f"template {template!r}: value {text!r} begins with '-' and could be read as an option"
        )
    if _CONTROL.search(text):
        raise FileError(f"template {template!r}: value {text!r} holds control characters")
    return text


def _value_at(name: str, values: Mapping[str, object]) -> object:
    here: object = values
    for part in name.split("."):
        if not isinstance(here, Mapping) or part not in here:
            raise FileError(f"no value {name!r}; templates know host, service and nginx")
        here = here[part]
    return here


def _as_items(value: object) -> Sequence[object]:
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else [value]
