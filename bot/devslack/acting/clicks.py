"""Clicks on elements of messages and views, and shortcuts."""

from bot.devslack.acting import payloads
from bot.devslack.acting.choice import chosen, options_of
from bot.devslack.acting.find import element_at
from bot.devslack.acting.who import actor, good, seen_channel
from bot.devslack.errors import PageError
from bot.devslack.message import Message
from bot.devslack.parts import Parts
from bot.devslack.seed import Person
from bot.devslack.transport import Sort
from bot.devslack.views import stack_of
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import Channel, View


async def click(parts: Parts, body: Payload) -> Payload:
    """A button, menu or picker; answers when the app acknowledged."""
    person = actor(parts, body)
    if body.get("view_id"):
        payload, blocks = _in_view(parts, person, text_of(body, "view_id"))
    else:
        payload, blocks = _in_message(parts, person, body)
    payload["actions"] = [_action(parts, blocks, body)]
    return good(await parts.delivery.interaction(Sort.INTERACTIVE, payload), "The action")


async def shortcut(parts: Parts, body: Payload) -> Payload:
    """A message shortcut, or a global one."""
    person = actor(parts, body)
    callback_id = text_of(body, "callback_id")
    entry = parts.rights.shortcuts.get(callback_id)
    if entry is None:
        raise PageError("unknown_shortcut", f"The app has no shortcut {callback_id!r}.", status=404)
    kind = "message_action" if entry["type"] == "message" else "shortcut"
    payload = payloads.interaction(parts, person, kind)
    payload |= {"callback_id": callback_id, "action_ts": parts.ids.ts()}
    if kind == "message_action":
        channel, message = _place(parts, person, body)
        payload |= _message_keys(parts, person, channel, message) | {"message_ts": message.ts}
    ack = await parts.delivery.interaction(Sort.INTERACTIVE, payload)
    return good(ack, str(entry["name"]))


def _in_message(parts: Parts, person: Person, body: Payload) -> tuple[Payload, list[Payload]]:
    channel, message = _place(parts, person, body)
    payload = payloads.interaction(parts, person, "block_actions")
    payload |= _message_keys(parts, person, channel, message)
    container: Payload = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    payload |= {"container": container | thread, "state": {"values": {}}}
    return payload, message.blocks


def _in_view(parts: Parts, person: Person, view_id: str) -> tuple[Payload, list[Payload]]:
    view = _open_view(parts, person, view_id)
    payload = payloads.interaction(parts, person, "block_actions")
    payload |= {"container": {"type": "view", "view_id": view.id}, "view": view.payload}
    return payload, view.payload["blocks"]


def _open_view(parts: Parts, person: Person, view_id: str) -> View:
    for view in stack_of(parts, person.id):
        if view.id == view_id:
            return view
    raise PageError("view_not_found", "That dialog is closed.", status=404)


def _place(parts: Parts, person: Person, body: Payload) -> tuple[Channel, Message]:
    channel = seen_channel(parts, person, text_of(body, "channel"))
    message = parts.world.find(channel.id, text_of(body, "message_ts"))
    if message is None or message.ephemeral_to not in (None, person.id):
        raise PageError("message_not_found", "That message is gone.", status=404)
    return channel, message


def _message_keys(parts: Parts, person: Person, channel: Channel, message: Message) -> Payload:
    token = parts.hooks.issue(
        user=person.id, channel=channel.id, message_ts=message.ts, thread_ts=message.thread_ts
    )
    return {
        "channel": {"id": channel.id, "name": channel.name},
        "message": message.for_slack(parts.base, parts.world.replies(message)),
        "response_url": payloads.hook_address(parts, token),
    }


def _action(parts: Parts, blocks: list[Payload], body: Payload) -> Payload:
    block_id, action_id = text_of(body, "block_id"), text_of(body, "action_id")
    element = element_at(blocks, block_id, action_id)
    if element is None:
        if parts.strict.on("element_present"):
            raise PageError("element_gone", "That button is no longer there.", status=409)
        element = {"type": "button"}
    _ask(parts, element, body)
    kept = {key: element[key] for key in ("text", "value", "style", "placeholder") if key in element}
    state = chosen(element, body.get("choice"))
    return kept | state | {"block_id": block_id, "action_id": action_id, "action_ts": parts.ids.ts()}


def _ask(parts: Parts, element: Payload, body: Payload) -> None:
    picked = [item for item in options_of(element) if item["value"] == body.get("choice")]
    has_confirm = any(item.get("confirm") for item in [element, *picked])
    if has_confirm and body.get("confirmed") is not True and parts.strict.on("confirm_needed"):
        raise PageError("confirm_required", "This needs a yes in its dialog first.", status=409)
