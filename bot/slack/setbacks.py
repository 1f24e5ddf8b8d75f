"""What is done about a message that Slack refused for good."""

from bot.slack.blocks import is_alarm
from bot.slack.failures import Refused
from bot.slack.sender import Job
from bot.slack.show import Show
from bot.slack.threads import Threads
from bot.slack.turns import Turns

#: How soon an alarm is tried again: twice as long after each refusal, a minute at most.
_ALARM_S, _ALARM_MOST_S = 15.0, 60.0
#: Errors of an update whose message is not there any more.
_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class Setbacks:
    """Decides between showing it anew, trying again later, and letting it be."""

    def __init__(self, threads: Threads, turns: Turns) -> None:
        self._threads, self._turns = threads, turns

    async def meet(self, incident: str, show: Show, job: Job, refused: Refused) -> bool:
        """True when the incident is to be shown anew at once."""
        key = job.name[1]
        show.under_way.pop(key, None)
        if job.what == "update" and refused.error in _GONE:
            show.lost.add(key)
            show.known.pop(key, None)
            return True
        if show.has_left(job.channel):
            return True
        if is_alarm(key):
            self._ring_again(incident, show, job, refused)
        elif show.on_refused is not None:
            tell, show.on_refused = show.on_refused, None
            await tell(refused)
        return False

    def _ring_again(self, incident: str, show: Show, job: Job, refused: Refused) -> None:
        """An alarm is never given up: somebody may invite the bot to its channel, or mend the policy."""
        if show.refused == 0:
            says = f"Slack does not let me tell channel {job.channel} of it ({refused.error}); I go on trying"
            self._threads.warn(incident, says, title="Break-glass")
        self._turns.again(incident, min(_ALARM_MOST_S, _ALARM_S * 2**show.refused))
        show.refused += 1
