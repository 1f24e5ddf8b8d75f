"""Reads a YAML file that nobody has to trust: no anchors, tags, duplicate keys or surprises.

Refused with file and line: aliases and anchors (a small file can unfold to gigabytes), tags (they
name types to build), duplicate keys (the last one would win in silence), files over 1 MiB, nesting
over 20 levels, several documents. Scalars follow YAML 1.2's core schema, so `on` and `no` stay text.
"""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml.composer import Composer

from bot.errors import FileError

MAX_BYTES = 1 << 20
MAX_DEPTH = 20
#: Of a number.
MAX_DIGITS = 40


class _Loader(Composer, yaml.CSafeLoader):
    """PyYAML's safe loader over libyaml, narrowed; `depth` counts how deep the composer is.

    Its scanner in Python takes ten times as long, which each command at a terminal would wait for. libyaml
    composes as well, past what is refused here: the composer comes first, and asks it for events only.
    """

    depth = 0
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape

    def __init__(self, raw: bytes) -> None:
        Composer.__init__(self)
        yaml.CSafeLoader.__init__(self, raw)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()
        if self.check_event(yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(event.start_mark, "anchors and aliases are not allowed; write the value out")
        if getattr(event, "tag", None):
            _refuse(event.start_mark, f"tag {event.tag!r} is not allowed; remove it")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            _refuse(event.start_mark, f"nested more than {MAX_DEPTH} levels; flatten it")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: ARG002 - PyYAML's signature
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                _refuse(key_node.start_mark, "a key must be plain text")
            if key_node.value in seen:
                _refuse(key_node.start_mark, f"key {key_node.value!r} stands twice; keep one")
            seen.add(key_node.value)
        # Keys stay the text that was written: `502:` is a name, not a number.
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def _core_schema() -> None:
    """YAML 1.2 core schema scalars: null, true/false, int, float; nothing else changes type."""
    for tag, pattern, first in (
        ("bool", r"^(?:true|false)$", "tf"),
        ("null", r"^(?:~|null|)$", ["~", "n", ""]),
        ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
        ("float", r"^[-+]?(?:[0-9]+\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+0123456789"),
    ):
        _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def _number(_loader: _Loader, node: yaml.ScalarNode) -> object:
    """An int or float; Python refuses to read integers of thousands of digits, so do we, with a line."""
    if len(node.value) > MAX_DIGITS:
        _refuse(node.start_mark, f"a number of more than {MAX_DIGITS} characters; put it in quotes")
    return float(node.value) if "." in node.value else int(node.value)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, object]:
    return loader.construct_mapping(node)


_core_schema()
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def read(path: Path) -> dict[str, object]:
    """The mapping a YAML file holds; keys are text as written, `{}` for an empty file.

    Raises FileError naming file, line and way out.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(raw) > MAX_BYTES:
        raise FileError(f"{path}: larger than {MAX_BYTES // 1024} KiB; split it")
    return parse(raw, name=str(path))


def parse(raw: bytes, *, name: str) -> dict[str, object]:
    """Like `read`, for bytes; `name` stands for the file in errors."""
    try:
        value = yaml.load(raw, Loader=_Loader)  # noqa: S506 - a narrowed SafeLoader
    except _RefusedError as error:
        raise FileError(f"{name}:{error.line}: {error.why}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FileError(f"{name}:{line}: not YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        line = raw[: error.position].count(b"\n") + 1
        raise FileError(f"{name}:{line}: not YAML: {error.reason}; keep to printable UTF-8 text") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FileError(f"{name}:1: must be a mapping of keys to values")
    return value


class _RefusedError(Exception):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


def _refuse(mark: yaml.Mark, why: str) -> NoReturn:
    raise _RefusedError(mark.line + 1, why)
