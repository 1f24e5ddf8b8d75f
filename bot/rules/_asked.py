"""Which kinds of signs a rule asks for before it says that it knows nothing.

Asked of a case without any sign a rule goes all the way to its end, and what it asked for on that way is what
it needs one of: where a case has none of these kinds either, it goes the same way to the same end.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass

from bot.model.sign import Sign, Signs

#: What has more than signs of kinds asked for: it may say anything.
_WHOLE = frozenset({"all", "unread", "text"})


class _Nothing(Signs):
    """A case without signs, which keeps what it was asked for."""

    def __init__(self) -> None:
        super().__init__(all=())
        vars(self).update(kinds=set(), is_read_whole=False)

    def __getattribute__(self, name: str) -> object:
        if name in _WHOLE:
            vars(self)["is_read_whole"] = True
        return super().__getattribute__(name)

    def of(self, *kinds: str) -> tuple[Sign, ...]:
        """None; the kinds are kept."""
        vars(self)["kinds"].update(kinds)
        return ()

    def first(self, *kinds: str) -> Sign | None:
        """None; the kinds are kept."""
        return next(iter(self.of(*kinds)), None)

    def has(self, *kinds: str) -> bool:
        """Never; the kinds are kept."""
        return bool(self.of(*kinds))

    def where(self, kind: str, **fields: str) -> tuple[Sign, ...]:  # noqa: ARG002  # as its base has it
        """None; the kind is kept."""
        return self.of(kind)


@dataclass(frozen=True)
class Needs:
    """What a rule needs one of before it says anything."""

    kinds: frozenset[str]
    #: It looks at more than signs of some kinds, or speaks of a case without any.
    is_any: bool

    def are_met(self, kinds: Set[str]) -> bool:
        """Whether the rule may say something of a case with these kinds of signs."""
        return self.is_any or not self.kinds.isdisjoint(kinds)


def needs(told: Callable[[Signs], object]) -> Needs:
    """What a rule, or the way to a circumstance, needs."""
    nothing = _Nothing()
    says = told(nothing)
    known = vars(nothing)
    return Needs(kinds=frozenset(known["kinds"]), is_any=bool(says) or known["is_read_whole"])
