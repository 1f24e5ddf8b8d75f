"""`audit …`: verify a ledger or an export, keep the key of its checkpoints, accept that it went back."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import app as root
from bot import audit
from bot.accounts import terminal_actor
from bot.audit import keys
from bot.audit.lines import Line, read_lines
from bot.audit.sealing import rotate
from bot.commands.say import say
from bot.errors import BadRequest, BotError, FileError, LedgerUnavailable, SettingsError
from bot.model.refusal import AskRefused
from bot.settings import Settings
from bot.story import who

_MAX_REASON = 500


@dataclass(frozen=True)
class Outside:
    """What is known from outside the ledger, as typed."""

    anchors: Sequence[str]
    #: Files with the second sink's lines.
    files: Sequence[Path]
    keys: Sequence[str]

    def lines(self) -> tuple[Line, ...]:
        """The lines of all files. Raises FileError for one that cannot be read or has none."""
        return tuple(line for file in self.files for line in _lines_of(file))

    def public_keys(self) -> tuple[str, ...]:
        """Raises BadRequest."""
        return tuple(key for given in self.keys for key in keys.public_keys(given))


async def verify_ledger(settings: Settings, outside: Outside, *, incident: str | None) -> int:
    """0 whole, 1 tampered with, 2 incomplete, 3 unreadable."""
    public_keys = outside.public_keys()
    anchors = [audit.anchor(one) for one in outside.anchors]
    try:
        lines = outside.lines()
        async with root.opened_ledger(settings) as ledger:
            report = await audit.verify_ledger(
                ledger, incident=incident, anchors=anchors, lines=lines, public_keys=public_keys
            )
    except (FileError, LedgerUnavailable) as error:
        return unreadable(error)
    return told(report)


def verify_export(file: Path, outside: Outside) -> int:
    """Like `verify_ledger`, for a JSON export alone."""
    public_keys = outside.public_keys()
    anchors = [audit.anchor(one) for one in outside.anchors]
    try:
        content, lines = _content_of(file), outside.lines()
    except FileError as error:
        return unreadable(error)
    return told(audit.verify_export(content, anchors=anchors, lines=lines, public_keys=public_keys))


async def refusals(settings: Settings, *, limit: int) -> int:
    """One line each, the newest last; what was refused in an incident stands in its timeline."""
    async with root.opened_ledger(settings) as ledger:
        found = await ledger.system.events(kinds=(AskRefused,))
    for one in found[-limit:]:
        if isinstance(one.event, AskRefused):
            by = who(one.event.person, one.event.by)
            say(f"{one.at:%Y-%m-%d %H:%M:%SZ}  {by}  {one.event.wanted}: {one.event.why}")
    return 0


def key(settings: Settings) -> int:
    """Print the public key and its id."""
    found = keys.load(_key_path(settings))
    say(found.public)
    sys.stderr.write(f"key {found.id}\n")
    return 0


async def rotate_key(settings: Settings) -> int:
    """The ledger first: a key that it does not know is worse than one that nobody uses."""
    path = _key_path(settings)
    old, new = keys.load(path, create=False), keys.fresh_key()
    async with root.opened_ledger(settings) as ledger:
        await root.seal(settings, ledger).seal()
        await rotate(ledger.system, old, new)
    keys.replace_key(path, new)
    say(new.public)
    sys.stderr.write(f"key {new.id} takes the place of {old.id}, which is in {path}.old\n")
    return 0


async def accept_rollback(settings: Settings, reason: str) -> int:
    """0 when actions may go on, 1 when another person has to accept it too."""
    why = " ".join(reason.split())[:_MAX_REASON]
    if not why:
        raise BadRequest("say why the ledger went back, e.g. --reason 'restored after the disk broke'")
    person = terminal_actor(root.load_rules(settings).policy).person
    async with root.opened_ledger(settings) as ledger:
        missing = await root.seal(settings, ledger).accept_rollback(person, why)
    if missing is None:
        raise BadRequest("nothing to accept: this ledger did not go back, as far as is known here")
    say(missing or f"{person} accepted it; actions go on")
    return int(bool(missing))


def _key_path(settings: Settings) -> Path:
    if settings.checkpoint_key is None:
        raise SettingsError("RUNBOOK_BOT_CHECKPOINT_KEY is not set; name the file of the key")
    return settings.checkpoint_key


def _content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileError(f"{file}: cannot be read: {error.strerror}") from error


def _lines_of(file: Path) -> tuple[Line, ...]:
    lines = read_lines(_content_of(file).decode(errors="replace").split("\n"))
    if not lines:
        raise FileError(f"{file}: has no line that begins with 'runbook-bot anchor'; give what was written")
    return lines


def unreadable(error: BotError) -> int:
    """One line as for every error, with the status that belongs to it here."""
    sys.stderr.write(f"runbook-bot: {error}\n")
    return audit.Result.UNREADABLE.exit_status


def told(report: audit.Report) -> int:
    """Everything found, one line each, then the heads to keep as anchors."""
    if report.result is audit.Result.OK:
        say(f"ok: {report.entries} entries in {len(report.heads)} chain(s), none changed, lost or added")
    if report.unreadable:
        say(f"unreadable: {report.unreadable}")
    for trouble in report.troubles:
        say(f"{trouble}")
    for warning in report.warnings:
        say(f"warning: {warning}")
    for head in report.heads[-20:]:
        say(f"head {head.chain}#{head.seq}={head.hash[:16]}")
    return report.result.exit_status
