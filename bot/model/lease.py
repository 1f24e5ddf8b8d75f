"""What only one process may do at a time, and for how long a silent one is believed."""

#: Pause between two heartbeats of a process that has something to itself.
BEAT_S = 3.0
#: Silent for so long, a process holds nothing any more, and stops what relied on it.
LATE_S = 9.0
#: Silent for so long, others may take over from it. Longer than LATE_S by more than a commit takes.
STALE_S = 14.0


def work_on(incident: str) -> str:
    """Carrying an incident on."""
    return f"work:{incident}"


def show_of(incident: str) -> str:
    """Showing an incident in Slack."""
    return f"show:{incident}"
