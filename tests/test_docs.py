"""What the documentation shows is true: links lead somewhere, examples load and run, commands exist."""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot import catalog, fleet, policyfile, yamlfile
from bot.catalog.names import names_of_code
from bot.catalog.schema import RemedyPart
from bot.checked import check
from bot.cli import cli
from bot.errors import ParseError
from bot.model.evidence import CommandOutput
from bot.model.verdict import Finding, RuledOut
from bot.parsers.resources import resources
from bot.settings import Settings, shipped_runbooks

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    ROOT.glob("docs/**/*.md")
)
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.M | re.S)


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Page and text of every fenced block in a language."""
    for page in PAGES:
        for kind, text in _FENCE.findall(page.read_text()):
            if kind == language:
                yield named(page), text


YAML = list(blocks("yaml"))


def of_file(folder: str) -> list[tuple[str, str]]:
    """YAML blocks whose first line names a file there."""
    return [(page, text) for page, text in YAML if text.startswith(f"# {folder}")]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())

    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        targets = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        found = [(page.parent / target).resolve() for target in targets]
        inside = [each for folder in found if folder.is_dir() for each in folder.glob("*.md")]
        waiting += [each for each in [*found, *inside] if each.suffix == ".md" and each not in seen]

    assert [named(page) for page in PAGES if page not in seen] == []


def test_every_yaml_example_says_which_file_it_is() -> None:
    kinds = ("# fleet.yaml", "# runbooks/", "# policy-tests.yaml")

    assert [page for page, text in YAML if not text.startswith(kinds)] == []


@pytest.mark.parametrize(("page", "text"), of_file("fleet.yaml"), ids=lambda value: value[:30])
def test_a_fleet_file_as_shown_works(page: str, text: str, tmp_path: Path) -> None:
    for name in ("id_runbook", "id_act", "known_hosts"):
        (tmp_path / name).touch()
    (tmp_path / "fleet.yaml").write_text(text)

    hosts, section = fleet.load(tmp_path / "fleet.yaml")
    remedies = catalog.load(shipped_runbooks()).remedies
    policy = policyfile.load(section, fleet=hosts, remedies=remedies, name=page)

    assert "web-01" in hosts.hosts
    assert bool(policy.rules) == ("policy:" in text)


def test_a_policys_table_as_shown_is_met_by_the_fleet_file_of_its_page(tmp_path: Path) -> None:
    ((page, table),) = of_file("policy-tests.yaml")
    ((_, text),) = [one for one in of_file("fleet.yaml") if one[0] == page]
    for name in ("id_runbook", "known_hosts"):
        (tmp_path / name).touch()
    (tmp_path / "fleet.yaml").write_text(text)
    (tmp_path / "table.yaml").write_text(table)
    hosts, section = fleet.load(tmp_path / "fleet.yaml")
    remedies = catalog.load(shipped_runbooks()).remedies
    policy = policyfile.load(section, fleet=hosts, remedies=remedies, name=page)

    # A Monday, so that a row without a time of its own meets no freeze of the example.
    rows = policyfile.run_table(
        tmp_path / "table.yaml", policy, hosts, now=datetime(2026, 6, 8, 10, tzinfo=UTC)
    )

    assert len(rows) > 5
    assert [row for row in rows if not row.is_ok] == []


def test_a_runbook_and_a_remedy_as_shown_work(tmp_path: Path) -> None:
    shown = [*of_file("runbooks/")]
    for folder in ("scripts", "remedies"):
        (tmp_path / folder).mkdir()
        for file in (shipped_runbooks() / folder).iterdir():
            (tmp_path / folder / file.name).write_bytes(file.read_bytes())
    (tmp_path / "_host_basics.yaml").write_bytes((shipped_runbooks() / "_host_basics.yaml").read_bytes())
    names = [text.splitlines()[0].removeprefix("# runbooks/") for _, text in shown]
    for name, (_, text) in zip(names, shown, strict=True):
        (tmp_path / name).write_text(text)

    loaded = catalog.load(tmp_path)

    assert names == ["remedies/clear_cache.yaml", "down.yaml"]
    assert loaded.runbooks["down"].remedies["oom_kill"] == ("restart_unit",)
    assert "clear_cache" in loaded.remedies
    assert check(RemedyPart, yamlfile.read(tmp_path / names[0]), name=names[0]).needs == ("service.unit",)


def example(page: str) -> dict[str, object]:
    """Names that the page's Python example defines."""
    ((_, text),) = [block for block in blocks("python") if block[0] == page]
    space: dict[str, object] = {"__name__": "bot.example"}
    exec(compile(text, page, "exec"), space)
    return space


def output(stdout: str) -> CommandOutput:
    return CommandOutput(step="x", argv=("x",), exit_status=0, stdout=stdout, stderr="")


def test_the_parser_as_shown_reads_its_own_sample() -> None:
    space = example("docs/howto/parser.md")
    parse = space["load_average"]
    assert callable(parse)

    assert parse(output("3.02 2.67 1.58 4/177 1815\n")).one_minute == 3.02
    with pytest.raises(ParseError):
        parse(output("cat: no such file"))


@pytest.mark.parametrize(("load", "kind"), [("9.00", Finding), ("0.10", RuledOut), ("3.00", type(None))])
def test_the_rule_as_shown_fires_and_is_ruled_out(load: str, kind: type) -> None:
    rule = example("docs/howto/rule.md")["cpu_short"]
    assert callable(rule)

    facts = resources(output(f"# loadavg\n{load} 1.00 1.00 1/100 99\n# cpus\n2\n"))

    assert isinstance(rule(facts), kind)


def words_after(program: str) -> set[str]:
    """What stands behind a program's name anywhere in the documentation, up to two words."""
    text = "\n".join(page.read_text() for page in PAGES)
    return set(
        re.findall(
            rf"(?<![\w@./-]){program} ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", text.replace(".venv/bin/", "")
        )
    )


def test_every_command_that_is_named_exists() -> None:
    root = typer.main.get_command(cli)
    known = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        known |= {f"{name} {inner}" for inner in command.commands} if hasattr(command, "commands") else {name}

    said = {words for words in words_after("runbook-bot") if not {words, words.split()[0]} & known}

    assert said == set()


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    text = "\n".join(page.read_text() for page in PAGES)

    named_targets = set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.M))

    assert named_targets
    assert named_targets <= targets
    assert targets - {"lint-ruff", "lint-format", "lint-types", "lint-layers"} == set(
        re.findall(r"echo 'make ([\w-]+)", makefile)
    ) | {"help"}


def test_every_variable_that_is_named_is_a_setting() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    known = {f"RUNBOOK_BOT_{name.upper()}" for name in Settings.model_fields}

    named_variables = set(re.findall(r"RUNBOOK_BOT_[A-Z_]+", text))

    assert named_variables - known - {"RUNBOOK_BOT_TEST_FLEET"} == set()


def test_layers_are_drawn_as_they_are_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    checked = [re.findall(r"\w+", layer) for layer in contracts[0]["layers"]]
    drawing = (ROOT / "docs/architecture.md").read_text().split("## Layers")[1].split("```")[1]
    flat = [name for layer in checked for name in layer]

    drawn = [
        word
        for word in re.findall(r"\w+", re.sub(r"\(.*?\)| {6,}what.*| {6,}fold.*", "", drawing))
        if word in flat
    ]

    assert sorted(drawn) == sorted(flat)
    above = {name: index for index, layer in enumerate(checked) for name in layer}
    assert [above[name] for name in drawn] == sorted(above[name] for name in drawn)


def test_causes_in_the_texts_are_causes() -> None:
    text = "\n".join(page.read_text() for page in PAGES if page.parent.name != "reference")
    known = {
        *names_of_code().rules,
        "host_key_changed",
        "host_key_unknown",
        "host_unreachable",
        "ssh_auth_failed",
        "cpu_short",
    }

    named_causes = set(re.findall(r"^ *(?:1\. )?([a-z]+_[a-z_]+)  +|1\. ([a-z_]+) \(confirmed", text, re.M))

    assert named_causes
    assert {name for pair in named_causes for name in pair if name} <= known


def test_the_readme_opens_with_the_two_commands() -> None:
    first = (ROOT / "README.md").read_text().split("```")[1].split("\n")

    assert [line.split("#")[0].strip() for line in first if line] == ["make demo", "make test"]


def test_the_readmes_exit_statuses_are_the_commands() -> None:
    said = CliRunner().invoke(cli, ["check", "--help"]).stdout

    assert "0 healthy, 1 trouble, 2 could not check" in " ".join(said.split())
