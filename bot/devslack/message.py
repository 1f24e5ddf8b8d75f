"""A message as it is kept, and as Slack and the page show it."""

from dataclasses import dataclass, field

from bot.devslack.wire import Payload


@dataclass(kw_only=True)
class File:
    """A file, from the moment its upload address was given out."""

    id: str
    name: str
    title: str
    user: str
    announced_bytes: int
    content: bytes | None = None
    mimetype: str = "text/plain"
    channel: str | None = None
    thread_ts: str | None = None
    ts: str = ""

    def for_page(self) -> Payload:
        """The page's File."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "size_bytes": len(self.content or b""),
            "user": self.user,
            "channel": self.channel,
            "thread_ts": self.thread_ts,
            "ts": self.ts,
            "url": f"local/files/{self.id}",
        }

    def for_slack(self, base: str) -> Payload:
        """Slack's file object."""
        address = f"{base}/files-pri/{self.id}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": "text",
            "size": len(self.content or b""),
            "user": self.user,
            "mode": "hosted",
            "url_private": address,
            "url_private_download": address,
            "permalink": f"{base}/local/files/{self.id}",
            "channels": [self.channel] if self.channel else [],
        }


@dataclass(kw_only=True)
class Message:
    """A message of a channel or thread, or an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str = ""
    bot_id: str | None = None
    app_id: str | None = None
    blocks: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    metadata: Payload | None = None
    thread_ts: str | None = None
    files: list[File] = field(default_factory=list)
    edited: Payload | None = None
    ephemeral_to: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    is_broadcast: bool = False
    says_failure: bool = False
    status: str = ""

    def for_slack(self, base: str, replies: "list[Message]") -> Payload:
        """Slack's message object; optional keys are left out when empty."""
        optional: Payload = {
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "metadata": self.metadata,
            "edited": self.edited,
            "thread_ts": self.thread_ts or (self.ts if replies else None),
            "files": [file.for_slack(base) for file in self.files],
            "reactions": self._reactions(),
            "reply_count": len(replies),
            "latest_reply": replies[-1].ts if replies else None,
            "is_ephemeral": self.ephemeral_to is not None,
        }
        kept = {key: value for key, value in optional.items() if value}
        return {"type": "message", "ts": self.ts, "user": self.user, "text": self.text} | kept

    def for_page(self, replies: "list[Message]") -> Payload:
        """The page's Message; all keys always there, but `says_failure`."""
        failure = {"says_failure": True} if self.says_failure else {}
        return failure | {
            "ts": self.ts,
            "channel": self.channel,
            "thread_ts": self.thread_ts,
            "user": self.user,
            "bot_id": self.bot_id,
            "text": self.text,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": [file.for_page() for file in self.files],
            "edited": self.edited,
            "ephemeral_to": self.ephemeral_to,
            "reply_count": len(replies),
            "latest_reply": replies[-1].ts if replies else None,
            "reactions": self._reactions(),
            "is_broadcast": self.is_broadcast,
            "status": self.status,
            "metadata": self.metadata,
        }

    def _reactions(self) -> list[Payload]:
        return [{"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()]
