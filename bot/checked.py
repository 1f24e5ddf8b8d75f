"""Turns what pydantic says of a file into errors a colleague would write."""

import difflib
from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import FileError


class FilePart(BaseModel):
    """Base of every part of a file: unknown keys are errors, nothing is coerced from the wrong type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


_LISTS = frozenset({"tuple_type", "list_type"})
#: pydantic's name for a mistake -> what must be so.
_WORDS = {
    **dict.fromkeys(_LISTS, "must be a list"),
    **dict.fromkeys(
        ("model_type", "model_attributes_type", "dict_type"), "must be a mapping of keys to values"
    ),
    "string_type": "must be text",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "must be a whole number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false"),
}

Part = TypeVar("Part", bound=FilePart)


def check(kind: type[Part], value: dict[str, object], *, name: str) -> Part:
    """`value` as a `kind`. Raises FileError with one line per mistake: file, key, what, way out."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        lines = [f"{name}: {_say(kind, problem)}" for problem in error.errors(include_url=False)]
        raise FileError("\n".join(lines)) from error


def did_you_mean(word: str, known: Iterable[str], *, most: int = 1) -> str:
    """`; did you mean 'x'?`, or what there is to choose from; empty when there is nothing.

    At most `most` names that are near, the nearest first: `'x', 'y' or 'z'`.
    """
    names = sorted(known)
    close = [repr(name) for name in near(word, names, most=most)]
    if close:
        first = f"{', '.join(close[:-1])} or " if len(close) > 1 else ""
        return f"; did you mean {first}{close[-1]}?"
    return f"; there are: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}" if names else ""


def near(word: str, names: Iterable[str], *, most: int) -> list[str]:
    """Those names that one may have meant by a word, the nearest first, then by name."""
    close = difflib.get_close_matches(word, names, n=most, cutoff=0.6)
    return sorted(close, key=lambda name: (-difflib.SequenceMatcher(None, name, word).ratio(), name))


def _say(kind: type[BaseModel], problem: Any) -> str:  # Any: pydantic's ErrorDetails is a TypedDict of Any
    path = [str(part) for part in problem["loc"]]
    key = ".".join(part if part.isprintable() else repr(part) for part in path) or "(top)"
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key{did_you_mean(path[-1], _keys(kind, path[:-1]))}"
    if problem["type"] == "missing":
        return f"{key}: missing; add it"
    return f"{key}: {in_words(problem)}"


def in_words(problem: Any) -> str:  # Any: as in `_say`
    """What is wrong with a value and what it must be, with the value as given."""
    given = repr(problem["input"])
    shown = given if len(given) <= 60 else given[:57] + "…"
    words = _WORDS.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    is_plain = isinstance(problem["input"], (str, int, float)) and len(given) <= 60
    example = f", e.g. [{problem['input']}]" if problem["type"] in _LISTS and is_plain else ""
    return f"{words}{example} (got {shown})"


def _keys(kind: type[BaseModel], path: list[str]) -> list[str]:
    """Keys of the model at `path`; follows mappings and optionals."""
    here: type[BaseModel] | None = kind
    for part in path:
        if here is None:
            return []
        field = here.model_fields.get(part)
        here = _model_in(field.annotation) if field else here
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _model_in(annotation: Any) -> type[BaseModel] | None:  # Any: an annotation may be any typing form
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found:
            return found
    return None
