"""Which parsers and rules the code has, and what each rule needs, read from their signatures."""

import importlib
import inspect
import pkgutil
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import bot.parsers
import bot.rules
from bot.model.evidence import Gap, HostClock
from bot.model.host import Host
from bot.model.sign import Signs

#: Arguments a rule may ask for that are no steps.
SPECIAL = {
    "clock": HostClock,
    "gaps": tuple[Gap, ...],
    "host": Host,
    "ran_as_root": tuple[str, ...],
    "signs": Signs,
}


@dataclass(frozen=True, kw_only=True)
class Need:
    """An argument of a rule: the fact type it wants of a step."""

    fact: type
    is_optional: bool


@dataclass(frozen=True, kw_only=True)
class Names:
    """What YAML may name."""

    #: Parser name -> type of the fact it gives.
    parsers: Mapping[str, object]
    #: Rule name -> step id -> what it needs of it.
    rules: Mapping[str, Mapping[str, Need]]


def names_of_code() -> Names:
    """Parsers and rules in this installation. Raises TypeError when a signature is incomplete: a bug."""
    parsers = {name: _returns(function) for name, function in _functions(bot.parsers)}
    rules = {name: _needs(function) for name, function in _functions(bot.rules)}
    return Names(parsers=parsers, rules=rules)


def _functions(package: types.ModuleType) -> list[tuple[str, Callable[..., object]]]:
    """Functions that carry their module's name; a module without one is shared vocabulary."""
    found: list[tuple[str, Callable[..., object]]] = []
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        function = getattr(module, info.name, None)
        if inspect.isfunction(function):
            found.append((info.name, function))
    return found


def _returns(function: Callable[..., object]) -> object:
    hints = typing.get_type_hints(function)
    if "return" not in hints:
        raise TypeError(f"parser {function.__name__} does not say what it returns")
    return hints["return"]


def _needs(function: Callable[..., object]) -> dict[str, Need]:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    missing = set(inspect.signature(function).parameters) - set(hints)
    if missing:
        raise TypeError(f"rule {function.__name__}: no annotation for {', '.join(sorted(missing))}")
    return {name: _need(hint) for name, hint in hints.items() if name not in SPECIAL}


def _need(hint: object) -> Need:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [kind for kind in typing.get_args(hint) if kind is not types.NoneType]
        return Need(fact=inner[0], is_optional=True)
    return Need(fact=typing.cast("type", hint), is_optional=False)
