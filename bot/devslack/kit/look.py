"""Walking a payload while collecting what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.devslack.kit.limits import LIMITS


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing Slack would refuse."""

    #: `too_long`, `too_many`, `missing_field`, `unknown_field`, `wrong_type`, `duplicate_id`, …
    code: str
    #: JSON pointer into the payload, e.g. `/blocks/0/text`.
    pointer: str
    message: str
    #: Name in `LIMITS` of the check that found it.
    check: str

    def as_slack(self) -> str:
        """The line in `response_metadata.messages`."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"


class Look:
    """Problems so far, and the ids and tables seen."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[Problem] = []
        self.block_ids: set[str] = set()
        self.markdown_size = 0
        self.tables = 0
        self.charts = 0
        self.has_input = False

    def report(self, check: str, pointer: str, message: str, *, code: str = "invalid") -> None:
        """Note a problem. KeyError for a check that is not in `LIMITS`: a bug."""
        LIMITS[check]
        self.problems.append(Problem(code=code, pointer=pointer, message=message, check=check))

    def length(self, check: str, size: int, pointer: str, *, minimum: int = 1) -> None:
        """Report a text outside `minimum` … `LIMITS[check]` characters."""
        if size > LIMITS[check]:
            self.report(check, pointer, f"must be less than {LIMITS[check] + 1} characters", code="too_long")
        if size < minimum:
            self.report(check, pointer, f"must be more than {minimum - 1} characters", code="too_short")

    def count(self, check: str, size: int, pointer: str, *, minimum: int = 1) -> None:
        """Report a list outside `minimum` … `LIMITS[check]` items."""
        if size > LIMITS[check]:
            self.report(check, pointer, f"no more than {LIMITS[check]} items allowed", code="too_many")
        if size < minimum:
            self.report(check, pointer, f"no fewer than {minimum} items required", code="too_few")

    def kind(self, value: object, wanted: type, pointer: str) -> bool:
        """True when the value has that JSON type; else reported."""
        if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
            return True
        name = {str: "a string", int: "an integer", bool: "a boolean", list: "an array", dict: "an object"}
        self.report("value_type", pointer, f"must be {name[wanted]}", code="wrong_type")
        return False


#: Looks at one value found at a pointer.
Checker = Callable[[Look, object, str], None]
