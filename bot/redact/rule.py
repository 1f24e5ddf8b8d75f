"""What a redaction rule is, and how rules are applied within a budget of work."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate

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
    #: As a text it is compiled when one of its words is first met: most of some hundreds never are.
    pattern: re.Pattern[str] | str
    reach: int = 512
    #: Has the last word on a match.
    is_secret: Callable[[re.Match[str]], bool] = _is_secret
    #: False for parameters of requests, which every line of a log may have: never a reason to withhold.
    counts: bool = True

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern."""
        return re.compile(self.pattern)


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
    looked = _Looked(text, lower)
    for rule, near in wanted:
        done = _near_words(looked, rule, near, partial(_replaced, rule=rule, found=found))
        if done != looked.text:
            looked = _Looked(done, done.lower())
    return looked.text


class _Looked:
    """A text, how it reads in lower case, and where its lines begin: the same for all rules."""

    def __init__(self, text: str, lower: str) -> None:
        self.text, self.lower = text, lower
        self.count = text.count("\n") + 1

    @cached_property
    def begins(self) -> list[int]:
        """Where each line begins, and where the next one would."""
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]

    def lines_with(self, words: Iterable[str], *, at_most: int) -> list[int] | None:
        """The numbers of the lines that have one of them; None when these are more."""
        found: set[int] = set()
        for word in words:
            at = self.lower.find(word)
            while at >= 0:
                number = bisect_right(self.begins, at) - 1
                found.add(number)
                if len(found) > at_most:
                    return None
                at = self.lower.find(word, self.begins[number + 1])
        return sorted(found)


def _near_words(
    looked: _Looked, rule: Rule, words: Iterable[str], replaced: Callable[[re.Match[str]], str]
) -> str:
    """The text after one rule, which is tried only on lines around its words: most lines have none.

    `AROUND` lines before and behind go with each, for patterns that reach over line ends.
    """
    few = looked.count // (2 * AROUND + 1)
    # Where a letter's small form is longer, what is found in one is not where it is in the other.
    is_alike = len(looked.lower) == len(looked.text)
    wanted = looked.lines_with(words, at_most=few) if few and is_alike else None
    if wanted is None:
        return rule.compiled.sub(replaced, looked.text)
    done: list[str] = []
    reached = 0
    for first, last in _spans(wanted, looked.count):
        begin, end = looked.begins[first], looked.begins[last] - 1
        done += looked.text[reached:begin], rule.compiled.sub(replaced, looked.text[begin:end])
        reached = end
    return "".join([*done, looked.text[reached:]])


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
