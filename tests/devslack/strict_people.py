"""Strictness towards people: addresses that expire, commands, dialogs, clicks."""

from bot.devslack.seed import GONE, GUEST, REQUESTER
from tests.devslack.desk import CONFIRM, MODAL, Desk, button, line
from tests.devslack.office import INCIDENTS


@line("response_url_uses")
async def a_response_url_works_five_times(desk: Desk) -> None:
    token = desk.slack.parts.hooks.issue(user=REQUESTER.id, channel=INCIDENTS)
    for _ in range(5):
        assert (await desk.respond(token))["ok"]

    assert (await desk.respond(token)).get("error") == "used_url"


@line("response_url_age")
async def a_response_url_works_half_an_hour(desk: Desk) -> None:
    token = desk.slack.parts.hooks.issue(user=REQUESTER.id, channel=INCIDENTS)
    desk.clock.advance(1799)
    assert (await desk.respond(token))["ok"]
    desk.clock.advance(2)

    assert (await desk.respond(token)).get("error") == "expired_url"


@line("trigger_age")
async def a_trigger_works_three_seconds(desk: Desk) -> None:
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
    desk.clock.advance(3.1)

    assert await desk.refused("views.open", trigger_id=trigger, view=MODAL) == "expired_trigger_id"


@line("trigger_once")
async def a_trigger_works_once(desk: Desk) -> None:
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
    await desk.client.views_open(trigger_id=trigger, view=MODAL)

    assert await desk.refused("views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"


@line("command_in_thread")
async def a_thread_takes_no_commands(desk: Desk) -> None:
    ts = await desk.post()

    answer = await desk.settled(desk.page.act("command", text="/502 web-01", thread_ts=ts))

    assert answer["error"] == "not_in_thread"


@line("command_known")
async def an_unknown_command_is_refused(desk: Desk) -> None:
    answer = await desk.settled(desk.page.act("command", text="/503 web-01"))

    assert answer["error"] == "unknown_command"


@line("view_valid")
async def a_modal_with_a_long_title_is_refused(desk: Desk) -> None:
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
    view = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}

    assert await desk.refused("views.open", trigger_id=trigger, view=view) == "invalid_arguments"


@line("view_stack")
async def a_fourth_modal_does_not_fit(desk: Desk) -> None:
    await desk.open_view()
    for _ in range(2):
        trigger = desk.slack.parts.triggers.issue(REQUESTER.id)
        await desk.client.views_push(trigger_id=trigger, view=MODAL)
    trigger = desk.slack.parts.triggers.issue(REQUESTER.id)

    assert await desk.refused("views.push", trigger_id=trigger, view=MODAL) == "push_limit_reached"


@line("view_hash")
async def an_old_hash_does_not_update(desk: Desk) -> None:
    view = await desk.open_view()
    await desk.client.views_update(view_id=view["id"], view=MODAL)

    error = await desk.refused("views.update", view_id=view["id"], hash=view["hash"], view=MODAL)

    assert error == "hash_conflict"


@line("input_required")
async def an_empty_required_input_is_not_sent(desk: Desk) -> None:
    view = await desk.open_view()

    answer = await desk.settled(desk.page.act("view/submit", view_id=view["id"], values={}))

    assert answer["error"] == "invalid_input"
    assert answer["errors"] == {"why": "Please complete this required field."}


@line("confirm_needed")
async def a_confirm_dialog_needs_its_yes(desk: Desk) -> None:
    ts = await desk.post(blocks=[button(confirm=CONFIRM)])
    click = {"message_ts": ts, "block_id": "card", "action_id": "go"}

    answer = await desk.settled(desk.page.act("action", **click))

    assert answer["error"] == "confirm_required"
    assert (await desk.page.act("action", confirmed=True, **click))["error"] == "dispatch_failed"


@line("element_present")
async def a_button_that_is_gone_is_not_clicked(desk: Desk) -> None:
    ts = await desk.post()

    answer = await desk.settled(desk.page.act("action", message_ts=ts, block_id="card", action_id="go"))

    assert answer["error"] == "element_gone"


@line("user_active")
async def deactivated_people_do_not_act(desk: Desk) -> None:
    desk.slack.parts.world.channels[INCIDENTS].members.append(GONE.id)

    answer = await desk.page.act("message", user=GONE.id, text="hello")

    assert answer.get("error") == "user_inactive"


@line("channel_seen")
async def people_act_in_their_own_channels(desk: Desk) -> None:
    answer = await desk.page.act("message", user=GUEST.id, channel="C0NOBOT", text="hello")

    assert answer.get("error") == "not_in_channel"
