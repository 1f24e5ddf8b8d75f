"""Commands that ask the desk: check, approve, status, note, export."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from rich.console import Console

from bot import app as root
from bot import terminal
from bot.accounts import terminal_actor
from bot.commands.say import say
from bot.commands.watching import watching
from bot.errors import BadRequest, FileError, Stale
from bot.log import set_up_unless_done
from bot.redact import KnownValues
from bot.settings import Settings
from bot.store.opening import shown

#: Verdicts that mean the host could not be looked at.
COULD_NOT_CHECK = frozenset(
    {
        "host_unreachable",
        "ssh_auth_failed",
        "host_key_changed",
        "host_key_unknown",
        "host_kit_drifted",
        "unknown",
    }
)


async def check(settings: Settings, runbook: str, hosts: Sequence[str], *, as_json: bool) -> int:
    """0 healthy, 1 trouble found, 2 could not check; of several hosts the worst."""
    worst, seen = 0, []
    async with _wired(settings, may_make_ledger=True) as app:
        async with watching(app.relay, app.desk, Console(stderr=True)):
            opened = await root.check(app, runbook, hosts, words=f"check {runbook} {' '.join(hosts)}")
        for incident in opened:
            state = await app.desk.incident(incident)
            verdict = state.verdict
            if as_json and verdict is not None:
                say(terminal.json_text(state, verdict))
            else:
                seen.append(state)
            one = 2 if verdict is None or verdict.cause in COULD_NOT_CHECK else int(not verdict.is_healthy)
            worst = max(worst, one)
        terminal.show_all(seen, Console(stderr=as_json), _titles(app))
    return worst


async def vote(
    settings: Settings,
    approval: str,
    *,
    is_yes: bool,
    reason: str,
    break_glass: str | None = None,
    signature: Path | None = None,
) -> int:
    """Vote as the terminal's user, and wait until all that follows is done."""
    if break_glass is not None and not break_glass.strip():
        raise BadRequest("--break-glass is empty; say why in it, or leave it out to vote in the ordinary way")
    if break_glass and not is_yes:
        raise BadRequest("a no needs no break-glass; leave one of --reject and --break-glass out")
    signed = await asyncio.to_thread(_read, signature) if signature else ""
    async with _wired(settings, may_make_ledger=False) as app:
        await _known(app, approval)
        async with watching(app.relay, app.desk, Console(stderr=True)):
            incident = await app.desk.vote(
                terminal_actor(app.rules.policy),
                approval,
                is_yes=is_yes,
                reason=reason,
                break_glass=break_glass or "",
                signature=signed,
            )
            await app.engine.idle()
        terminal.show(await app.desk.incident(incident), Console(), _titles(app))
    return 0


def _titles(app: root.App) -> dict[str, str]:
    """Remedies' titles by name."""
    return {name: remedy.title for name, remedy in app.rules.catalog.remedies.items()}


async def _known(app: root.App, approval: str) -> None:
    """Raises Stale with the ledger's place: whoever types may have another one in mind."""
    if await app.ledger.incident_of(approval) is None:
        where = shown(app.settings.ledger_path[0])
        raise Stale(f"no approval {approval[:60]!r} in the ledger {where}; `status` lists what is in it")


def _read(signature: Path) -> str:
    """The signature in a file or on standard input. Raises FileError."""
    try:
        raw = sys.stdin.buffer.read() if str(signature) == "-" else signature.read_bytes()
    except OSError as error:
        raise FileError(f"{signature}: the signature cannot be read: {error.strerror}") from error
    return raw.decode("ascii", "replace")


async def status(settings: Settings, *, limit: int) -> int:
    """One line an incident, the newest first."""
    async with _wired(settings, may_make_ledger=False) as app:
        latest = await app.desk.status(limit=limit)
    for one in latest:
        when = one.at.strftime("%Y-%m-%d %H:%MZ")
        asks = f"  approval {', '.join(one.open_approvals)}" if one.open_approvals else ""
        say(f"{one.incident}  {when}  {one.runbook} {one.host}  {one.stand.value}  {one.says}{asks}")
    if not latest:
        say("no incidents yet")
    return 0


async def note(settings: Settings, incident: str, text: str) -> int:
    """Add a note to the timeline."""
    async with _wired(settings, may_make_ledger=False) as app:
        await app.desk.note(terminal_actor(app.rules.policy), incident, text)
    return 0


async def export(settings: Settings, incident: str, form: str, output: Path | None) -> int:
    """Write the timeline to a file or to standard output."""
    async with _wired(settings, may_make_ledger=False) as app:
        file = await app.desk.export(terminal_actor(app.rules.policy), incident, form)
    if output is None:
        sys.stdout.buffer.write(file.content)
        return 0
    try:
        await asyncio.to_thread(output.write_bytes, file.content)
    except OSError as error:
        raise FileError(f"{output}: cannot be written: {error.strerror}") from error
    sys.stderr.write(f"{output}: {len(file.content)} bytes, sha256 {file.sha256}, head {file.head}\n")
    return 0


def _wired(settings: Settings, *, may_make_ledger: bool) -> AbstractAsyncContextManager[root.App]:
    """The bot, with a log that shows no secret should something fail inside it."""
    set_up_unless_done(settings.log_format, known=KnownValues.of(settings.secrets()))
    return root.wired(settings, may_make_ledger=may_make_ledger)
