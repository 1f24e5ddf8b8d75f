"""Many words that are looked for in a text at once, and how a text is read for them."""

from collections import Counter
from collections.abc import Iterable

#: Letters that `re` takes for others when it ignores case, though lower() leaves them.
_ALIKE = str.maketrans({"ſ": "s", "ı": "i", "ς": "σ", "\u0307": ""})
#: Letters of a word by which it is looked for first.
_RUN = 3


def folded(text: str) -> str:
    """The text as words are looked for in it."""
    lowered = text.lower()
    return lowered if lowered.isascii() else lowered.translate(_ALIKE)


class Words:
    """Words with an index, so that a text meets only those that may be in it.

    A text is cut into all its runs of three letters; a word is looked for only if its rarest run is there.
    """

    def __init__(self, words: Iterable[str]) -> None:
        every = sorted(set(words))
        common = Counter(run for word in every for run in _runs(word))
        self._by_run: dict[str, list[str]] = {}
        for word in every:
            if runs := _runs(word):
                self._by_run.setdefault(min(runs, key=lambda run: (common[run], run)), []).append(word)
        self._short = [word for word in every if len(word) < _RUN]

    def within(self, text: str) -> set[str]:
        """Those that stand in the folded text."""
        likely = [word for run in self._by_run.keys() & _runs(text) for word in self._by_run[run]]
        return {word for word in (*likely, *self._short) if word in text}


def _runs(text: str) -> set[str]:
    return set(map("".join, zip(text, text[1:], text[2:], strict=False)))
