"""What holds for each rule: documented, tested, used."""

import inspect
import pkgutil
from pathlib import Path

import pytest

import bot.rules
from bot.explain import LABELS
from tests.support.asked import runbook

RULES = [info.name for info in pkgutil.iter_modules(bot.rules.__path__) if not info.name.startswith("_")]


def arguments(cause: str) -> list[str]:
    rule = getattr(__import__(f"bot.rules.{cause}", fromlist=[cause]), cause)
    return list(inspect.signature(rule).parameters)


#: Causes that only text tells of; tests/test_diagnose.py has their cases.
OF_TEXT = [cause for cause in RULES if arguments(cause) == ["signs"]]
OF_HOSTS = [cause for cause in RULES if cause not in OF_TEXT]


@pytest.mark.parametrize("cause", RULES)
def test_says_why_when_not_when_mistaken_and_by_what_source(cause: str) -> None:
    rule = getattr(__import__(f"bot.rules.{cause}", fromlist=[cause]), cause)

    lines = [line.strip() for line in (rule.__doc__ or "").splitlines()]

    assert lines[0], "the conclusion comes first"
    for opening in (f"{label}: " for label in LABELS):
        assert any(line.startswith(opening) for line in lines), f"{cause} does not say {opening!r}"


@pytest.mark.parametrize("cause", OF_HOSTS)
def test_has_a_test_of_its_own(cause: str) -> None:
    assert (Path(__file__).parent / f"test_{cause}.py").is_file()


def test_each_is_used_by_a_runbook_and_nothing_else_is_named() -> None:
    assert sorted(runbook().causes) == sorted(OF_HOSTS)
