"""files.*: the upload in three steps, reactions, thread status."""

import mimetypes

from bot.devslack.content import Content, listed
from bot.devslack.errors import SlackError
from bot.devslack.message import File
from bot.devslack.methods.registry import method
from bot.devslack.parts import Parts
from bot.devslack.posting import channel_of, compose, thread_of, writable
from bot.devslack.seed import APP_USER
from bot.devslack.wire import Payload, text_of, whole_number
from bot.devslack.world import Channel


@method("files.getUploadURLExternal", scopes=("files:write",), tier=4)
def get_upload_url(parts: Parts, args: Payload) -> Payload:
    """An address for the bytes, and the id the file will have."""
    name, size = text_of(args, "filename"), whole_number(args.get("length"), 0)
    if not name or size < 1:
        raise SlackError("invalid_arguments", "[ERROR] filename and length are required")
    file = File(id=parts.ids.next("F"), name=name, title=name, user=APP_USER, announced_bytes=size)
    file.mimetype = mimetypes.guess_type(name)[0] or "text/plain"
    parts.world.add_file(file)
    token = parts.ids.secret(24)
    parts.uploads[token] = file.id
    return {"upload_url": f"{parts.base}/upload/v1/{token}", "file_id": file.id}


@method("files.completeUploadExternal", scopes=("files:write",), tier=4)
def complete_upload(parts: Parts, args: Payload) -> Payload:
    """Share uploaded files in a channel or thread; without a channel they stay private."""
    wanted = listed(args, "files", "invalid_arguments")
    if not wanted or not all(isinstance(item, dict) for item in wanted):
        raise SlackError("invalid_arguments", "[ERROR] missing required field: files")
    files = [_uploaded(parts, item) for item in wanted]
    name = text_of(args, "channel_id") or text_of(args, "channels").split(",")[0]
    if name:
        channel = writable(parts, name)
        _share(parts, channel, files, args)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


@method("files.info", scopes=("files:read",), tier=4)
def files_info(parts: Parts, args: Payload) -> Payload:
    """One file; its address needs the bot token."""
    file = parts.world.files.get(text_of(args, "file"))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return {"file": file.for_slack(parts.base)}


@method("reactions.add", scopes=("reactions:write",), tier=3)
def reactions_add(parts: Parts, args: Payload) -> Payload:
    """An emoji under a message."""
    channel = channel_of(parts, text_of(args, "channel"))
    message = parts.world.find(channel.id, text_of(args, "timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    users = message.reactions.setdefault(text_of(args, "name"), [])
    if APP_USER in users:
        raise SlackError("already_reacted")
    users.append(APP_USER)
    parts.world.show(message)
    return {}


@method("assistant.threads.setStatus", scopes=("assistant:write", "chat:write"), tier=4)
def set_status(parts: Parts, args: Payload) -> Payload:
    """The line that says what the app is doing; cleared by the next reply."""
    channel = writable(parts, text_of(args, "channel_id"))
    thread_ts = thread_of(parts, channel, text_of(args, "thread_ts"))
    parent = parts.world.find(channel.id, thread_ts or "")
    if parent is None:
        raise SlackError("thread_not_found")
    parent.status = text_of(args, "status")
    parts.world.show(parent)
    return {}


def _uploaded(parts: Parts, item: Payload) -> File:
    file = parts.world.files.get(text_of(item, "id"))
    if file is None:
        raise SlackError("file_not_found")
    if file.content is None:
        if parts.strict.on("upload_complete"):
            raise SlackError("file_upload_incomplete")
        file.content = b""
    file.title = text_of(item, "title") or file.name
    return file


def _share(parts: Parts, channel: Channel, files: list[File], args: Payload) -> None:
    thread_ts = thread_of(parts, channel, text_of(args, "thread_ts"))
    content = Content(text=text_of(args, "initial_comment"), blocks=[], attachments=[])
    message = compose(parts, channel, content, thread_ts=thread_ts, files=files)
    for file in files:
        file.channel, file.thread_ts, file.ts = channel.id, thread_ts, message.ts
        parts.world.share(file)
    parts.world.add(message)
