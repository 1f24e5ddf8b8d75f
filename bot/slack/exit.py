"""The last look before words leave for Slack: no value that is known to be secret, in any encoding.

Everything was cleaned where it came in. This is for what got past, and for values that were declared
since: what the ledger holds of them stays there.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.redact import KnownValues
from bot.slack.blocks import Block


class Exit:
    """Hides known values in each kind of thing that is sent."""

    def __init__(self, known: KnownValues) -> None:
        self._known = known

    def text(self, text: str) -> str:
        """A message's text."""
        return self._known.hide(text)[0]

    def blocks(self, blocks: Sequence[Block]) -> list[Block]:
        """A message's blocks."""
        return [self._inside(block) for block in blocks]

    def view(self, view: Mapping[str, object]) -> dict[str, object]:
        """A modal."""
        return {key: self._inside(value) for key, value in view.items()}

    def file(self, name: str, content: bytes) -> bytes:
        """A text file. A JSON export stays as it is: its chain proves itself by every byte."""
        if name.endswith(".json"):
            return content
        return self.text(content.decode("utf-8", "replace")).encode()

    # Any: a payload is what JSON can hold, and keeps its shape.
    def _inside(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case Mapping():
                return {key: self._inside(each) for key, each in value.items()}
            case list() | tuple():
                return [self._inside(each) for each in value]
        return value
