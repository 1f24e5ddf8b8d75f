"""What changed between two verdicts: the before and after of an action."""

from dataclasses import dataclass

from bot.model.state import Incident
from bot.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Diff:
    """Before and after; causes in the order their verdict ranks them."""

    #: Headlines.
    before: str
    after: str
    before_cause: str
    after_cause: str
    is_healthy: bool
    gone: tuple[str, ...]
    new: tuple[str, ...]
    stays: tuple[str, ...]
    #: Steps that gave an answer before and give none now.
    unchecked: tuple[str, ...] = ()


def diff(before: Verdict, after: Verdict) -> Diff:
    """What is gone, what is new and what stays; a cause counts once, however often it was found."""
    was, now = _causes(before), _causes(after)
    blind = tuple(gap.step for gap in before.unchecked)
    return Diff(
        before=before.says,
        after=after.says,
        before_cause=before.cause,
        after_cause=after.cause,
        is_healthy=after.is_healthy,
        gone=tuple(cause for cause in was if cause not in now),
        new=tuple(cause for cause in now if cause not in was),
        stays=tuple(cause for cause in now if cause in was),
        unchecked=tuple(gap.step for gap in after.unchecked if gap.step not in blind),
    )


def since_first(incident: Incident) -> Diff | None:
    """From the first verdict to that of the latest check; None until there is a later check.

    The look just before an action is no later check: nothing was changed yet.
    """
    verdicts = [run.verdict for run in incident.checks if run.verdict is not None]
    return diff(verdicts[0], verdicts[-1]) if len(verdicts) > 1 else None


def _causes(verdict: Verdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.cause for finding in verdict.found))
