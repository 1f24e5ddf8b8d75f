"""What Bolt calls. Each listener acknowledges, drops repeats, and hands the work on."""

import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.errors import BadRequest
from bot.slack.arguments import parse, without_mention
from bot.slack.blocks import note_view
from bot.slack.caller import Body, Caller, of_click, of_command, of_mention, of_misshapen
from bot.slack.channels import CHANGES, Channels, channel_changed
from bot.slack.chores import Chores
from bot.slack.clicks import Clicks
from bot.slack.counter import Counter, Office
from bot.slack.forms import form_of, where_of
from bot.slack.plain import note_text
from bot.slack.reader import Reader, message_of
from bot.slack.requests import Paste, Setting
from bot.slack.seen import Seen

Ack = Callable[..., Awaitable[Any]]  # Any: Bolt's own answer, not used


class Listeners:
    """Listeners of one app; parameter names are Bolt's."""

    def __init__(
        self, office: Office, chores: Chores, seen: Seen, *, commands: Mapping[str, str | None]
    ) -> None:
        self._office = office
        self._counter = Counter(office)
        self._reader = Reader(office, self._counter)
        self._clicks = Clicks(office, self._counter)
        self._channels = Channels(office)
        self._chores = chores
        self._seen = seen
        #: Command -> runbook it stands for; None when its first word names one.
        self._commands = commands

    def register(self, app: AsyncApp) -> None:
        """Put every listener in place; a catch-all answers what no longer exists."""
        for command in self._commands:
            app.command(command)(self.on_command)
        app.event("app_mention")(self.on_mention)
        for event in CHANGES:
            app.event(event)(self.on_channel)
        app.shortcut("export")(self.on_export_shortcut)
        app.shortcut("note")(self.on_note_shortcut)
        app.shortcut("diagnose")(self.on_diagnose_shortcut)
        app.view("note")(self.on_note)
        app.view("paste")(self.on_paste)
        app.view("reject_reason")(self.on_reason)
        app.view("break_glass")(self.on_glass)
        app.view("sign")(self.on_signature)
        app.action(re.compile(".*"))(self.on_click)
        app.view(re.compile(".*"))(self.on_old)
        app.shortcut(re.compile(".*"))(self.on_old)

    async def on_command(self, ack: Ack, body: Body) -> None:
        """`/502 web-01`, `/runbook 502 web-01`, …"""
        caller, command = of_command(body), str(body.get("command"))
        key, words = f"command {caller.trigger}", str(body.get("text") or "")
        busy = self._busy(key, caller, f"{command} {words}")
        if busy is not None:
            await ack(busy)  # in the answer itself: a flood costs no further call
            return
        await ack()
        setting = Setting(runbook=self._commands.get(command), runbooks=self._office.runbooks, called=command)
        self._do(key, caller, self._request(_with(caller, key), words, setting))

    async def on_mention(self, ack: Ack, body: Body, context: Mapping[str, Any]) -> None:
        """`@bot 502 web-01`; in an incident's thread also `@bot export` and its kind."""
        await ack()
        event = body.get("event") or {}
        if event.get("bot_id") or event.get("edited"):
            return
        caller, key = of_mention(body, context.get("actor_team_id")), f"event {body.get('event_id')}"
        words = without_mention(str(event.get("text") or ""))
        if self._busy(key, caller, words, is_told=True) is not None:
            return
        setting = Setting(
            runbook=None,
            runbooks=self._office.runbooks,
            is_thread=caller.thread is not None,
            called=f"@{self._office.home.bot_name}",
        )
        self._do(key, caller, self._request(_with(caller, key), words, setting))

    def on_misshapen(self, body: object, flaw: str) -> None:
        """Slack vouched for a payload that is not as Slack makes it; Bolt never sees it."""
        caller = of_misshapen(body)
        self._chores.start(caller, self._clicks.misshapen(caller, flaw))

    async def on_channel(self, ack: Ack, body: Body) -> None:
        """A channel was shared with another organisation, is no longer, or has another id."""
        await ack()
        changed = channel_changed(body)
        if changed is not None:
            key = f"event {body.get('event_id')}"
            self._do(key, of_mention(body, None), self._channels.note(changed))

    async def on_click(self, ack: Ack, body: Body) -> None:
        """Any button, also those of former versions."""
        await ack()
        caller = of_click(body)
        for action in body.get("actions") or ():
            key = f"click {action.get('action_ts')} {caller.user} {action.get('action_id')}"
            self._do(key, caller, self._clicks.serve(_with(caller, key), dict(action)), is_vote=True)

    async def on_export_shortcut(self, ack: Ack, body: Body) -> None:
        """Message shortcut: export the incident of this thread."""
        await ack()
        caller = of_click(body)
        self._do(f"shortcut {caller.trigger}", caller, self._export(caller))

    async def on_note_shortcut(self, ack: Ack, body: Body) -> None:
        """Message shortcut: this message as a note."""
        await ack()
        caller = of_click(body)
        initial = note_text(str((body.get("message") or {}).get("text") or ""))
        self._do(f"shortcut {caller.trigger}", caller, self._open_note(caller, initial))

    async def on_note(self, ack: Ack, body: Body) -> None:
        """The note form was sent."""
        await ack()
        form = form_of(body)
        caller = _with(form.caller, _key_of(body))
        self._do(caller.request, caller, self._add_note(caller, form.incident, form.text))

    async def on_diagnose_shortcut(self, ack: Ack, body: Body) -> None:
        """Message shortcut: judge the log text of this message and its files."""
        await ack()
        caller = of_click(body)
        self._do(f"shortcut {caller.trigger}", caller, self._reader.of_message(caller, message_of(body)))

    async def on_paste(self, ack: Ack, body: Body) -> None:
        """The form with pasted text was sent."""
        await ack()
        caller, view = form_of(body).caller, body.get("view") or {}
        self._do(_key_of(body), caller, self._reader.of_form(caller, view))

    async def on_reason(self, ack: Ack, body: Body) -> None:
        """The form for a no with its reason was sent."""
        await ack()
        form = form_of(body, box="why")
        self._do(
            _key_of(body),
            form.caller,
            self._clicks.cast(form, is_yes=False),
        )

    async def on_glass(self, ack: Ack, body: Body) -> None:
        """The form for break-glass was sent."""
        await ack()
        form = form_of(body, box="why")
        if not form.text.strip():
            self._do(_key_of(body), form.caller, _empty())
            return
        self._do(_key_of(body), form.caller, self._clicks.cast(form, is_yes=True), is_vote=True)

    async def on_signature(self, ack: Ack, body: Body) -> None:
        """The form with a signed yes was sent."""
        await ack()
        form = form_of(body)
        self._do(_key_of(body), form.caller, self._clicks.cast(form, is_yes=True), is_vote=True)

    async def on_old(self, ack: Ack, body: Body) -> None:
        """A form or shortcut of a former version."""
        await ack()
        caller = of_click(body)
        self._do(f"old {caller.trigger}", caller, _retired())

    def _do(
        self, key: str, caller: Caller, work: Coroutine[None, None, None], *, is_vote: bool = False
    ) -> None:
        if self._seen.is_new(key):
            self._chores.start(caller, work, is_vote=is_vote)
        else:
            work.close()

    def _busy(self, key: str, caller: Caller, words: str, *, is_told: bool = False) -> str | None:
        """What to say to one request too many; None when it is to be served, or was already.

        `is_told`: where there is no answer to say it in, the first one is told apart.
        """
        if self._seen.knows(key):
            return None
        if self._chores.busy is not None:
            return self._chores.busy
        over = self._office.throttle.count(user=caller.user, channel=caller.channel)
        if over is None:
            return None
        if over.is_first:
            self._do(f"busy {key}", caller, self._counter.too_often(caller, words, over, is_told=is_told))
        return over.says

    async def _request(self, caller: Caller, words: str, setting: Setting) -> None:
        request = parse(words, setting)
        if isinstance(request, Paste):
            await self._reader.open_form(caller)
        else:
            await self._counter.serve(caller, request, setting, words)

    async def _export(self, caller: Caller) -> None:
        await self._counter.export(caller, await self._counter.incident(caller, None), "md")

    async def _open_note(self, caller: Caller, initial: str) -> None:
        if caller.trigger is not None:
            await self._office.api.open_view(
                caller.trigger, note_view(where_of(caller, None), initial=initial)
            )

    async def _add_note(self, caller: Caller, named: str | None, text: str) -> None:
        said = note_text(text)
        if not said:
            raise BadRequest("the note was empty; nothing was added")
        await self._counter.note(caller, await self._counter.incident(caller, named), said)


async def _retired() -> None:
    raise BadRequest("this is not in use any more; use the newest message of the thread")


async def _empty() -> None:
    raise BadRequest("break-glass needs a justification; nothing was done")


def _with(caller: Caller, request: str) -> Caller:
    return replace(caller, request=request)


def _key_of(body: Body) -> str:
    """What tells one sending of a form from its repeats."""
    view = body.get("view") or {}
    return f"form {view.get('id')} {view.get('hash')}"
