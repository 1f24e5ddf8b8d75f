"""Time as this process measures it."""

from typing import Protocol


class Clock(Protocol):
    """Our own clock, for time-outs and durations."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...
