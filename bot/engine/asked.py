"""What this process is asked to carry on: in the order it was asked, what people decided before all else."""

from collections.abc import Iterator, KeysView
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wanted of an incident."""

    #: Another look.
    again: bool = False
    #: People have decided something there, and wait for it.
    is_urgent: bool = False

    def __or__(self, other: "Wanted") -> "Wanted":
        return Wanted(again=self.again or other.again, is_urgent=self.is_urgent or other.is_urgent)


class Asked:
    """Incidents by name, each once."""

    def __init__(self) -> None:
        self._wanted: dict[str, Wanted] = {}

    def __contains__(self, incident: str) -> bool:
        return incident in self._wanted

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._wanted))

    def __len__(self) -> int:
        return len(self._wanted)

    def keys(self) -> KeysView[str]:
        """All of them; follows what is added and taken."""
        return self._wanted.keys()

    def add(self, incident: str, wanted: Wanted) -> None:
        """Want this too; who waits already keeps the place."""
        self._wanted[incident] = self._wanted.get(incident, Wanted()) | wanted

    def take(self, incident: str) -> Wanted:
        """What was wanted of it, which is done from now on; nothing in particular once all was cleared."""
        return self._wanted.pop(incident, Wanted())

    def urgent(self) -> list[str]:
        """Where people have decided something."""
        return [incident for incident, wanted in self._wanted.items() if wanted.is_urgent]

    def clear(self) -> None:
        """Want nothing any more."""
        self._wanted.clear()
