"""Secrets on a host, in its errors and in people's words: none is anywhere afterwards.

Real parts from end to end: OpenSSH, the bot as it is served, its ledger's file, its log as it is written, a
local Slack with every byte it was sent, and exports in all forms.
"""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest

from bot import log
from bot.accounts import terminal_actor
from bot.devslack import DevSlack, Options
from bot.redact import KnownValues, clean
from bot.slack import manifest
from bot.story import FORMS
from tests.redact.corpus.measure import survivors
from tests.redact.corpus.secrets import HARD, Mint, Sample, known_forms, samples
from tests.ssh.conftest import identity, start_sshd
from tests.support.hostile import times
from tests.support.logged import logged
from tests.support.people import words_of
from tests.support.served import served
from tests.support.sshd import USER, Identity, Sshd
from tests.support.unhurried import UNHURRIED
from tests.support.wiretap import Wiretap

__all__ = ["identity", "start_sshd"]

pytestmark = pytest.mark.sshd
#: Fewer than withhold an output as a list of secrets: what is withheld proves little.
A_FILE = 15
_WINDOW = 8


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    with logged(monkeypatch) as stream:
        yield stream


def planted(declared: list[str]) -> list[Sample]:
    """What must not get out: what is known to be a secret by its form, and declared values in every form."""
    structural = [each for each in samples(times(1, of=3)) if each.kind in HARD or not _leaks(each)]
    known = [
        Sample(kind="known", text=line, secrets=(form,))
        for value in declared
        for line, form in known_forms(value)
    ]
    return structural + known


def _leaks(sample: Sample) -> bool:
    """Whether it is one of the few that no rule knows: those get past, and are counted elsewhere."""
    shown = clean(sample.text.encode()).text
    return any(survivors(secret, shown) for secret in sample.secrets)


def runbook(files: list[str], failing: str) -> str:
    steps = "".join(
        f"    s{number}: {{title: file {number}, run: [cat, {name}]}}\n" for number, name in enumerate(files)
    )
    failing_step = f"    failing: {{title: it fails, run: [{failing}]}}\n"
    head = "title: planted\nabout: a test.\ngroups: {all: all}\nsteps:\n  all:\n"
    return f"{head}{steps}{failing_step}causes: []\n"


def write_host(folder: Path, texts: list[str]) -> list[str]:
    paths = []
    for start in range(0, len(texts), A_FILE):
        path = folder / f"planted-{start}"
        path.write_text("\n".join(texts[start : start + A_FILE]) + "\n")
        paths.append(str(path))
    return paths


def write_fleet(folder: Path, server: Sshd, identity: Identity) -> Path:
    (folder / "known_hosts").write_text(server.known_line + "\n")
    path = folder / "fleet.yaml"
    path.write_text(
        f"hosts:\n  web-01: {{address: 127.0.0.1, port: {server.port}, user: {USER}, tags: [web]}}\n"
        f"ssh: {{identity: {identity.path}, known_hosts: {folder}/known_hosts}}\n"
        "policy:\n  people: {requester: {slack: [U0REQUESTER]}}\n"
    )
    return path


@pytest.mark.timeout(600)
async def test_every_planted_secret_is_searched_for_and_none_is_found(
    start_sshd: Callable[..., Sshd], identity: Identity, tmp_path: Path, written: io.StringIO
) -> None:
    mint = Mint(502)
    declared = [f'{mint.of(9)}/{mint.of(6)}"+{mint.of(5)}' for _ in range(times(3, of=50))]
    host, books = tmp_path / "host", tmp_path / "books"
    for folder in (host, books):
        folder.mkdir()
    (tmp_path / "declared").write_text("\n".join(declared) + "\n")
    slack = DevSlack(Options(manifest=manifest(), **UNHURRIED))
    await slack.start()
    plants = planted([*declared, slack.bot_token, slack.app_token, slack.signing_secret])
    assert sum(each.kind == "known" for each in plants) >= times(120, of=1000)
    failing = host / "failing"
    failing.write_text(
        f"#!/bin/sh\necho 'cannot log in with password={mint.of(20)} {declared[0]}' >&2\nexit 3\n"
    )
    failing.chmod(0o755)
    (books / "planted.yaml").write_text(
        runbook(write_host(host, [each.text for each in plants]), str(failing))
    )
    typed = mint.of(24)

    async with Wiretap(urlsplit(slack.parts.base).port or 0) as tap:
        slack.parts.base = f"http://127.0.0.1:{tap.port}"
        fleet = write_fleet(tmp_path, start_sshd(), identity)
        settings: dict[str, Any] = {"runbooks": books, "secrets_file": tmp_path / "declared"}
        async with served(tmp_path, fleet, slack=slack, **settings) as bot:
            log.set_up("json", known=KnownValues.of(bot.app.settings.secrets()))
            await bot.people.command("/runbook planted web-01")
            files = await bot.people.until(
                lambda seen: [one for one in seen if "Full output" in words_of(one) or one["files"]]
            )
            await bot.app.engine.idle()
            (incident,) = await bot.app.ledger.incidents()
            actor = terminal_actor(bot.app.rules.policy)
            await bot.app.desk.note(actor, incident, f"tried password={typed} and {declared[0]}, no luck")
            exports = [(await bot.app.desk.export(actor, incident, form)).content for form in FORMS]
            root_ts = files[0]["thread_ts"]
            await bot.people.until(
                lambda seen: [m for m in seen if m["thread_ts"] == root_ts and "no luck" in words_of(m)]
            )
            # The bot signs in with its own token, as it must.
            heard = re.sub(rb"Authorization: Bearer [^\r]+", b"", bytes(tap.heard))

    places = {
        "ledger": ledger_bytes(tmp_path),
        "slack": heard + unquote_to_bytes(heard.replace(b"+", b" ")),
        "log": written.getvalue().encode(),
        "exports": b"".join(exports),
    }
    secrets = {secret for each in plants for secret in each.secrets} | set(declared) | {typed}
    assert b"web-01" in places["slack"] and b"REDACTED" in places["slack"]
    assert all(b"REDACTED" in places[place] for place in ("ledger", "exports"))
    assert found(secrets, places) == {}


def ledger_bytes(folder: Path) -> bytes:
    """The database as it lies on the disk, with all that is beside it."""
    return b"".join(path.read_bytes() for path in folder.glob("ledger.db*"))


def found(secrets: set[str], places: dict[str, bytes]) -> dict[str, set[str]]:
    """Place -> secrets of which eight characters in a row can be read there."""
    seen: dict[str, set[str]] = {}
    for place, raw in places.items():
        text = raw.decode("latin-1")
        windows = {text[at : at + _WINDOW] for at in range(len(text) - _WINDOW + 1)}
        for secret in secrets:
            if any(window in windows for window in _windows(secret)) and survivors(secret, text):
                seen.setdefault(place, set()).add(secret)
    return seen


def _windows(secret: str) -> list[str]:
    return [secret[at : at + _WINDOW] for at in range(max(1, len(secret) - _WINDOW + 1))]
