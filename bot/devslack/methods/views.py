"""views.*: modals and home views."""

from bot.devslack.content import checked_view
from bot.devslack.errors import SlackError
from bot.devslack.methods.registry import method
from bot.devslack.parts import Parts
from bot.devslack.views import made, replaced, stack_of
from bot.devslack.wire import Payload, text_of
from bot.devslack.world import View

MOST = 3


@method("views.open", tier=4)
def open_(parts: Parts, args: Payload) -> Payload:
    """A first modal for the person behind the trigger."""
    view = checked_view(parts, args)
    user = parts.triggers.trade(text_of(args, "trigger_id"))
    return {"view": _put(parts, user, view).payload}


@method("views.push", tier=4)
def push(parts: Parts, args: Payload) -> Payload:
    """A modal on top of the open one."""
    view = checked_view(parts, args)
    user = parts.triggers.trade(text_of(args, "trigger_id"))
    if not stack_of(parts, user):
        raise SlackError("not_found")
    return {"view": _put(parts, user, view).payload}


@method("views.update", tier=4)
def update(parts: Parts, args: Payload) -> Payload:
    """New content for an open modal, by `view_id` or `external_id`, safe with `hash`."""
    view = checked_view(parts, args)
    old = _find(parts, text_of(args, "view_id"), text_of(args, "external_id"))
    wanted = text_of(args, "hash")
    if wanted and wanted != old.payload["hash"] and parts.strict.on("view_hash"):
        raise SlackError("hash_conflict")
    replaced(parts, old, view)
    return {"view": old.payload}


@method("views.publish", tier=4)
def publish(parts: Parts, args: Payload) -> Payload:
    """Somebody's home view."""
    view = checked_view(parts, args)
    user = text_of(args, "user_id")
    if user not in parts.world.people:
        raise SlackError("invalid_arguments", "[ERROR] user not found")
    parts.world.homes[user] = made(parts, user, view, above=[])
    return {"view": parts.world.homes[user].payload}


def _put(parts: Parts, user: str, payload: Payload) -> View:
    stack = stack_of(parts, user)
    if len(stack) >= MOST and parts.strict.on("view_stack"):
        raise SlackError("push_limit_reached")
    view = made(parts, user, payload, above=stack)
    stack.append(view)
    parts.world.show_views(user)
    return view


def _find(parts: Parts, view_id: str, external_id: str) -> View:
    for stack in parts.world.views.values():
        for view in stack:
            if view_id == view.id or (external_id and external_id == view.payload.get("external_id")):
                return view
    raise SlackError("not_found")
