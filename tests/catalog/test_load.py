# A row of a table stands on one line.
# ruff: noqa: E501
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.catalog.load import load
from bot.catalog.names import Names, Need, names_of_code
from bot.errors import FileError
from bot.model.runbook import Catalog, Root


@dataclass(frozen=True)
class Sockets:
    """A fact for these tests."""


@dataclass(frozen=True)
class Config:
    """Another fact."""


_NAMES = Names(
    parsers={"listening_sockets": Sockets, "nginx_config_test": Config},
    rules={
        "wrong_port": {"listening": Need(fact=Sockets, is_optional=False)},
        "bad_config": {"config": Need(fact=Config, is_optional=True)},
    },
)
_RUNBOOK = """\
title: nginx answers 502
groups: {proxy: Proxy, sockets: Sockets}
steps:
  sockets:
    listening: {title: who listens, run: [ss, -Hltnp], root: first, parse: listening_sockets}
  proxy:
    config: {title: config test, run: [nginx, -t, -c, "{{ nginx.config }}"], parse: nginx_config_test, ok_exit: [0, 1]}
    script: {title: a script, script: probe.sh, args: ["{{ service.site }}"], after: [config]}
causes: [wrong_port, bad_config]
remedies: {wrong_port: [restart_unit]}
"""
_REMEDY = """\
title: restart the app
risk: medium
run:
  - [sudo, -n, systemctl, restart, "{{ service.unit }}"]
does: Restarts {{ service.unit }}.
undo: Nothing to undo.
target: "{{ service.unit }}"
needs: [service.unit]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "runbooks"
    (folder / "remedies").mkdir(parents=True)
    (folder / "scripts").mkdir()
    (folder / "502.yaml").write_text(_RUNBOOK)
    (folder / "remedies" / "restart_unit.yaml").write_text(_REMEDY)
    (folder / "scripts" / "probe.sh").write_text('echo "$1"\n')
    return folder


def _refusal(folder: Path) -> str:
    with pytest.raises(FileError) as refused:
        load(folder, _NAMES)
    return str(refused.value).replace(f"{folder}/", "")


def _change(folder: Path, old: str, new: str, *, file: str = "502.yaml") -> None:
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _runbook_steps(catalog: Catalog) -> list[str]:
    return [step.id for step in catalog.runbooks["502"].steps]


def test_a_folder_becomes_a_catalog(folder: Path) -> None:
    catalog = load(folder, _NAMES)

    runbook = catalog.runbooks["502"]
    assert _runbook_steps(catalog) == ["listening", "config", "script"]
    assert runbook.steps[0].root is Root.FIRST
    assert runbook.steps[2].run == ("sh", "-c", 'echo "$1"\n', "probe", "{{ service.site }}")
    assert runbook.causes == ("wrong_port", "bad_config")
    assert catalog.remedies["restart_unit"].run == (
        ("sudo", "-n", "systemctl", "restart", "{{ service.unit }}"),
    )


def test_what_scripts_share_stands_before_them(folder: Path) -> None:
    (folder / "scripts" / "_say.sh").write_text('say() { printf "%s" "$1"; }\n')
    _change(folder, "script: probe.sh", "script: [_say.sh, probe.sh]")

    run = load(folder, _NAMES).runbooks["502"].steps[2].run

    assert run == ("sh", "-c", 'say() { printf "%s" "$1"; }\n\necho "$1"\n', "probe", "{{ service.site }}")


@pytest.mark.parametrize("file", ["502.yaml", "scripts/probe.sh", "scripts/_say.sh", "_base.yaml"])
def test_the_digest_changes_with_every_file_of_the_runbook(file: str, folder: Path) -> None:
    (folder / "_base.yaml").write_text("groups: {base: Base}\n")
    (folder / "scripts" / "_say.sh").write_text("say() { :; }\n")
    _change(folder, "groups:", "include: [_base]\ngroups:")
    _change(folder, "script: probe.sh", "script: [_say.sh, probe.sh]")
    before = load(folder, _NAMES).runbooks["502"].digest

    with (folder / file).open("a") as changed:
        changed.write("# changed\n")

    assert load(folder, _NAMES).runbooks["502"].digest != before


def test_included_steps_come_first(folder: Path) -> None:
    (folder / "_base.yaml").write_text(
        "groups: {base: Base}\nsteps: {base: {load: {title: load, run: [uptime]}}}\n"
    )
    _change(folder, "groups:", "include: [_base]\ngroups:")

    assert _runbook_steps(load(folder, _NAMES)) == ["load", "listening", "config", "script"]


_PLACE = "502.yaml: steps.sockets.listening"
_MISTAKES = [
    ("parse: listening_sockets", "parse: listening_socket", f"{_PLACE}.parse: no parser 'listening_socket'; did you mean 'listening_sockets'?"),
    ("parse: listening_sockets", "parse: nginx_config_test", "502.yaml: causes: rule wrong_port needs listening: Sockets, step 'listening' gives Config"),
    (", parse: listening_sockets", "", "502.yaml: causes: rule wrong_port needs listening: Sockets, step 'listening' gives no fact"),
    ("causes: [wrong_port", "causes: [wrong_prt", "502.yaml: causes: no rule 'wrong_prt'; did you mean 'wrong_port'?"),
    ("    listening:", "    listning:", "502.yaml: causes: rule wrong_port needs listening: Sockets, but there is no step 'listening'; did you mean 'listning'?"),
    ("after: [config]", "after: [confg]", "502.yaml: steps.proxy.script.after: no earlier step 'confg'; did you mean 'config'?"),
    ("after: [config]", "after: [script]", "502.yaml: steps.proxy.script.after: no earlier step 'script'"),
    ("[restart_unit]", "[restart_unt]", "502.yaml: remedies.wrong_port: no remedy 'restart_unt'; did you mean 'restart_unit'?"),
    ("remedies: {wrong_port", "remedies: {wrong_prt", "502.yaml: remedies.wrong_prt: not among this runbook's causes; did you mean 'wrong_port'?"),
    ("    script:", "    listening:", "502.yaml: steps.proxy.listening: the id stands twice; rename one"),
    ("  sockets:\n", "  sokets:\n", "502.yaml: steps.sokets: no such group; did you mean 'sockets'?"),
    ("    listening:", "    Listening-1:", "502.yaml: steps.sockets.Listening-1: an id is lower-case letters, digits and '_'"),
    ("run: [ss, -Hltnp]", "rum: [ss, -Hltnp]", f"{_PLACE}.rum: unknown key; did you mean 'run'?"),
    ("title: who listens, ", "", f"{_PLACE}.title: missing; add it"),
    ("root: first", "root: always", f"{_PLACE}.root: "),
    ("root: first", "timeout_s: 0", f"{_PLACE}.timeout_s: "),
    ("root: first", "timeout_s: 3600", f"{_PLACE}.timeout_s: "),
    ("root: first", "max_bytes: 99999999", f"{_PLACE}.max_bytes: "),
    ("ok_exit: [0, 1]", "ok_exit: [true]", "502.yaml: steps.proxy.config.ok_exit.0: "),
    ("ok_exit: [0, 1]", "ok_exit: [-1]", "502.yaml: steps.proxy.config.ok_exit.0: "),
    ("root: first", "needs: [service.unti]", f"{_PLACE}.needs: no value 'service.unti'"),
    ("run: [ss, -Hltnp]", "run: [ss, -Hltnp], script: probe.sh", f"{_PLACE}: needs exactly one of 'run', 'script' and 'probe'"),
    ("run: [ss, -Hltnp], ", "", f"{_PLACE}: needs exactly one of 'run', 'script' and 'probe'"),
    ("run: [ss, -Hltnp]", "run: [ss], args: [x]", f"{_PLACE}.args: goes with 'script'; put arguments into 'run'"),
    ("run: [ss, -Hltnp]", 'run: ["{{ service.name }}"]', f"{_PLACE}.run: the program's name must be written out, not a template"),
    ("run: [ss, -Hltnp]", 'run: ["{# x #}ss"]', f"{_PLACE}.run: the program's name must be written out, not a template"),
    ("run: [ss, -Hltnp]", 'run: [sudo, -n, "{{ service.name }}"]', f"{_PLACE}.run: the program's name must be written out, not a template"),
    ("run: [ss, -Hltnp]", 'run: [ss], otherwise: [["{{ service.data | each }}"]]', f"{_PLACE}.run: the program's name must be written out, not a template"),
    ("run: [ss, -Hltnp]", "run: [ss], otherwise: [[]]", f"{_PLACE}.run: empty; name a program"),
    ("run: [ss, -Hltnp]", 'run: [""]', f"{_PLACE}.run: empty; name a program"),
    ("run: [ss, -Hltnp]", "run: [-x]", f"{_PLACE}.run: a program's name may not begin with '-'"),
    ("run: [ss, -Hltnp]", 'run: [ss, "{{ service.unti }}"]', f"{_PLACE}: template '{{{{ service.unti }}}}'"),
    ("run: [ss, -Hltnp]", 'run: [ss, "{{ service.unit"]', f"{_PLACE}: template '{{{{ service.unit'"),
    ("run: [ss, -Hltnp]", "run: [ss, \"{{ ''.__class__ }}\"]", f"{_PLACE}: template"),
    ("run: [ss, -Hltnp]", 'run: [ss, "{{ range(9) }}"]', f"{_PLACE}: template"),
    ("script: probe.sh", "script: prob.sh", "502.yaml: steps.proxy.script.script: no file 'prob.sh' in scripts/; did you mean 'probe.sh'?"),
    ("script: probe.sh", "script: ../502.yaml", "502.yaml: steps.proxy.script.script: no file '../502.yaml' in scripts/"),
    ("script: probe.sh", "script: /etc/passwd", "502.yaml: steps.proxy.script.script: no file '/etc/passwd' in scripts/"),
    ("script: probe.sh", "script: [_sya.sh, probe.sh]", "502.yaml: steps.proxy.script.script: no file '_sya.sh' in scripts/"),
    ("script: probe.sh", "script: []", "502.yaml: steps.proxy.script.script"),
    ("script: probe.sh", "script: .", "502.yaml: steps.proxy.script.script: no file '.' in scripts/"),
    ("groups:", "include: [_bas]\ngroups:", "502.yaml: include: no file '_bas.yaml'"),
    ("groups:", "include: [../x]\ngroups:", "502.yaml: include: no file 'x.yaml'"),
    ("groups:", "include: ['502']\ngroups:", "502.yaml: include: an included file may not include others; list it in 502.yaml"),
    ("root: first", "gives: config", f"{_PLACE}.gives: step 'config' gives another kind of fact under that name"),
    ("root: first", "gives: config", f"{_PLACE}.gives: both it and 'config' would be asked; let each need another fleet value"),
    ("title: nginx", "titel: nginx", "502.yaml: titel: unknown key; did you mean 'title'?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), _MISTAKES, ids=[new for _, new, _ in _MISTAKES])
def test_a_mistake_is_told_with_file_key_and_way_out(old: str, new: str, says: str, folder: Path) -> None:
    _change(folder, old, new)

    told = _refusal(folder)

    assert says in told
    assert all(line.startswith("502.yaml:") for line in told.splitlines()), told


def test_every_mistake_of_a_runbook_is_told_at_once(folder: Path) -> None:
    _change(folder, "parse: listening_sockets", "parse: sockets")
    _change(folder, "after: [config]", "after: [later]")
    _change(folder, "{{ nginx.config }}", "{{ nginx.confg }}")

    assert len(_refusal(folder).splitlines()) == 4


def test_files_that_include_each_other_are_refused(folder: Path) -> None:
    (folder / "_a.yaml").write_text("include: [_b]\n")
    (folder / "_b.yaml").write_text("include: [_a]\n")
    _change(folder, "groups:", "include: [_a]\ngroups:")

    assert "_a.yaml: include: an included file may not include others; list it in 502.yaml" in _refusal(
        folder
    )


def test_a_file_outside_of_the_folder_is_not_included(folder: Path) -> None:
    (folder.parent / "x.yaml").write_text("groups: {x: X}\n")
    _change(folder, "groups:", "include: [../x]\ngroups:")

    assert "502.yaml: include: no file 'x.yaml'" in _refusal(folder)


def test_an_included_step_with_the_same_id_is_refused(folder: Path) -> None:
    (folder / "_base.yaml").write_text(
        "steps: {proxy: {config: {title: again, run: [true]}}}\n".replace("true", "'true'")
    )
    _change(folder, "groups:", "include: [_base]\ngroups:")

    assert "502.yaml: steps.proxy.config: the id stands twice; rename one" in _refusal(folder)


@pytest.mark.parametrize("mark", ["{{ service.unit }}", "{% if x %}"])
def test_a_script_with_template_marks_is_refused(mark: str, folder: Path) -> None:
    (folder / "scripts" / "probe.sh").write_text(f"echo {mark}\n")

    assert "scripts/probe.sh: holds template marks; a script gets values as arguments only" in _refusal(
        folder
    )


def test_a_script_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "scripts" / "probe.sh").write_bytes(b"echo \xff\n")

    assert "scripts/probe.sh: cannot be read as UTF-8 text" in _refusal(folder)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("risk: medium", "risk: huge", "risk: "),
        ("title: restart the app\n", "", "title: missing; add it"),
        ("undo:", "undoo:", "undoo: unknown key; did you mean 'undo'?"),
        ("Restarts {{ service.unit }}", "Restarts {{ service.unti }}", "does: template "),
        ('target: "{{ service.unit }}"', 'target: "{{ unit }}"', "target: template "),
        ("needs: [service.unit]", "needs: [service.unti]", "needs: no value 'service.unti'"),
        ('restart, "{{ service.unit }}"', 'restart, "{{ service }"', "run: template "),
        ("systemctl, restart, ", "", "run: the program's name must be written out, not a template"),
        ('[sudo, -n, systemctl, restart, "{{ service.unit }}"]', "[]", "run: empty; name a program"),
        ('  - [sudo, -n, systemctl, restart, "{{ service.unit }}"]', "  []", "run: "),
    ],
)
def test_a_mistake_in_a_remedy_is_told(old: str, new: str, says: str, folder: Path) -> None:
    _change(folder, old, new, file="remedies/restart_unit.yaml")

    assert f"remedies/restart_unit.yaml: {says}" in _refusal(folder)


def test_the_fleets_own_command_may_be_a_remedy(folder: Path) -> None:
    _change(
        folder,
        'systemctl, restart, "{{ service.unit }}"',
        '"{{ service.release.rollback | each }}"',
        file="remedies/restart_unit.yaml",
    )

    assert load(folder, _NAMES).remedies["restart_unit"].run[0][2] == "{{ service.release.rollback | each }}"


def test_a_folder_without_runbooks_is_told(folder: Path) -> None:
    (folder / "502.yaml").unlink()

    assert "holds no runbook; add one, e.g. 502.yaml" in _refusal(folder)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such folder of runbooks; set RUNBOOK_BOT_RUNBOOKS"):
        load(tmp_path / "nowhere", _NAMES)


def test_a_runbook_without_steps_is_told(folder: Path) -> None:
    (folder / "empty.yaml").write_text("title: nothing\n")

    assert "empty.yaml: steps: empty; a runbook asks something" in _refusal(folder)


def test_a_rule_may_do_without_a_step_that_it_needs_not(folder: Path) -> None:
    _change(folder, "    config: {title", "    other: {title")
    _change(folder, "after: [config]", "after: [other]")

    assert "other" in _runbook_steps(load(folder, _NAMES))


def test_the_projects_own_checklist_has_every_step_that_its_rules_look_at() -> None:
    runbook = load(Path(__file__).parents[2] / "runbooks").runbooks["502"]
    steps, names = {step.id for step in runbook.steps}, names_of_code()

    asked = {(cause, step) for cause in runbook.causes for step in names.rules[cause]}

    assert {one for one in asked if one[1] not in steps} == set()


def test_the_projects_own_runbooks_are_right() -> None:
    catalog = load(Path(__file__).parents[2] / "runbooks")

    assert "502" in catalog.runbooks
    assert {"restart_unit", "rollback_release"} <= set(catalog.remedies)
