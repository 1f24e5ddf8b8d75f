"""One thing that was looked at."""

from dataclasses import dataclass
from enum import Enum


class Health(Enum):
    """How bad a finding is."""

    OK = "ok"
    #: Works with less: says what is not seen.
    LESS = "less"
    #: Works, and more is allowed than is needed.
    WIDER = "wider"
    MISSING = "MISSING"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at."""

    about: str
    health: Health
    says: str
    #: What to do; empty when it is well.
    mend: str = ""

    @property
    def is_well(self) -> bool:
        """False when something must be mended."""
        return self.health is not Health.MISSING

    def line(self) -> str:
        """For the terminal."""
        mend = f"\n          -> {self.mend}" if self.mend else ""
        return f"{self.health.value:<8}{self.about}: {self.says}{mend}"
