"""People at the local Slack's page, through the page's own API."""

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpx

REQUESTER, APPROVER, GUEST = "U0REQUESTER", "U0APPROVER", "U0GUEST"
CHANNEL = "C0INCIDENTS"
#: For pages that speak plain HTTP: httpx would read all certificate authorities for each client, 40 ms.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
#: Longer than the local Slack waits for the app.
PATIENCE_S = 90.0


class People:
    """Types and clicks for anybody; looks at what they would see."""

    def __init__(self, page_url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=page_url, trust_env=False, verify=NO_TLS, timeout=PATIENCE_S
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def command(self, text: str, *, user: str = REQUESTER, channel: str = CHANNEL) -> dict[str, Any]:
        return await self._post("local/command", user=user, channel=channel, text=text)

    async def say(self, text: str, *, user: str = REQUESTER, thread: str | None = None) -> dict[str, Any]:
        return await self._post("local/message", user=user, channel=CHANNEL, text=text, thread_ts=thread)

    async def click(self, message: dict[str, Any], action: str, *, user: str) -> dict[str, Any]:
        block, element = button(message, action)
        return await self._post(
            "local/action",
            user=user,
            channel=message["channel"],
            message_ts=message["ts"],
            block_id=block["block_id"],
            action_id=element["action_id"],
            confirmed=True,
        )

    async def workspace(self, user: str | None = None) -> dict[str, Any]:
        """All that this person may see; by default the workspace's first one."""
        answer = await self._client.get("local/state", params={"user": user} if user else {})
        return dict(answer.json())

    async def see_the_app(self) -> bool:
        """Whether it is connected by Socket Mode."""
        return bool((await self.workspace())["app"]["connections"])

    async def messages(self, user: str = REQUESTER) -> list[dict[str, Any]]:
        return list((await self.workspace(user))["messages"])

    async def thread(self, root_ts: str, user: str = REQUESTER) -> list[dict[str, Any]]:
        return [one for one in await self.messages(user) if one["thread_ts"] == root_ts]

    async def until(
        self, wanted: Callable[[list[dict[str, Any]]], Any], *, user: str = REQUESTER, within_s: float = 60
    ) -> Any:
        """Look until `wanted` finds something; fails with what there is to see."""
        end = time.monotonic() + within_s
        while True:
            seen = await self.messages(user)
            found = wanted(seen)
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError("not seen in time; there is:\n" + "\n".join(map(words_of, seen)))
            # The page waits for events; looking again is as good for a test and simpler to read.
            await asyncio.sleep(0.1)

    async def _post(self, path: str, **body: object) -> dict[str, Any]:
        answer = await self._client.post(path, json=body)
        return dict(answer.json())


def button(message: dict[str, Any], action: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The block and element with this action id (or its prefix). Raises LookupError."""
    for block in message["blocks"]:
        for element in block.get("elements", []):
            if str(element.get("action_id", "")).startswith(action):
                return block, element
    raise LookupError(f"no button {action!r} in: {words_of(message)}")


def has_button(message: dict[str, Any], action: str) -> bool:
    try:
        button(message, action)
    except LookupError:
        return False
    return True


def words_of(value: object) -> str:
    """All text of a message as a reader sees it."""
    if isinstance(value, dict):
        parts = [
            words_of(item)
            for key, item in value.items()
            if key in {"blocks", "elements", "fields", "text", "accessory", "confirm", "title", "fallback"}
        ]
        return " ".join(part for part in parts if part)
    if isinstance(value, list):
        return " ".join(part for part in map(words_of, value) if part)
    return value if isinstance(value, str) else ""
