"""What Slack told of the channel an incident is shown in, in words."""

from typing import assert_never

from bot.model.event import ChannelChange, ChannelChanged


def channel_words(event: ChannelChanged) -> str:
    """`channel C012 is shared with another organisation; nothing more is said there`."""
    match event.change:
        case ChannelChange.SHARED:
            return f"channel {event.channel} is shared with another organisation; nothing more is said there"
        case ChannelChange.UNSHARED:
            return f"channel {event.channel} is not shared with another organisation any more"
        case ChannelChange.MOVED:
            return f"channel {event.channel} has the id {event.now} from now on"
        case _ as never:
            assert_never(never)
