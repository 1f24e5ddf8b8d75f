"""One pass through the checklist, as its entries tell it."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.event import RunEnded, RunFailed, RunStarted, StepEnded
from bot.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step's answer and when it came."""

    at: datetime
    event: StepEnded


@dataclass(frozen=True, kw_only=True)
class Run:
    """One pass through the checklist, as far as it got."""

    started: RunStarted
    started_at: datetime
    #: In the order the answers came.
    steps: tuple[StepView, ...] = ()
    ended: RunEnded | None = None
    failed: RunFailed | None = None
    ended_at: datetime | None = None
    #: Person who asked for it; of one that the bot makes by itself, who had asked for the one before.
    requester: str = ""

    @property
    def number(self) -> int:
        """1 for the ask."""
        return self.started.run

    @property
    def verdict(self) -> Verdict | None:
        """None until the run ended, and when it failed."""
        return self.ended.verdict if self.ended else None

    @property
    def is_over(self) -> bool:
        """True when it ended or failed."""
        return self.ended is not None or self.failed is not None

    @property
    def recheck_of(self) -> str | None:
        """The approval it rechecks; None for an ask."""
        kind, _, approval = self.started.reason.partition(":")
        return approval if kind == "recheck" and approval else None

    @property
    def is_precheck(self) -> bool:
        """True for the look just before an approved action."""
        return self.started.reason.startswith("precheck:")

    @property
    def missing(self) -> tuple[str, ...]:
        """Steps of the checklist that have not answered, in its order."""
        seen = {step.event.step for step in self.steps}
        return tuple(step for step in self.started.steps if step not in seen)
