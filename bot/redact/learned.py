"""Secrets that the outputs of one incident gave away, so that none of its later outputs shows them bare.

In memory only: nothing of it is written anywhere, and a bot that starts anew learns anew.
"""

from collections import OrderedDict
from collections.abc import Iterable

from bot.redact.known import KnownValues

#: Of one incident. An output with more than 20 is withheld; the work of looking for them is bounded by this.
MOST_SECRETS = 48
#: Incidents whose secrets are remembered, those last worked on; about 50 kB each at worst.
MOST_INCIDENTS = 256


class Learned:
    """What one incident's outputs gave away. The first 48; `known` finds them in every encoding."""

    def __init__(self) -> None:
        self._secrets: dict[str, None] = {}
        self.known = KnownValues()

    def add(self, secrets: Iterable[str]) -> None:
        """Remember these, while there is room."""
        new = [secret for secret in secrets if secret not in self._secrets]
        if new and len(self._secrets) < MOST_SECRETS:
            self._secrets |= dict.fromkeys(new[: MOST_SECRETS - len(self._secrets)])
            self.known = KnownValues.learned(self._secrets)


class LearnedByIncident:
    """One `Learned` for each incident; the one that was asked for longest ago is forgotten first."""

    def __init__(self) -> None:
        self._all: OrderedDict[str, Learned] = OrderedDict()

    def of(self, incident: str) -> Learned:
        """What the incident's outputs gave away so far; empty at first."""
        learned = self._all.setdefault(incident, Learned())
        self._all.move_to_end(incident)
        if len(self._all) > MOST_INCIDENTS:
            self._all.popitem(last=False)
        return learned
