"""Judges text that people paste or point at: a form, a message, its files. No host is asked."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.diagnose import diagnose
from bot.errors import BadRequest, Busy
from bot.model.sign import Piece
from bot.slack.blocks.told import BOXES, paste_view, told
from bot.slack.caller import Body, Caller
from bot.slack.counter import Counter, Office
from bot.slack.forms import where_of

#: Files of a message that are read, and how much of each.
MOST_FILES = 5
MOST_BYTES = 2_000_000
#: Seconds a text may take to be checked for secrets.
CLEAN_S = 20.0
_LINK = re.compile(r"<(?:https?|mailto):[^|<>]*\|([^<>]*)>|<((?:https?|mailto):[^|<>]*)>")


class Reader:
    """Serves `/502 paste` and the shortcut "Diagnose this"."""

    def __init__(self, office: Office, counter: Counter) -> None:
        self._office = office
        self._counter = counter

    async def open_form(self, caller: Caller) -> None:
        """Show the form; whether its sender may ask is found out when it comes."""
        if caller.trigger is None:
            raise BadRequest("a form needs a command or a shortcut; type `/502 paste` in the channel")
        await self._office.api.open_view(caller.trigger, paste_view(where_of(caller, None)))

    async def of_form(self, caller: Caller, view: Mapping[str, Any]) -> None:
        """Judge the boxes of the form, and say it in the channel."""
        values = (view.get("state") or {}).get("values") or {}
        texts = [str(((values.get(name) or {}).get("text") or {}).get("value") or "") for name, *_ in BOXES]
        await self._judge(caller, [Piece(text=one) for one in texts], about="pasted text")

    async def of_message(self, caller: Caller, message: Mapping[str, Any]) -> None:
        """Judge a message with its files, and say it in its thread."""
        await self._member(caller)
        files = [one for one in message.get("files") or () if isinstance(one, dict)]
        texts = [plain(str(message.get("text") or "")), *await self._files(files)]
        about = f"a message and {len(files)} of its files" if files else "a message"
        await self._judge(caller, [Piece(text=one) for one in texts], about=about)

    async def _files(self, files: Sequence[Mapping[str, Any]]) -> list[str]:
        if len(files) > MOST_FILES:
            raise BadRequest(f"{len(files)} files; the bot reads {MOST_FILES} of a message at most")
        found = []
        for file in files:
            address = str(file.get("url_private_download") or file.get("url_private") or "")
            content = await self._office.api.download(address, most_bytes=MOST_BYTES)
            if b"\0" in content[:4096]:
                raise BadRequest(f"{str(file.get('name'))[:80]!r} is no text; share the log as a text file")
            found.append(content.decode(errors="replace"))
        return found

    async def _member(self, caller: Caller) -> str:
        actor = await self._counter.member(caller, wanted="a verdict over text")
        return actor.account.shown_as or actor.account.id

    async def _judge(self, caller: Caller, pieces: Sequence[Piece], *, about: str) -> None:
        over = self._office.throttle.count(user=caller.user, channel=caller.channel)
        if over is not None:
            raise Busy(over.says)
        by = await self._member(caller)
        given = [piece for piece in pieces if piece.text.strip()]
        if not given:
            raise BadRequest("there is no text to judge; paste the proxy's error log of the moment it failed")
        verdict = diagnose([await self._cleaned(piece) for piece in given])
        message = told(verdict, about=about, by=by)
        await self._office.api.post(
            caller.channel, thread=caller.thread, text=message.text, blocks=message.blocks
        )

    async def _cleaned(self, piece: Piece) -> Piece:
        """Without secrets, before anything of it is quoted. Raises BadRequest when that cannot be told."""
        (found,) = await self._office.cleaner.clean(piece.text.encode(), within_s=CLEAN_S)
        if found.is_withheld:
            raise BadRequest(f"the text was not judged: {found.why or 'it looks like secrets'}")
        return Piece(text=found.text, kind=piece.kind)


def plain(text: str) -> str:
    """A message as it was typed: Slack's links and entities undone."""
    return html.unescape(_LINK.sub(lambda found: found[1] or found[2], text))


def message_of(body: Body) -> Mapping[str, Any]:
    """The message a shortcut was used on."""
    found = body.get("message")
    return found if isinstance(found, Mapping) else {}
