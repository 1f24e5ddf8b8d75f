"""What a redaction rule is, and how rules are applied within a budget of work."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

#: Most work one text may cost: characters that rules may look at, about 2 s of it at worst.
WORK_LIMIT = 150_000_000

#: Lines on either side of a rule's word in which its match may begin or end.
AROUND = 3


class TooCostly(Exception):
    """The text would cost more than the budget; it must be withheld."""


def _is_secret(_match: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Replaces group `secret` of each match (all of it when there is no such group).

    Patterns start at a literal or a word boundary, have bounded or possessive parts and no nested
    quantifiers, so that one start costs at most `reach` characters.
    """

    kind: str
    #: Lower case; without any of them in the text the rule is not tried.
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    reach: int = 512
    #: Has the last word on a match.
    is_secret: Callable[[re.Match[str]], bool] = _is_secret
    #: False for parameters of requests, which every line of a log may have: never a reason to withhold.
    counts: bool = True


@dataclass(kw_only=True)
class Findings:
    """What rules took out of one text."""

    #: Places replaced.
    hits: int = 0
    #: Different secrets among them that count towards withholding.
    secrets: set[str]
    #: More of those, of which only the number is known: declared values and private keys.
    unnamed: int = 0

    @property
    def count(self) -> int:
        """How many different secrets count towards withholding."""
        return len(self.secrets) + self.unnamed


class RuleSet:
    """Rules in the order in which they are applied, found by how their words begin.

    Most texts are short and have few of the many words: only those are looked for whose first three
    characters are there.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._begin: dict[tuple[int, ...], list[tuple[int, str]]] = {}
        for number, rule in enumerate(self._rules):
            for word in rule.words:
                # A shorter one is its own beginning, and always looked for.
                self._begin.setdefault(tuple(_ascii(word)[:3]), []).append((number, word))
        self._short = [begin for begin in self._begin if len(begin) < 3]

    def near(self, lower: str) -> list[tuple[Rule, list[str]]]:
        """The rules that have a word in the text, in their order, with those words."""
        raw = _ascii(lower)
        begins = {*zip(raw, raw[1:], raw[2:], strict=False)} & self._begin.keys()
        near: dict[int, list[str]] = {}
        for begin in (*begins, *self._short):
            for number, word in self._begin[begin]:
                if word in lower:
                    near.setdefault(number, []).append(word)
        return [(self._rules[number], near[number]) for number in sorted(near)]


def apply(text: str, rules: RuleSet, found: Findings, *, limit: int = WORK_LIMIT) -> str:
    """The text after all rules, in order. Raises TooCostly before any work that it cannot afford."""
    lower = text.lower()
    wanted = rules.near(lower)
    if sum(_cost(rule, near, lower) for rule, near in wanted) > limit:
        raise TooCostly
    for rule, near in wanted:
        text = _near_words(text, rule, near, partial(_replaced, rule=rule, found=found))
    return text


def _near_words(text: str, rule: Rule, words: Sequence[str], replaced: Callable[[re.Match[str]], str]) -> str:
    """The text after one rule, which is tried only on lines around its words: most lines have none.

    `AROUND` lines before and behind go with each, for patterns that reach over line ends.
    """
    lines = text.split("\n")
    lower = text.lower().split("\n")
    wanted = [number for number, line in enumerate(lower) if any(word in line for word in words)]
    if len(lower) != len(lines) or len(wanted) * (2 * AROUND + 1) > len(lines):
        return rule.pattern.sub(replaced, text)
    done: list[str] = []
    reached = 0
    for first, last in _spans(wanted, len(lines)):
        done += lines[reached:first]
        done.append(rule.pattern.sub(replaced, "\n".join(lines[first:last])))
        reached = last
    return "\n".join([*done, *lines[reached:]])


def _spans(numbers: Sequence[int], count: int) -> list[tuple[int, int]]:
    """Half-open spans of lines around the numbers, merged where they touch."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        first, last = max(0, number - AROUND), min(count, number + AROUND + 1)
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def _cost(rule: Rule, words: Sequence[str], lower: str) -> int:
    return len(lower) + sum(map(lower.count, words)) * rule.reach


def _ascii(text: str) -> bytes:
    return text.encode("ascii", "replace")


def _replaced(match: re.Match[str], *, rule: Rule, found: Findings) -> str:
    group = "secret" if "secret" in match.re.groupindex else 0
    secret = match[group]
    if not secret or "[REDACTED:" in secret or not rule.is_secret(match):
        return match[0]
    found.hits += 1
    if rule.counts:
        found.secrets.add(secret)
    start, end = match.start(group) - match.start(), match.end(group) - match.start()
    return f"{match[0][:start]}[REDACTED:{rule.kind}]{match[0][end:]}"
