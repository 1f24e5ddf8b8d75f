"""Slash commands."""

from bot.devslack.acting import payloads
from bot.devslack.acting.composer import typed
from bot.devslack.acting.who import actor, error_of, good, seen_channel
from bot.devslack.errors import PageError, SlackError
from bot.devslack.message import Message
from bot.devslack.parts import Parts
from bot.devslack.posting import respond
from bot.devslack.seed import Person
from bot.devslack.transport import Ack, Outcome, Sort
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import Channel

SLACKBOT = "USLACKBOT"


async def run_command(parts: Parts, body: Payload) -> Payload:
    """Type a command in a channel; answers when the app acknowledged, or PageError and an ephemeral."""
    person = actor(parts, body)
    channel = seen_channel(parts, person, text_of(body, "channel"))
    name, _, rest = text_of(body, "text").strip().partition(" ")
    _refuse(parts, name, is_in_thread=bool(body.get("thread_ts")))
    entry = parts.rights.commands.get(name, {})
    text = typed(parts.world, rest.strip()) if entry.get("should_escape") else rest.strip()
    payload = payloads.command(parts, person, channel, name, text)
    ack = await parts.delivery.interaction(Sort.COMMAND, payload)
    if ack.outcome is not Outcome.ACKED:
        _show_failure(parts, person, channel, f'{name} failed with the error "{error_of(ack)}"')
    elif ack.payload:
        _show_answer(parts, person, channel, ack, name)
    return good(ack, name)


def _refuse(parts: Parts, name: str, *, is_in_thread: bool) -> None:
    if name not in parts.rights.commands and parts.strict.on("command_known"):
        known = ", ".join(parts.rights.commands)
        raise PageError("unknown_command", f"{name} is not a valid command. There are: {known}.", status=404)
    if is_in_thread and parts.strict.on("command_in_thread"):
        raise PageError("not_in_thread", f"{name} is not supported in threads. Sorry!")


def _show_answer(parts: Parts, person: Person, channel: Channel, ack: Ack, name: str) -> None:
    try:
        respond(parts, channel, person.id, ack.payload)
    except SlackError as error:
        _show_failure(parts, person, channel, f'{name} failed with the error "{error.error}"')


def _show_failure(parts: Parts, person: Person, channel: Channel, text: str) -> None:
    parts.world.add(
        Message(
            ts=parts.ids.ts(),
            channel=channel.id,
            user=SLACKBOT,
            text=text,
            ephemeral_to=person.id,
            says_failure=True,
        )
    )
