"""How an incident stands, in a word or two: the same in Slack, in a terminal and in an export."""

from enum import Enum

from bot.model.incident import Incident, IncidentStatus
from bot.model.verdict import Verdict


class Stand(Enum):
    """What is going on; when nothing is, how the host was when it was last looked at."""

    LOOKING = "looking"
    DECIDING = "waits for a decision"
    ACTING = "acting"
    RECHECKING = "checking again"
    FAILED = "the bot failed"
    NOT_KNOWN = "nothing known"
    NOT_SEEN = "could not look"
    NO_CAUSE = "no cause found"
    HEALTHY = "healthy"
    SERVES = "serves, but not all is well"
    BROKEN = "broken"


_GOING_ON = {
    IncidentStatus.LOOKING: Stand.LOOKING,
    IncidentStatus.DECIDING: Stand.DECIDING,
    IncidentStatus.ACTING: Stand.ACTING,
    IncidentStatus.RECHECKING: Stand.RECHECKING,
    IncidentStatus.BROKEN: Stand.FAILED,
}


def stand_of(incident: Incident) -> Stand:
    """How it stands now."""
    status = incident.status
    return stand_after(incident.verdict) if status is IncidentStatus.DONE else _GOING_ON[status]


def stand_after(verdict: Verdict | None) -> Stand:
    """How the host was, by this verdict."""
    if verdict is None:
        return Stand.NOT_KNOWN
    if verdict.is_healthy:
        return Stand.HEALTHY
    if not verdict.could_look:
        return Stand.NOT_SEEN
    if not verdict.found:
        return Stand.NO_CAUSE
    return Stand.SERVES if verdict.is_served else Stand.BROKEN
