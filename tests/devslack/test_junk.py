"""Whatever is sent, the answer is a refusal by name, never a crash."""

import asyncio
from typing import Any

import pytest

from bot.devslack.faults import AT_ONCE, LASTING
from bot.devslack.methods.registry import METHODS
from bot.devslack.pageapi import ACTS
from bot.devslack.rates import Rates
from tests.devslack.desk import MODAL, button
from tests.devslack.office import INCIDENTS, REQUESTER, plain_slack

JUNK: list[Any] = [
    None,
    7,
    -1,
    True,
    "x",
    "\x00<@U>",
    [],
    [7],
    [{}],
    {},
    {"type": 7},
    {"why": 7},
    {"why": {"text": 7}},
]
#: Arguments that pass, so that one at a time can be spoilt.
ARGS: dict[str, Any] = {
    "channel": INCIDENTS,
    "channel_id": INCIDENTS,
    "user": REQUESTER.id,
    "users": REQUESTER.id,
    "user_id": REQUESTER.id,
    "text": "x",
    "blocks": [button()],
    "attachments": [{"text": "x"}],
    "view": MODAL,
    "view_id": "V1",
    "trigger_id": "1.x",
    "ts": "1.000001",
    "timestamp": "1.000001",
    "name": "eyes",
    "usergroup": "S0SRE",
    "limit": 5,
    "cursor": "0",
    "oldest": "1.0",
    "latest": "2.0",
    "filename": "a.txt",
    "length": 3,
    "file": "F1",
    "files": [{"id": "F1"}],
    "metadata": {"event_type": "x", "event_payload": {}},
    "message": {"text": "x"},
    "thread_ts": None,
}
FAST = Rates(burst=10_000, per_minute=dict.fromkeys(range(1, 5), 10_000))


def spoilt(args: dict[str, Any]) -> list[dict[str, Any]]:
    """The arguments with one, and with all, replaced by each piece of junk."""
    single = [args | {name: junk} for name in args for junk in JUNK]
    return [*single, *(dict.fromkeys(args, junk) for junk in JUNK), {}]


@pytest.mark.parametrize("method", METHODS)
async def test_a_method_answers_junk_with_a_name(method: str) -> None:
    async with plain_slack(rates=FAST) as (slack, _, page):
        token = slack.app_token if METHODS[method].wants_app else slack.bot_token
        headers = {"Authorization": f"Bearer {token}"}
        for args in spoilt(ARGS):
            async with page._session.post(slack.api_url + method, json=args, headers=headers) as answer:
                assert answer.status == 200, args
                body = await answer.json()
                assert body["ok"] is True or body["error"], args


BODY: dict[str, Any] = {
    "user": REQUESTER.id,
    "channel": INCIDENTS,
    "text": "hello",
    "message_ts": "",
    "thread_ts": "",
    "block_id": "card",
    "action_id": "go",
    "choice": None,
    "confirmed": True,
    "view_id": "",
    "values": {},
    "callback_id": "note",
    "name": "a.txt",
    "ts": "1.0",
    "group": "S0SRE",
    "users": [REQUESTER.id],
    "is_member": True,
    "kind": "refuse",
    "count": 1,
    "seconds": 1,
    "status": 500,
    "error": "x",
    "method": "api.test",
}


@pytest.mark.parametrize("path", ACTS)
async def test_the_page_api_answers_junk_with_a_sentence(path: str) -> None:
    async with plain_slack() as (slack, client, page):
        sent = await client.chat_postMessage(channel=INCIDENTS, text="x", blocks=[button()])
        trigger = slack.parts.triggers.issue(REQUESTER.id)
        view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
        good = BODY | {"message_ts": sent["ts"], "view_id": view["id"] if "view" in path else ""}
        for body in spoilt(good):
            async with page._session.post(f"{slack.page_url}local/{path}", json=body) as answer:
                assert answer.status in {200, 400, 403, 404, 409, 502}, body
                said = await answer.json()
                assert said["ok"] is True or said["says"], body


@pytest.mark.parametrize("kind", LASTING + AT_ONCE)
async def test_a_fault_takes_junk_for_its_numbers(kind: str) -> None:
    async with plain_slack() as (_, _client, page):
        for junk in JUNK:
            answer = await page.act("fault", kind=kind, seconds=junk, count=junk, status=junk)
            assert answer["ok"] or answer["says"]


async def test_a_socket_survives_what_is_no_acknowledgement() -> None:
    async with plain_slack() as (slack, client, page):
        opened = await client.apps_connections_open(app_token=slack.app_token)
        socket = await page._session.ws_connect(opened["url"])
        await socket.receive_json()
        for junk in ("{", "[]", "7", '{"envelope_id": []}', '{"envelope_id": "x", "payload": 7}'):
            await socket.send_str(junk)
        await page.act("message", text="@runbook hello")

        assert (await socket.receive_json())["type"] == "events_api"


async def test_a_response_url_takes_objects_only() -> None:
    async with plain_slack() as (slack, _, page):
        for junk in ("7", "[]", '{"text": 7}', '{"blocks": 7}'):
            token = slack.parts.hooks.issue(user=REQUESTER.id, channel=INCIDENTS)
            async with page._session.post(f"{slack.page_url}response/{token}", data=junk) as answer:
                assert answer.status == 400, junk


async def test_an_answer_to_a_modal_may_be_junk() -> None:
    async with plain_slack() as (slack, client, page):
        opened = await client.apps_connections_open(app_token=slack.app_token)
        socket = await page._session.ws_connect(opened["url"])
        await socket.receive_json()
        for junk in ({"response_action": "errors", "errors": 7}, {"response_action": "dance"}):
            trigger = slack.parts.triggers.issue(REQUESTER.id)
            view = (await client.views_open(trigger_id=trigger, view=MODAL))["view"]
            values = {"why": {"text": "x"}}
            asking = page.act("view/submit", view_id=view["id"], values=values)
            answer, _ = await asyncio.gather(asking, _ack(socket, junk))
            assert answer["error"] == "invalid_response"
            await page.act("view/close", view_id=view["id"], clear=True)


async def _ack(socket: Any, payload: dict[str, Any]) -> None:
    envelope = await socket.receive_json()
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
