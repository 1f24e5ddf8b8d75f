"""May this person do that here?"""

from bot.devslack.errors import PageError
from bot.devslack.parts import Parts
from bot.devslack.seed import Person
from bot.devslack.transport import Ack, Outcome
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import Channel


def actor(parts: Parts, body: Payload) -> Person:
    """The person of `user`; PageError when unknown, a bot or deactivated."""
    person = parts.world.people.get(text_of(body, "user"))
    if person is None:
        raise PageError("user_not_found", f"There is no person {text_of(body, 'user')!r}.", status=404)
    if not person.may_act and parts.strict.on("user_active"):
        raise PageError(
            "user_inactive", f"{person.real_name} is {person.kind.value} and cannot act.", status=403
        )
    return person


def seen_channel(parts: Parts, person: Person, channel_id: str) -> Channel:
    """A channel this person is in; PageError else."""
    channel = parts.world.channels.get(channel_id)
    if channel is None:
        raise PageError("channel_not_found", f"There is no channel {channel_id!r}.", status=404)
    if person.id not in channel.members and parts.strict.on("channel_seen"):
        raise PageError("not_in_channel", f"{person.real_name} is not in #{channel.name}.", status=403)
    return channel


def good(ack: Ack, what: str) -> Payload:
    """The answer to the page when the app acknowledged; PageError with Slack's error name else."""
    if ack.outcome is Outcome.ACKED:
        return {"ok": True, "ack_ms": round(ack.ms, 1)}
    error = error_of(ack)
    raise PageError(error, f'{what} failed with the error "{error}"', status=502)


def error_of(ack: Ack) -> str:
    """The name people see: `operation_timeout` or `dispatch_failed`."""
    return Outcome.TIMEOUT.value if ack.outcome is Outcome.TIMEOUT else Outcome.NOBODY.value
