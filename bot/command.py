"""argv templates and the fleet's values become commands; no shell text is ever put together.

Each argument is one Jinja template over values of the fleet file. Text read from a host never comes
here. A value may not begin with `-` where an option could stand, so it can never become one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import FileError
from bot.model.command import Command
from bot.model.host import Host
from bot.model.runbook import Root, Step

SUDO = ("sudo", "-n")
_EACH = re.compile(r"\{\{\s*([a-z_.]+)\s*\|\s*each\s*\}\}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # arguments of a process, not markup
    keep_trailing_newline=True,
)
# Templates get values and nothing else: no globals, no way to loop for long.
_environment.globals.clear()


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
        each = _EACH.match(template)
        if each:
            items = _value_at(each[1], values)
            argv += [_checked(str(item), template, is_value=True) for item in _as_items(items)]
            continue
        argv.append(_render_one(template, values))
    return tuple(argv)


def render_text(template: str, values: Mapping[str, object]) -> str:
    """A sentence for people from a template, e.g. what a remedy does. Raises FileError."""
    try:
        return str(compiled(template).render(values))
    except TemplateError as error:
        raise FileError(f"template {template!r}: {error}") from error


def compiled(template: str) -> Template:
    """The template, checked for syntax. Raises FileError naming it."""
    try:
        return _environment.from_string(template)
    except TemplateError as error:
        raise FileError(f"template {template!r}: {error}") from error


def commands_of(step: Step, values: Mapping[str, object]) -> Command:
    """The step as it travels to a host: its alternatives, root ones marked with `sudo -n`."""
    alternatives: list[tuple[str, ...]] = []
    for templates in (step.run, *step.otherwise):
        argv = render(templates, values)
        alternatives += _with_root(argv, step.root)
    return Command(
        step=step.id,
        alternatives=tuple(alternatives),
        ok_exit=step.ok_exit,
        timeout_s=step.timeout_s,
        max_bytes=step.max_bytes,
        after=step.after,
    )


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
    if "{{" not in template and "{%" not in template:
        return template
    return _checked(render_text(template, values), template, is_value=template.lstrip().startswith("{{"))


def _checked(text: str, template: str, *, is_value: bool) -> str:
    if is_value and text.startswith("-"):
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
    return value if isinstance(value, (list, tuple)) else [value]
