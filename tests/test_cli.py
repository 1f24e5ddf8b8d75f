"""The terminal on sample hosts: verdicts and exit statuses, and bad input that runs nothing."""

import asyncio
import getpass
import json
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import asyncssh
import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot import yamlfile
from bot.cli import cli
from bot.demo import SampleHosts
from bot.settings import Settings, shipped_runbooks
from tests.support.signing import by_command, key, public


class Samples:
    """Sample hosts in a thread of their own, so that commands may run their own loop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hosts = SampleHosts(folder)
        self._up: Future[None] = Future()
        self._down = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Samples":
        self._thread.start()
        self._up.result(timeout=120)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._down.set)
        self._thread.join()

    def _serve(self) -> None:
        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            async with self.hosts:
                self._up.set_result(None)
                await self._down.wait()

        try:
            asyncio.run(serve())
        except BaseException as error:  # handed to the test, which waits for it
            if self._up.done():
                raise
            self._up.set_exception(error)

    def change_fleet(self, change: dict[str, object]) -> None:
        """Merge into the first host's entry."""
        fleet: Any = yamlfile.read(self.hosts.fleet_path)
        fleet["hosts"]["web-01"].update(change)
        self.hosts.fleet_path.write_text(yaml.safe_dump(fleet))


@pytest.fixture
def samples(tmp_path: Path) -> Iterator[Samples]:
    with Samples(tmp_path) as running:
        policy_for_me(running.hosts.fleet_path)
        yield running


def policy_for_me(path: Path) -> None:
    """Whoever runs the tests is the approver, and somebody else by Slack."""
    fleet: Any = yamlfile.read(path)
    fleet["policy"]["people"]["approver"]["login"] = [getpass.getuser()]
    path.write_text(yaml.safe_dump(fleet))


def run(samples: Samples, *words: str, typed: str | None = None) -> Result:
    given = ["--fleet", str(samples.hosts.fleet_path), "--ledger", str(samples.folder / "ledger.db")]
    return CliRunner().invoke(cli, [*words, *given], input=typed)


def test_a_broken_host_is_exit_1_and_one_json_object(samples: Samples) -> None:
    result = run(samples, "check", "502", "web-01", "--format", "json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["cause"] == "deploy_bad_release" and told["certainty"] == "confirmed"
    assert told["restart"] == "useless" and told["remedies"] == ["rollback_release"]
    assert any("ModuleNotFoundError" in quote["line"] for quote in told["found"][0]["because"])
    assert {"found", "ruled_out", "unchecked", "restart_why"} <= told.keys()


def test_a_healthy_host_with_old_errors_is_exit_0(samples: Samples) -> None:
    result = run(samples, "check", "502", "web-02")

    assert result.exit_code == 0, result.output
    assert "nginx and the app answer well" in result.output


def test_the_requester_cannot_approve_their_own_request(samples: Samples) -> None:
    told = json.loads(run(samples, "check", "502", "web-01", "--format", "json").stdout)

    result = run(samples, "approve", told["offered"][0]["approval"])

    assert result.exit_code == 2
    assert "somebody else must approve" in result.stderr
    assert "None of them has a `login` in the policy; ask in Slack instead" in result.stderr
    assert samples.hosts.samples["web-01"].ran == 0


@pytest.mark.parametrize("how", ["a file", "standard input"])
def test_a_signed_yes_is_given_by_what_the_printed_command_prints(samples: Samples, how: str) -> None:
    mine = key(samples.folder, "mine")
    (samples.folder / "allowed_signers").write_text(f"me@example.org {public(mine)}\n")
    fleet: Any = yamlfile.read(samples.hosts.fleet_path)
    fleet["policy"] |= {"allowed_signers": "./allowed_signers", "break_glass": {"from": ["sre"]}}
    fleet["policy"]["people"]["approver"]["signers"] = ["me@example.org"]
    for rule in fleet["policy"]["rules"]:
        rule["approve"]["step_up"] = "sshsig"
    samples.hosts.fleet_path.write_text(yaml.safe_dump(fleet))
    told = json.loads(run(samples, "check", "502", "web-01", "--format", "json").stdout)
    vote = ("approve", told["offered"][0]["approval"], "--break-glass", "checkout is down, nobody answers")

    asked = run(samples, *vote)
    command = re.findall(r"printf .*id_ed25519", asked.stderr)[0]
    (samples.folder / "yes.sig").write_text(by_command(command, mine))
    signature = str(samples.folder / "yes.sig") if how == "a file" else "-"
    done = run(samples, *vote, "--signature", signature, typed=(samples.folder / "yes.sig").read_text())

    assert (asked.exit_code, done.exit_code) == (2, 0), done.output
    assert samples.hosts.samples["web-01"].ran == 1


def test_a_signature_file_that_is_not_there_is_named(samples: Samples) -> None:
    result = run(samples, "approve", "x", "--signature", "/no/such.sig")

    assert result.exit_code == 2
    assert "/no/such.sig: the signature cannot be read" in result.stderr


def test_an_empty_justification_is_no_ordinary_vote(samples: Samples) -> None:
    result = run(samples, "approve", "A" * 22, "--break-glass", " ")

    assert result.exit_code == 2 and "--break-glass is empty; say why in it" in result.stderr


def test_the_requester_alone_breaks_the_glass_with_a_word(samples: Samples) -> None:
    fleet: Any = yamlfile.read(samples.hosts.fleet_path)
    fleet["policy"]["break_glass"] = {"from": ["sre"]}
    samples.hosts.fleet_path.write_text(yaml.safe_dump(fleet))
    told = json.loads(run(samples, "check", "502", "web-01", "--format", "json").stdout)
    approval = told["offered"][0]["approval"]

    short = run(samples, "approve", approval, "--break-glass", "because")
    with_a_no = run(samples, "approve", approval, "--reject", "--break-glass", "x" * 20)
    assert (short.exit_code, with_a_no.exit_code) == (2, 2)
    # Typer frames a usage error and wraps it to the terminal's width.
    assert "at least 20 characters; given 7" in " ".join(short.stderr.replace("│", " ").split())
    assert samples.hosts.samples["web-01"].ran == 0
    done = run(samples, "approve", approval, "--break-glass", "checkout is down, nobody answers the page")

    assert done.exit_code == 0
    assert samples.hosts.samples["web-01"].ran == 1
    assert "to be reviewed by" in run(samples, "status").stdout
    timeline = run(samples, "export", told["incident"]).stdout
    assert "by break-glass" in timeline and "checkout is down, nobody answers the page" in timeline
    ledger = CliRunner().invoke(cli, ["audit", "verify", "--ledger", str(samples.folder / "ledger.db")])
    assert ledger.exit_code == 0, ledger.stdout


def test_the_timeline_is_the_same_twice_and_the_ledger_whole(samples: Samples) -> None:
    told = json.loads(run(samples, "check", "502", "web-01", "--format", "json").stdout)

    first, second = (run(samples, "export", told["incident"], "--format", "json") for _ in range(2))

    assert first.exit_code == 0 and first.stdout_bytes == second.stdout_bytes
    file = samples.folder / "export.json"
    file.write_bytes(first.stdout_bytes)
    runner = CliRunner()
    assert runner.invoke(cli, ["audit", "verify", "--export", str(file)]).exit_code == 0
    ledger = runner.invoke(cli, ["audit", "verify", "--ledger", str(samples.folder / "ledger.db")])
    assert ledger.exit_code == 0 and ledger.stdout.startswith("ok:")


BAD_REQUESTS = {
    "unknown host": (("check", "502", "web-1"), "no host 'web-1' in the fleet; did you mean 'web-01'"),
    "two hosts in one word": (("check", "502", "web-01,web-02"), "no host 'web-01,web-02'"),
    "an option as host": (("check", "502", "--", "-oProxyCommand=x"), "no host '-oProxyCommand=x'"),
    "a command as host": (("check", "502", "$(reboot)"), "no host '$(reboot)'"),
    "an empty host": (("check", "502", ""), "no host ''"),
    "an unknown runbook": (("check", "503", "web-01"), "no runbook '503'; there are: 502"),
    "six hosts": (("check", "502", *(f"web-0{n}" for n in range(6))), "at most 5 hosts at once"),
    "an unknown approval": (("approve", "nope"), "no approval 'nope' in the ledger"),
    "an unknown incident": (("export", "inc-nope"), "no incident 'inc-nope'"),
}


@pytest.mark.parametrize(("words", "says"), BAD_REQUESTS.values(), ids=BAD_REQUESTS.keys())
def test_bad_input_is_one_sentence_and_nothing_runs(
    samples: Samples, words: tuple[str, ...], says: str
) -> None:
    given = ["--fleet", str(samples.hosts.fleet_path), "--ledger", str(samples.folder / "ledger.db")]
    CliRunner().invoke(cli, ["ledger", "migrate", *given[2:]])

    result = CliRunner().invoke(cli, [words[0], *given, *words[1:]])

    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr and result.stderr.count("\n") == 1
    assert run(samples, "status").stdout == "no incidents yet\n"


def test_a_mistyped_host_gets_up_to_three_near_names(samples: Samples) -> None:
    result = run(samples, "check", "502", "web-1")

    assert "no host 'web-1' in the fleet; did you mean 'web-01', 'web-02' or 'web-03'?" in result.stderr


def test_a_variable_that_is_no_setting_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNBOOK_BOT_LEDGR", "x.db")
    monkeypatch.setenv("RUNBOOK_BOT_COLOUR", "blue")
    monkeypatch.setenv("RUNBOOK_BOT_LOG_FORMAT", "json")

    result = CliRunner().invoke(cli, ["explain", "wrong_port"])

    assert result.exit_code == 0
    far, near = result.stderr.splitlines()
    assert far.startswith("runbook-bot: RUNBOOK_BOT_COLOUR is no setting and has no effect; ")
    assert far.endswith("`runbook-bot serve --help` lists them all")
    assert near.startswith("runbook-bot: RUNBOOK_BOT_LEDGR is no setting and has no effect; ")
    assert near.endswith("did you mean RUNBOOK_BOT_LEDGER?")


def test_help_names_the_variables_and_their_defaults() -> None:
    told = {words: CliRunner().invoke(cli, [*words, "--help"]).stdout for words in (("check",), ("serve",))}
    plain = {words: " ".join(text.replace("│", " ").split()) for words, text in told.items()}

    assert "(env: RUNBOOK_BOT_FLEET; default: fleet.yaml)" in plain["check",]
    assert all(f"RUNBOOK_BOT_{name.upper()}" in plain["serve",] for name in Settings.model_fields)
    assert "Socket Mode connections kept open. (default: 2)" in plain["serve",]


def test_a_host_that_is_down_could_not_be_checked(samples: Samples) -> None:
    samples.change_fleet({"port": 1})

    result = run(samples, "check", "502", "web-01", "--format", "json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["cause"]) == (2, "host_unreachable")
    assert told["unchecked"] and told["remedies"] == []


def test_a_changed_host_key_could_not_be_checked(samples: Samples) -> None:
    known = samples.folder / "known_hosts"
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    ports = [line.split(" ", 1)[0] for line in known.read_text().splitlines()]
    known.write_text("".join(f"{port} {other}\n" for port in ports))

    result = run(samples, "check", "502", "web-01", "--format", "json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["cause"]) == (2, "host_key_changed")
    assert "SHA256:" in json.dumps(told["found"])


def test_a_host_key_that_is_not_on_file_yet_is_told_from_a_changed_one(samples: Samples) -> None:
    known = samples.folder / "known_hosts"
    known.write_text("")

    result = run(samples, "check", "502", "web-01", "--format", "json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["cause"]) == (2, "host_key_unknown")
    assert "SHA256:" in told["says"] and "`runbook-bot doctor web-01` prints the line" in told["says"]


def test_a_wrong_key_could_not_be_checked(samples: Samples) -> None:
    key = samples.folder / "id_runbook"
    key.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())

    result = run(samples, "check", "502", "web-01", "--format", "json")

    assert (result.exit_code, json.loads(result.stdout)["cause"]) == (2, "ssh_auth_failed")


def test_a_missing_ledger_folder_runs_nothing(samples: Samples) -> None:
    given = ["--fleet", str(samples.hosts.fleet_path), "--ledger", str(samples.folder / "none" / "ledger.db")]

    result = CliRunner().invoke(cli, ["check", "502", "web-01", *given])

    assert result.exit_code == 2 and result.stderr.count("\n") == 1
    assert str(samples.folder / "none") in result.stderr


def test_a_missing_fleet_file_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["check", "502", "web-01", "--fleet", str(tmp_path / "no.yaml")])

    assert result.exit_code == 2
    assert f"no fleet file at {tmp_path / 'no.yaml'}; name it with --fleet" in result.stderr


def test_a_runbook_with_a_typo_is_named_with_its_way_out(tmp_path: Path) -> None:
    step = {"title": "t", "run": ["ss", "-Hltnp"], "parse": "listening_socket"}
    book = {"title": "t", "groups": {"g": "g"}, "steps": {"g": {"listeners": step}}}
    (tmp_path / "502.yaml").write_text(yaml.safe_dump(book))

    result = CliRunner().invoke(cli, ["runbook", "lint", "--runbooks", str(tmp_path)])

    assert result.exit_code == 2
    assert "502.yaml: steps.g.listeners.parse: no parser 'listening_socket'" in result.stderr
    assert "did you mean 'listening_sockets'?" in result.stderr


def test_lint_of_a_fleet_file_that_is_not_there_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    named = CliRunner().invoke(cli, ["runbook", "lint", "--fleet", "typo.yaml"])
    unnamed = CliRunner().invoke(cli, ["runbook", "lint"])

    assert named.exit_code == 2 and f"no fleet file at {tmp_path / 'typo.yaml'}" in named.stderr
    assert unnamed.exit_code == 0
    assert "no mistakes; only runbooks were checked, there is no fleet.yaml here" in unnamed.stdout


def test_lint_needs_no_ssh_keys(guarded: Path) -> None:
    for name in ("read", "act", "known"):
        (guarded.parent / name).unlink()

    done = CliRunner().invoke(cli, ["runbook", "lint", "--fleet", str(guarded)])

    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith("no mistakes\n")


def test_a_bad_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNBOOK_BOT_SLACK_MODE", "telnet")

    result = CliRunner().invoke(cli, ["runbook", "lint"])

    assert result.exit_code == 2 and "RUNBOOK_BOT_SLACK_MODE" in result.stderr


def test_a_cause_is_explained_and_an_unknown_one_gets_its_nearest_name() -> None:
    known = CliRunner().invoke(cli, ["explain", "wrong_port"])
    unknown = CliRunner().invoke(cli, ["explain", "wrong_prot"])

    assert known.exit_code == 0 and "Ruled out when" in known.stdout
    assert unknown.exit_code == 2 and "did you mean 'wrong_port'" in unknown.stderr


def test_pasted_text_is_judged_for_people_with_what_mends_it() -> None:
    given = "upstream sent too big header while reading response header from upstream"

    result = CliRunner().invoke(cli, ["diagnose"], input=given)

    assert result.exit_code == 0
    assert "header_too_big (confirmed)" in result.stdout
    assert "Would a restart help? no" in result.stdout and "Mended by: a larger proxy_buffer" in result.stdout


def test_cases_are_judged_one_line_each_and_a_bad_one_is_named_and_ends_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(
        '{"id": "a", "evidence": [{"kind": "x", "text": "upstream sent too big header '
        'token=hunter2hunter2"}]}\n'
        "{bad\n"
        '{"id": "b", "evidence": ["lorem ipsum"]}\n'
    )

    result = CliRunner().invoke(cli, ["diagnose", "--format", "jsonl", str(file)])

    assert result.exit_code == 2 and "line 2 is not JSON" in result.stderr
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["cause"], first["certainty"]) == ("a", "header_too_big", "confirmed")
    assert first["ranked"][0] == "header_too_big" and first["restart"] == "useless" and first["remedy"]
    assert len(first["ranked"]) == 3
    assert "too big header" in first["because"][0] and "hunter2" not in result.stdout
    assert (second["id"], second["cause"], second["ranked"]) == ("b", "unknown", [])


@pytest.mark.parametrize(("given", "says"), [("", "standard input is empty"), (" \n", "paste the proxy's")])
def test_nothing_to_judge_is_said(given: str, says: str) -> None:
    result = CliRunner().invoke(cli, ["diagnose"], input=given)

    assert result.exit_code == 2 and says in result.stderr


def test_what_is_no_text_is_refused_and_not_printed(tmp_path: Path) -> None:
    (tmp_path / "app").write_bytes(b"\x7fELF\x02\x01\x01\0\0connect() failed (111: Connection refused)")

    of_file = CliRunner().invoke(cli, ["diagnose", str(tmp_path / "app")])
    piped = CliRunner().invoke(cli, ["diagnose"], input="\x7fELF\0\0 failed")

    assert (of_file.exit_code, piped.exit_code) == (2, 2)
    assert f"{tmp_path / 'app'} is no text, it has NUL bytes" in of_file.stderr
    assert "standard input is no text" in piped.stderr
    assert not of_file.stdout and "ELF" not in of_file.stderr


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["diagnose", str(tmp_path / "none.log")])

    assert result.exit_code == 2 and "none.log: cannot be read: No such file" in result.stderr


@pytest.fixture
def guarded(tmp_path: Path) -> Path:
    """A fleet file with a guarded host and two keys."""
    for name in ("read", "act"):
        key = tmp_path / name
        key.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
        key.chmod(0o600)
    (tmp_path / "known").touch()
    fleet = {
        "hosts": {"web-01": {"address": "192.0.2.1", "user": "runbook", "mode": "guarded"}},
        "ssh": {"identity": "read", "act_identity": "act", "known_hosts": "known"},
    }
    (tmp_path / "fleet.yaml").write_text(yaml.safe_dump(fleet))
    return tmp_path / "fleet.yaml"


def test_a_host_kit_is_written_and_told_from_a_former_one(guarded: Path) -> None:
    place = guarded.parent / "kit"
    command = ["host-kit", "web-01", "--fleet", str(guarded), "-o", str(place)]

    written = CliRunner().invoke(cli, command)
    same = CliRunner().invoke(cli, [*command, "--check"])
    guarded.write_text(guarded.read_text().replace("192.0.2.1", "192.0.2.2").replace("runbook", "ops"))
    other = CliRunner().invoke(cli, [*command, "--check"])

    assert written.exit_code == 0 and "read install.sh in it and run it on the host as root" in written.stdout
    assert (same.exit_code, same.stdout) == (0, f"{place}: today's kit of web-01\n")
    assert other.exit_code == 1 and "sudoers: differs" in other.stdout
    assert f"{place}: not today's kit of web-01" in other.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["web-02"], "no host 'web-02' in the fleet; did you mean 'web-01'"),
        (["web-01", "--check"], "no kit; make one with `runbook-bot host-kit`"),
    ],
)
def test_a_host_kit_that_cannot_be_made_is_one_sentence(
    guarded: Path, words: list[str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(guarded.parent)

    result = CliRunner().invoke(cli, ["host-kit", *words, "--fleet", str(guarded)])

    assert result.exit_code == 2 and says in result.stderr


def test_a_script_that_no_sudo_rule_can_allow_exactly_is_a_mistake_of_the_runbook(guarded: Path) -> None:
    books = guarded.parent / "books"
    shutil.copytree(shipped_runbooks(), books)
    lint = ["runbook", "lint", "--fleet", str(guarded), "--runbooks", str(books)]
    before = CliRunner().invoke(cli, lint)

    with (books / "scripts/overflow.sh").open("a") as script:
        script.write('sudo -n cat "$1"\n')
    after = CliRunner().invoke(cli, lint)

    assert before.exit_code == 0, before.stderr
    assert after.exit_code == 2
    assert 'overflow: `sudo -n cat "$1"`: no sudoers line can be exact for it' in after.stderr
