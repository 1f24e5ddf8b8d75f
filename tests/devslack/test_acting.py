"""What the app is told when people of every kind act, and what its answers do."""

import asyncio
import json
from typing import Any

import pytest

from bot.devslack.clock import HandClock
from bot.devslack.manifest import DEFAULT_MANIFEST
from tests.devslack.desk import CONFIRM, MODAL, Desk, button
from tests.devslack.office import APPROVER, INCIDENTS, REQUESTER, office, plain_slack

SHARED = "C0SHARED"


class Ear:
    """Acknowledges what comes over one raw socket, with a given answer."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.heard: list[dict[str, Any]] = []

    async def answer(self, payload: dict[str, Any] | None = None) -> dict[str, Any]:
        """Take the next envelope, acknowledge it, return its payload."""
        envelope = await self._socket.receive_json()
        ack = {"envelope_id": envelope["envelope_id"]}
        await self._socket.send_json(ack | ({"payload": payload} if payload else {}))
        self.heard.append(envelope)
        return dict(envelope["payload"])


async def acted(desk: Desk, path: str, payload: dict[str, Any] | None = None, **body: Any) -> Any:
    """Do it on the page while the app answers; what the app heard and what the page got."""
    ear = Ear(await desk.socket())
    acting = asyncio.create_task(desk.page.act(path, **body))
    heard = await ear.answer(payload)
    return heard, await acting


def select(kind: str, **more: Any) -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("a", "b")]
    element = {"type": kind, "action_id": "pick", "options": options} | more
    return {"type": "actions", "block_id": "card", "elements": [element]}


@pytest.mark.parametrize(
    ("kind", "choice", "key"),
    [
        ("static_select", "b", "selected_option"),
        ("overflow", "b", "selected_option"),
        ("radio_buttons", "b", "selected_option"),
        ("checkboxes", ["a", "b"], "selected_options"),
    ],
)
async def test_a_choice_is_sent_as_slack_sends_it(kind: str, choice: Any, key: str) -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        ts = await desk.post(blocks=[select(kind)])

        place = {"message_ts": ts, "block_id": "card", "action_id": "pick"}
        heard, answer = await acted(desk, "action", choice=choice, **place)
        gone = await page.act("action", choice="c" if isinstance(choice, str) else ["c"], **place)

        assert answer["ok"]
        (action,) = heard["actions"]
        picked = action[key] if isinstance(action[key], list) else [action[key]]
        assert [item["value"] for item in picked] == list(choice)
        assert gone["error"] == "no_such_option"


async def test_a_click_in_a_thread_carries_message_thread_and_container() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        root = await desk.post()
        ts = await desk.post(thread_ts=root, blocks=[button(value="nonce", confirm=CONFIRM)])

        place = {"message_ts": ts, "block_id": "card", "action_id": "go"}
        heard, _ = await acted(desk, "action", confirmed=True, user=APPROVER.id, **place)

        assert heard["container"]["thread_ts"] == heard["message"]["thread_ts"] == root
        assert heard["message"]["ts"] == ts
        assert heard["actions"][0]["value"] == "nonce"
        assert heard["user"] == {
            "id": APPROVER.id,
            "username": "approver",
            "name": "approver",
            "team_id": "T0LOCAL",
        }


@pytest.mark.parametrize(("user", "team"), [("U0STRANGER", "T0PARTNER"), ("U0ELSEWHERE", "T0SECOND")])
async def test_people_of_other_teams_are_told_apart_by_their_own_team(user: str, team: str) -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        ts = await desk.post(channel=SHARED, blocks=[button()])
        place = {"channel": SHARED, "message_ts": ts, "block_id": "card", "action_id": "go", "user": user}

        click, _ = await acted(desk, "action", **place)
        mention, _ = await acted(desk, "message", channel=SHARED, user=user, text="@runbook 502")

        # the installing team stays the workspace's: a bot must not authorise by it
        assert click["team"]["id"] == "T0LOCAL" and click["user"]["team_id"] == team
        assert mention["team_id"] == "T0LOCAL" and mention["event"]["user_team"] == team
        assert mention["is_ext_shared_channel"] is True


async def test_ordinary_messages_are_sent_to_an_app_that_subscribed() -> None:
    events = {"event_subscriptions": {"bot_events": ["message.channels", "message.im"]}}
    manifest = DEFAULT_MANIFEST | {"settings": events}
    clock = HandClock()
    async with plain_slack(clock=clock, manifest=manifest) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        direct = (await client.conversations_open(users=REQUESTER.id))["channel"]["id"]

        public, _ = await acted(desk, "message", text="hello @runbook")
        private, _ = await acted(desk, "message", channel=direct, text="hello")

        assert (public["event"]["type"], public["event"]["channel_type"]) == ("message", "channel")
        assert private["event"]["channel_type"] == "im"
        assert len(slack.parts.delivery.records) <= 2


async def test_a_command_has_no_thread_and_its_text_is_raw_unless_asked() -> None:
    escaping = {"command": "/esc", "should_escape": True}
    features = DEFAULT_MANIFEST["features"]
    commands = [*features["slash_commands"], escaping]
    manifest = DEFAULT_MANIFEST | {"features": features | {"slash_commands": commands}}
    clock = HandClock()
    async with plain_slack(clock=clock, manifest=manifest) as (slack, client, page):
        desk = Desk(slack, client, page, clock)

        raw, _ = await acted(desk, "command", text="/502  @sre <b>")
        escaped, _ = await acted(desk, "command", text="/esc @sre <b>")

        assert raw["text"] == "@sre <b>"
        assert escaped["text"] == "<!subteam^S0SRE|@sre> &lt;b&gt;"
        assert not [key for key in raw if "thread" in key]
        assert raw["is_enterprise_install"] == "false"


async def test_a_command_may_answer_for_all_to_see() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)

        await acted(desk, "command", {"text": "for all", "response_type": "in_channel"}, text="/502 x")

        (message,) = await page.messages(APPROVER.id)
        assert (message["text"], message["ephemeral_to"]) == ("for all", None)


async def test_a_bad_answer_to_a_command_is_shown_as_a_failure() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)

        await acted(desk, "command", {"text": "x", "blocks": [{"type": "sparkles"}]}, text="/502 x")

        (message,) = await page.messages()
        assert message["says_failure"] and "invalid_blocks" in message["text"]


async def test_a_response_url_replaces_and_deletes_its_message() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        ts = await desk.post(blocks=[button()])
        place = {"message_ts": ts, "block_id": "card", "action_id": "go"}
        heard, _ = await acted(desk, "action", **place)
        url = heard["response_url"]

        await page._session.post(url, json={"replace_original": True, "text": "replaced"})
        replaced = await page.messages()
        await page._session.post(url, json={"delete_original": True})

        assert [(item["ts"], item["text"], item["blocks"]) for item in replaced] == [(ts, "replaced", [])]
        assert await page.messages() == []


async def test_an_unknown_response_url_and_bad_json_are_refused() -> None:
    async with plain_slack() as (slack, _, page):
        token = slack.parts.hooks.issue(user=REQUESTER.id, channel=INCIDENTS)
        base = f"{slack.page_url}response/"
        async with page._session.post(f"{base}nope", json={"text": "x"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "no_such_url")
        async with page._session.post(f"{base}{token}", data="{") as answer:
            assert answer.status == 400


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (None, 1),
        ({"response_action": "clear"}, 0),
        ({"response_action": "update", "view": MODAL}, 2),
        ({"response_action": "push", "view": MODAL}, 3),
        ({"response_action": "errors", "errors": {"why": "no"}}, 2),
    ],
    ids=["close", "clear", "update", "push", "errors"],
)
async def test_a_submitted_modal_does_what_the_app_answers(answer: Any, left: int) -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        await desk.open_view()
        top = (await client.views_push(trigger_id=slack.parts.triggers.issue(REQUESTER.id), view=MODAL))[
            "view"
        ]

        values = {"why": {"text": "because"}}
        heard, got = await acted(desk, "view/submit", answer, view_id=top["id"], values=values)

        typed = {"type": "plain_text_input", "value": "because"}
        assert heard["view"]["state"]["values"] == {"why": {"text": typed}}
        assert heard["view"]["previous_view_id"] is not None
        assert got["response_action"] == (answer or {"response_action": "close"})["response_action"]
        assert len((await page.get("state"))["views"]) == left


async def test_a_bad_view_in_an_answer_is_shown() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        view = await desk.open_view()
        answer = {"response_action": "update", "view": {"type": "modal"}}

        _, got = await acted(desk, "view/submit", answer, view_id=view["id"], values={"why": {"text": "x"}})

        assert got["error"] == "invalid_arguments" and "title" in got["says"]


async def test_closing_tells_the_app_that_asked_for_it() -> None:
    clock = HandClock()
    async with plain_slack(clock=clock) as (slack, client, page):
        desk = Desk(slack, client, page, clock)
        view = await desk.open_view(MODAL | {"notify_on_close": True, "callback_id": "why"})

        heard, got = await acted(desk, "view/close", view_id=view["id"])

        assert (heard["type"], heard["is_cleared"], got["ok"]) == ("view_closed", False, True)
        assert (await page.get("state"))["views"] == []


async def test_a_group_change_shows_between_request_and_approval() -> None:
    async with office() as place:
        allowed: list[bool] = []

        @place.app.action("go")
        async def on_click(ack: Any, body: Any, client: Any) -> None:
            await ack()
            listed = await client.usergroups_users_list(usergroup="S0SRE")
            allowed.append(body["user"]["id"] in listed["users"])
            await client.chat_postMessage(channel=INCIDENTS, text=f"click {len(allowed)}")

        await place.connect(1)
        sent = await place.app.client.chat_postMessage(channel=INCIDENTS, text="x", blocks=[button()])
        click = {"message_ts": sent["ts"], "block_id": "card", "action_id": "go", "user": APPROVER.id}
        await place.page.act("action", **click)
        await place.page.until(lambda message: message["text"] == "click 1")
        await place.page.act("group", group="S0SRE", users=[])
        await place.page.act("action", **click)
        await place.page.until(lambda message: message["text"] == "click 2")

        assert allowed == [True, False]


async def test_a_listener_that_never_acks_shows_operation_timeout() -> None:
    async with office(ack_within_s=0.3) as place:

        @place.app.command("/502")
        async def on_command(body: Any) -> None:
            json.dumps(body)

        await place.connect(1)

        answer = await place.page.act("command", text="/502 web-01")

        assert answer["error"] == "operation_timeout"
