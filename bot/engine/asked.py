"""What this process is asked to carry on: in the order it was asked, what people decided before all else."""

from collections.abc import Iterator, KeysView


class Asked:
    """Incidents by name, each once."""

    def __init__(self) -> None:
        #: Incident -> whether people have decided something there, and wait for it.
        self._urgent: dict[str, bool] = {}

    def __contains__(self, incident: str) -> bool:
        return incident in self._urgent

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._urgent))

    def __len__(self) -> int:
        return len(self._urgent)

    def keys(self) -> KeysView[str]:
        """All of them; follows what is added and taken."""
        return self._urgent.keys()

    def add(self, incident: str, *, is_urgent: bool) -> None:
        """Have it carried on; who waits already keeps the place."""
        self._urgent[incident] = self._urgent.get(incident, False) or is_urgent

    def take(self, incident: str) -> bool:
        """It is carried on from now; whether that was urgent. False, too, once all was cleared."""
        return self._urgent.pop(incident, False)

    def urgent(self) -> list[str]:
        """Where people have decided something."""
        return [incident for incident, is_urgent in self._urgent.items() if is_urgent]

    def clear(self) -> None:
        """Want nothing any more."""
        self._urgent.clear()
