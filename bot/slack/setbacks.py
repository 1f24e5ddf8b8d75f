"""What is done about a message that Slack refused for good."""

from bot.slack.api import Refused
from bot.slack.sender import Job
from bot.slack.show import Show

#: Errors of an update whose message is not there any more.
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


async def is_shown_anew(show: Show, job: Job, refused: Refused) -> bool:
    """True when the incident is to be shown anew at once; otherwise it is let be."""
    key = job.name[1]
    show.under_way.pop(key, None)
    if job.what == "update" and refused.error in _GONE:
        show.lost.add(key)
        show.known.pop(key, None)
        return True
    if show.has_left(job.channel):
        return True
    if show.on_refused is not None:
        tell, show.on_refused = show.on_refused, None
        await tell(refused)
    return False
