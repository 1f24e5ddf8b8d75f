"""The sudoers of every kit allow exactly what the runbooks run; the linter finds what does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import catalog
from bot.errors import FileError
from bot.hostkit.rights import flaws, rights_of, sudoers_lines
from bot.model.host import Mode, Release, Service
from bot.model.runbook import Root
from bot.settings import shipped_runbooks
from tests.support.kits import WEB, catalog_of, kit, look, remedy, step

SHIPPED = catalog.load(shipped_runbooks())
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("mode", Mode)
def test_the_shipped_runbooks_need_only_exact_rules(mode: Mode) -> None:
    sudoers = kit(replace(WEB, mode=mode), catalog=SHIPPED).files["sudoers"].decode()

    rules = [line for line in sudoers.splitlines() if " NOPASSWD: " in line]
    assert len(rules) > 10
    assert flaws(sudoers) == ()


def test_the_sample_hosts_have_only_exact_rules() -> None:
    """Of docker-compose.yml: those who read along copy them."""
    text = (ROOT / "deploy/host/set-up.sh").read_text()
    rules = [line for line in text.splitlines() if "NOPASSWD" in line and not line.lstrip().startswith("#")]

    assert rules == []  # there is a file of their own
    file = next((ROOT / "deploy/host/files").rglob("sudoers.d/*"))
    assert flaws(file.read_text()) == ()


def test_every_command_behind_sudo_is_allowed_and_nothing_else() -> None:
    book = look(
        step("first", "ss", "-l", root=Root.FIRST),
        step("never", "id"),
        step("list", "sudo", "-n", "-l"),
        step("script", "sh", "-c", "echo a\nsudo -n nginx -T 2>/dev/null && exit 0\n# sudo rm\n", "script"),
    )
    made = catalog_of(
        book, remedies=(remedy("go", ("sudo", "-n", "systemctl", "restart", "{{ service.unit }}")),)
    )

    assert rights_of(WEB, made) == (
        ("nginx", "-T"),
        ("ss", "-l"),
        ("systemctl", "restart", "myapp.service"),
    )


def test_what_the_fleet_does_not_give_needs_no_rule() -> None:
    bare = replace(WEB, service=Service())

    needed = rights_of(bare, SHIPPED)

    assert [argv for argv in needed if "systemctl" in argv] == [
        ("systemctl", "reload", "nginx.service"),
        ("systemctl", "restart", "nginx.service"),
        ("systemctl", "start", "nginx.service"),
    ]


def test_root_reads_no_file_of_a_folder_that_an_app_may_write_to() -> None:
    """A symbolic link there could have root read any file. What the fleet names is told in hosts.md."""
    needed = rights_of(replace(WEB, service=Service()), SHIPPED)

    paths = [word for argv in needed if argv[0] == "tail" for word in argv if word.startswith("/")]
    assert "/var/log/php-fpm.log" in paths
    assert {path.rpartition("/")[0] for path in paths} <= {"/var/log", "/var/log/nginx"}


@pytest.mark.parametrize(
    "call",
    [
        "sudo rm -rf x",
        'sudo -n cat "$1"',
        "sudo -n cat $file",
        "sudo -n sh -c 'id'",
        "sudo -u nobody id",
        "sudo -n ls *",
    ],
)
def test_a_script_whose_sudo_cannot_be_exact_is_refused(call: str) -> None:
    book = look(step("script", "sh", "-c", f"{call} | head\n", "mine"))

    with pytest.raises(FileError, match=r"mine: `sudo .*no sudoers line can be exact"):
        rights_of(WEB, catalog_of(book))


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (("nginx", "-t"), "runbook ALL=(root) NOPASSWD: /usr/sbin/nginx -t"),
        (("/usr/local/sbin/app-rollback",), 'runbook ALL=(root) NOPASSWD: /usr/local/sbin/app-rollback ""'),
        (("tail", "a:b,c=d"), r"runbook ALL=(root) NOPASSWD: /usr/bin/tail a\:b\,c\=d"),
        (("tail", "x*?[y]!#\\"), r"runbook ALL=(root) NOPASSWD: /usr/bin/tail x\*\?\[y\]\!\#\\"),
    ],
)
def test_the_line_is_exact(argv: tuple[str, ...], line: str) -> None:
    assert sudoers_lines("runbook", argv) == (line,)
    assert flaws(line) == ()


def test_a_program_that_distributions_keep_at_two_places_has_a_rule_for_each() -> None:
    assert sudoers_lines("runbook", ("ss", "-Hltnp")) == (
        "runbook ALL=(root) NOPASSWD: /usr/bin/ss -Hltnp",
        "runbook ALL=(root) NOPASSWD: /usr/sbin/ss -Hltnp",
    )


@pytest.mark.parametrize("word", ["", "a b", "a\nb", "a\tb", "'", '"', "^x$"])
def test_an_argument_that_sudo_could_read_otherwise_is_refused(word: str) -> None:
    with pytest.raises(FileError, match="cannot stand in sudoers exactly"):
        sudoers_lines("runbook", ("tail", word))


@pytest.mark.parametrize(
    ("rule", "flaw"),
    [
        ("runbook ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx*", "wildcard"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx?", "wildcard"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/cat /var/log/[a-z]", "wildcard"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/syst*", "without arguments"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/systemctl", "without arguments"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/ ", "every program of a directory"),
        ("runbook ALL=(root) NOPASSWD: ALL", "every command"),
        ("runbook ALL=(root) NOPASSWD: systemctl restart x", "no absolute path"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/systemctl ^restart .*$", "wildcard"),
        ("runbook ALL=(root) NOPASSWD: /usr/bin/systemctl ^restart$", "regular expression"),
        ("runbook ALL=(ALL) NOPASSWD: /usr/bin/id x", "no rule of the form"),
        ("%wheel ALL=(root) NOPASSWD: /usr/bin/id x", "no rule of the form"),
        ("runbook ALL=(root) /usr/bin/id x", "no rule of the form"),
        ("#include /etc/else", None),
        ("@include /etc/else", "no rule of the form"),
        ("Defaults !authenticate", "no rule of the form"),
    ],
)
def test_the_linter_names_what_allows_more(rule: str, flaw: str | None) -> None:
    found = flaws(rule + "\n")

    assert (flaw is None) == (not found)
    assert flaw is None or (found[0].startswith("line 1: ") and flaw in found[0])


def test_a_rollback_command_may_have_options_of_its_own() -> None:
    host = replace(WEB, service=replace(WEB.service, release=Release(rollback=("/opt/back", "--now"))))

    assert (
        "runbook ALL=(root) NOPASSWD: /opt/back --now" in kit(host, catalog=SHIPPED).files["sudoers"].decode()
    )
