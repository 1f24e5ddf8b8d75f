"""What a line of pasted evidence says, whoever wrote it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One text of a case, as somebody pasted it."""

    text: str
    #: `nginx_error_log`, `kubectl`, …; empty or wrong when nobody knows.
    kind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """One thing a line says; docs/reference/signs.md lists the kinds and their fields."""

    kind: str
    #: Verbatim line (for a table or a file, the line that counts).
    line: str
    #: Kind of the piece it stands in, as given.
    source: str = ""
    #: Number of the piece, from 0, and of the line in it: what was said before what.
    at: tuple[int, int] = (0, 0)
    fields: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """A field; empty when the line did not give it."""
        return self.fields.get(name) or ""


@dataclass(frozen=True)
class Signs:
    """All signs of a case in the order of the text, the lines nobody could read, and the text itself."""

    all: tuple[Sign, ...]
    unread: tuple[str, ...] = ()
    text: str = ""

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Sign, ...]]:
        found: dict[str, list[Sign]] = {}
        for sign in self.all:
            found.setdefault(sign.kind, []).append(sign)
        return {kind: tuple(signs) for kind, signs in found.items()}

    @cached_property
    def _asked(self) -> dict[tuple[str, ...], tuple[Sign, ...]]:
        """What was asked for more than one kind: rules ask for the same again and again."""
        return {}

    def of(self, *kinds: str) -> tuple[Sign, ...]:
        """Signs of these kinds in the order of the text."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        found = self._asked.get(kinds)
        if found is None:
            there = {kind for kind in kinds if kind in self._by_kind}
            one = self._by_kind[next(iter(there))] if len(there) == 1 else None
            found = one or tuple(sign for sign in self.all if sign.kind in there) if there else ()
            self._asked[kinds] = found
        return found

    def first(self, *kinds: str) -> Sign | None:
        """The earliest sign of these kinds."""
        found = self._by_kind.get(kinds[0]) if len(kinds) == 1 else self.of(*kinds)
        return found[0] if found else None

    def has(self, *kinds: str) -> bool:
        """Whether there is a sign of one of these kinds."""
        return not self._by_kind.keys().isdisjoint(kinds)

    def where(self, kind: str, **fields: str) -> tuple[Sign, ...]:
        """Signs of a kind whose fields have these values."""
        return tuple(
            sign for sign in self.of(kind) if all(sign[name] == value for name, value in fields.items())
        )


#: Reads signs that one line alone does not give: tables, files, stack traces.
Reader = Callable[[Piece], Iterable[Sign]]
