"""Slack's Web API as the bot uses it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.redact import KnownValues
from bot.redact.clean import NOTHING_KNOWN
from bot.slack.blocks import Block
from bot.slack.exit import Exit
from bot.slack.failures import Refused, told

EVENT_TYPE = "runbook_bot"


class Api:
    """One workspace. Every call raises RateLimited, Away or Refused and nothing else."""

    def __init__(self, client: AsyncWebClient, *, known: KnownValues = NOTHING_KNOWN) -> None:
        self._client = client
        self._exit = Exit(known)

    async def post(
        self,
        channel: str,
        *,
        thread: str | None,
        text: str,
        blocks: Sequence[Block],
        mark: Mapping[str, str] | None = None,
    ) -> str:
        """Post a message; its ts. `mark` makes it findable by `find` after a crash."""
        answer = await told(
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                text=self._exit.text(text),
                blocks=self._exit.blocks(blocks),
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": dict(mark)} if mark else None,
            )
        )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, *, text: str, blocks: Sequence[Block]) -> None:
        """Replace a message."""
        shown, said = self._exit.blocks(blocks), self._exit.text(text)
        await told(self._client.chat_update(channel=channel, ts=ts, text=said, blocks=shown))

    async def upload(
        self, channel: str, *, thread: str | None, name: str, title: str, content: bytes, says: str = ""
    ) -> str:
        """Share a file; its id. The bytes go up first and are shared last."""
        answer = await told(
            self._client.files_upload_v2(
                channel=channel,
                thread_ts=thread,
                filename=name,
                title=title,
                content=self._exit.file(name, content),
                initial_comment=says or None,
            )
        )
        return str(answer["files"][0]["id"])

    async def download(self, address: str, *, most_bytes: int) -> bytes:
        """A file that was shared, cut at its beginning. The token goes to Slack's own addresses only."""
        if not is_slacks(address, self._client.base_url):
            raise Refused("not_a_file_of_slack")
        headers = {"Authorization": f"Bearer {self._client.token}"}
        return await told(self._body(address, headers, most_bytes))

    async def _body(self, address: str, headers: Mapping[str, str], most_bytes: int) -> bytes:
        session = self._client.session
        if session is None:
            raise Refused("no_session")
        # A redirect leads to the sign-in page, and would carry the token elsewhere.
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                raise Refused(f"file_not_readable_{answer.status}", ["is the scope files:read granted?"])
            kept = bytearray()
            async for chunk in answer.content.iter_chunked(65536):
                kept += chunk
                del kept[:-most_bytes]
            return bytes(kept)

    async def whisper(self, channel: str, user: str, *, thread: str | None, text: str) -> None:
        """Show a sentence to one person only."""
        shown = self._exit.text(text)
        await told(self._client.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, text=shown))

    async def open_view(self, trigger: str, view: Mapping[str, object]) -> None:
        """Open a modal; the trigger is good for three seconds."""
        await told(self._client.views_open(trigger_id=trigger, view=self._exit.view(view)))

    async def user(self, user: str) -> dict[str, Any]:
        """`users.info` of somebody."""
        return dict((await told(self._client.users_info(user=user)))["user"])

    async def group_members(self, group: str) -> frozenset[str]:
        """Account ids in a user group now."""
        return frozenset((await told(self._client.usergroups_users_list(usergroup=group)))["users"])

    async def channel(self, channel: str) -> dict[str, Any]:
        """`conversations.info` of a channel the bot can see."""
        return dict((await told(self._client.conversations_info(channel=channel)))["channel"])

    async def self_test(self) -> dict[str, Any]:
        """`auth.test`: which team and bot user the token is for."""
        answer = await told(self._client.auth_test())
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def posted(
        self, channel: str, incident: str, *, thread: str | None, since: datetime
    ) -> dict[str, str]:
        """Message key -> ts of an incident's messages that stand there: in the thread, or the channel's.

        Read back from the messages' own metadata, newest 1000 at most; files by their title.
        """
        found: dict[str, str] = {}
        cursor = ""
        for _page in range(5):
            page = await self._page(channel, thread, since, cursor)
            for message in page["messages"]:
                found |= _marked(message, incident)
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found

    async def _page(
        self, channel: str, thread: str | None, since: datetime, cursor: str
    ) -> AsyncSlackResponse:
        oldest = f"{since.timestamp() - 60:.6f}"
        if thread is not None:
            return await told(
                self._client.conversations_replies(
                    channel=channel,
                    ts=thread,
                    limit=200,
                    cursor=cursor or None,
                    include_all_metadata=True,
                )
            )
        return await told(
            self._client.conversations_history(
                channel=channel, oldest=oldest, limit=200, cursor=cursor or None, include_all_metadata=True
            )
        )


def is_slacks(address: str, base_url: str) -> bool:
    """Whether a file's address is Slack's: its own hosts over TLS, or where its API is configured to be."""
    asked, api = urlsplit(address), urlsplit(base_url)
    if (asked.scheme, asked.netloc) == (api.scheme, api.netloc):
        return True
    host = asked.hostname or ""
    return (
        asked.scheme == "https"
        and asked.port in (None, 443)
        and host in ("files.slack.com", "slack-files.com")
    )


def _marked(message: Mapping[str, Any], incident: str) -> dict[str, str]:
    """The key a message carries for this incident, if it does."""
    found: dict[str, str] = {}
    mark = message.get("metadata") or {}
    payload = mark.get("event_payload") or {}
    if mark.get("event_type") == EVENT_TYPE and payload.get("incident") == incident:
        found[str(payload.get("key"))] = str(message["ts"])
    for file in message.get("files") or ():
        found.setdefault(f"title:{file.get('title')}", str(message["ts"]))
    return found
