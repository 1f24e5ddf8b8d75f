"""Which steps of a runbook a host is asked, by what the fleet file gives of it. Pure."""

from collections.abc import Mapping, Sequence

from bot.command import missing, values_of
from bot.model.host import Host
from bot.model.runbook import Runbook, Step


def steps_for(host: Host, runbook: Runbook) -> tuple[Step, ...]:
    """The steps that this host is asked, or whose lack is said."""
    return tuple(of_host(runbook.steps, values_of(host)))


def of_host(steps: Sequence[Step], values: Mapping[str, object]) -> list[Step]:
    """Without those for which another step gives the same fact here, or that only stand in for one.

    What such steps lack, e.g. a unit where a container is named, is no lack of other steps either.
    """
    lacking = {step.id: frozenset(missing(step.needs, values)) for step in steps}
    given = {step.fact for step in steps if not lacking[step.id]}
    moot = frozenset[str]().union(*(lacking[step.id] for step in steps if step.fact in given))
    return [
        step
        for step in steps
        if not lacking[step.id] or (not lacking[step.id] <= moot and step.gives is None)
    ]
