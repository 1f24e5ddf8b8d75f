"""Submitting and closing modals."""

from bot.devslack.acting import payloads
from bot.devslack.acting.choice import chosen, initial, is_empty
from bot.devslack.acting.find import elements
from bot.devslack.acting.who import actor, good
from bot.devslack.content import checked_view
from bot.devslack.errors import PageError, SlackError
from bot.devslack.parts import Parts
from bot.devslack.seed import Person
from bot.devslack.transport import Sort
from bot.devslack.views import made, replaced, stack_of
from bot.devslack.wire import Payload, is_yes, text_of
from bot.devslack.world import View

MOST = 3


async def submit(parts: Parts, body: Payload) -> Payload:
    """Send what was typed; the app closes, updates, pushes or answers with errors."""
    person = actor(parts, body)
    view = _top(parts, person, text_of(body, "view_id"))
    values = body.get("values") if isinstance(body.get("values"), dict) else {}
    view.payload["state"] = {"values": _state(parts, view, values or {})}
    payload = payloads.interaction(parts, person, "view_submission")
    payload |= {"view": dict(view.payload), "response_urls": []}
    ack = await parts.delivery.interaction(Sort.INTERACTIVE, payload)
    answer = good(ack, "The dialog")
    try:
        return answer | _obey(parts, view, ack.payload)
    except SlackError as error:
        says = f'The dialog failed with the error "{error.error}": {"; ".join(error.messages)}'
        raise PageError(error.error, says, status=502) from error


async def close(parts: Parts, body: Payload) -> Payload:
    """Close the top modal, or all of them."""
    person = actor(parts, body)
    view = _top(parts, person, text_of(body, "view_id"))
    is_cleared = is_yes(body.get("clear")) or is_yes(view.payload.get("clear_on_close"))
    stack = stack_of(parts, person.id)
    closed = list(stack) if is_cleared else [view]
    stack[:] = [item for item in stack if item not in closed]
    parts.world.show_views(person.id)
    for item in reversed(closed):
        if is_yes(item.payload.get("notify_on_close")):
            payload = payloads.interaction(parts, person, "view_closed")
            payload |= {"view": dict(item.payload), "is_cleared": is_cleared}
            await parts.delivery.interaction(Sort.INTERACTIVE, payload)
    return {"ok": True}


def _top(parts: Parts, person: Person, view_id: str) -> View:
    stack = stack_of(parts, person.id)
    if not stack or stack[-1].id != view_id:
        raise PageError("view_not_found", "That dialog is closed or covered.", status=404)
    return stack[-1]


def _state(parts: Parts, view: View, values: Payload) -> Payload:
    state: Payload = {}
    errors: dict[str, str] = {}
    for block, element in elements(view.payload["blocks"]):
        if element["type"] == "button":
            continue
        given = values.get(block["block_id"])
        given = given if isinstance(given, dict) else {}
        picked = chosen(element, given.get(element["action_id"], initial(element)))
        state.setdefault(block["block_id"], {})[element["action_id"]] = picked
        wrong = _wrong(block, element, picked)
        if wrong:
            errors[block["block_id"]] = wrong
    if errors and parts.strict.on("input_required"):
        raise PageError("invalid_input", "Some fields need another look.", errors=errors)
    return state


def _wrong(block: Payload, element: Payload, picked: Payload) -> str | None:
    if block["type"] != "input":
        return None
    if is_empty(picked):
        return None if block.get("optional") else "Please complete this required field."
    typed = picked.get("value")
    if not isinstance(typed, str):
        return None
    if len(typed) > int(element.get("max_length", 3000)):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    if len(typed) < int(element.get("min_length", 0)):
        return f"Please enter at least {element['min_length']} characters."
    return None


def _obey(parts: Parts, view: View, answer: Payload) -> Payload:
    action = str(answer.get("response_action") or "close")
    stack = stack_of(parts, view.user)
    view.errors = {}
    if action == "errors":
        errors = answer.get("errors")
        if not isinstance(errors, dict) or not errors:
            raise SlackError("invalid_response", "errors must name blocks of the view")
        view.errors = {str(block): str(says) for block, says in errors.items()}
    elif action == "update":
        replaced(parts, view, checked_view(parts, answer))
    elif action == "push":
        if len(stack) >= MOST and parts.strict.on("view_stack"):
            raise SlackError("push_limit_reached")
        stack.append(made(parts, view.user, checked_view(parts, answer), above=stack))
    elif action == "clear":
        stack.clear()
    elif action != "close":
        raise SlackError("invalid_response", f"unknown response_action {action!r}")
    elif view in stack:
        stack.remove(view)
    parts.world.show_views(view.user)
    return {"response_action": action} | ({"errors": view.errors} if view.errors else {})
