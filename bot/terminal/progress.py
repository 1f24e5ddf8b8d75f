"""How far an incident is, as one line for who waits."""

from collections.abc import Iterable

from bot.model.incident import Incident, IncidentStatus, Run


def progress(incidents: Iterable[Incident]) -> str:
    """`web-01: 12 of 25 steps answered · web-02: done`; empty for none."""
    return " · ".join(f"{one.host or one.id}: {_one(one)}" for one in incidents)


def _one(incident: Incident) -> str:
    run = incident.run
    if run is not None and not run.is_over:
        return f"{len(run.steps)} of {len(run.started.steps)} steps answered{_why(run)}"
    if incident.status is IncidentStatus.ACTING:
        return "the remedy runs, then the service must answer"
    if incident.status is IncidentStatus.RECHECKING:
        return "will be checked again"
    return "asked" if run is None else "done"


def _why(run: Run) -> str:
    if run.is_precheck:
        return ", just before acting"
    return ", after the action" if run.recheck_of else ""
