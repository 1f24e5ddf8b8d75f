"""docker-compose.yml keeps the bot small: no root, nothing to write on, nothing open beyond this machine.

What it does when it runs is in tests/live/test_compose.py, by `make compose-test`.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import catalog, fleet, policyfile
from bot.settings import Settings, shipped_runbooks

ROOT = Path(__file__).parents[1]
STACK: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = STACK["services"]
#: Stand-ins for people's own servers: systemd needs its rights there.
HOSTS = {"web-01", "web-02"}
OURS = sorted(set(SERVICES) - HOSTS)
DOCKERFILES = sorted(ROOT.glob("**/Dockerfile"))
FILES = [
    ROOT / "docker-compose.yml",
    *DOCKERFILES,
    *sorted(path for path in ROOT.glob("deploy/**/*") if path.is_file() and path.name != "Dockerfile"),
]


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Instruction and its words, continued lines joined, comments left out."""
    lines = [line for line in dockerfile.read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(line.split()[0], line.split(None, 1)[1]) for line in joined.splitlines() if line.strip()]


def stages(dockerfile: Path) -> dict[str, list[tuple[str, str]]]:
    """Name of each stage -> its instructions with those of the stage it builds on before them."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for instruction, words in instructions(dockerfile):
        if instruction == "FROM":
            base, _, name = words.partition(" AS ")
            name = name or "last"
            found[name] = list(found.get(base, []))
        found[name].append((instruction, words))
    return found


def test_the_services_are_the_ones_the_page_tells_of() -> None:
    assert set(SERVICES) == {"bot", "bot-2", "slack", "db", "migrate", "keys"} | HOSTS
    assert SERVICES["bot-2"]["profiles"] == ["replicas"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_has_no_rights_it_does_not_need(name: str) -> None:
    service = SERVICES[name]

    assert "privileged" not in service
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["CHOWN"] if name == "keys" else [])
    assert service["tmpfs"] == ["/tmp"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_reaches_the_engine_or_the_machine(name: str) -> None:
    mounts = [str(mount).split(":")[0] for mount in SERVICES[name].get("volumes", ())]

    assert [one for one in mounts if one not in STACK["volumes"] and not one.startswith("./deploy/")] == []
    assert not {"pid", "ipc", "devices", "userns_mode"} & set(SERVICES[name])
    assert SERVICES[name].get("network_mode", "service:slack") in {"service:slack", "none"}


def test_only_the_page_is_open_and_only_on_this_machine() -> None:
    opened = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert opened == {"slack": ["127.0.0.1:${PAGE_PORT:-8502}:8502"]}


def test_the_bot_and_the_ledgers_owner_are_different_roles() -> None:
    bot, owner = (SERVICES[name]["environment"]["RUNBOOK_BOT_LEDGER"] for name in ("bot", "migrate"))

    assert "//ledger_bot:" in bot
    assert "//ledger_owner:" in owner
    assert "ledger_bot" in SERVICES["migrate"]["command"]


def test_every_setting_that_is_given_is_one() -> None:
    given = {
        name for one in SERVICES.values() for name in one.get("environment", ()) if "RUNBOOK_BOT" in name
    }

    assert given <= {f"RUNBOOK_BOT_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", ["bot", "bot-2", "slack", "db"])
def test_what_serves_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_two_bots_in_one_network_listen_on_different_ports() -> None:
    ports = [SERVICES[name]["environment"]["RUNBOOK_BOT_HEALTH_PORT"] for name in ("bot", "bot-2")]

    assert len(set(ports)) == 2


@pytest.mark.parametrize("name", ["bot", "local-slack"])
def test_an_image_ends_as_a_user_without_rights(name: str) -> None:
    users = [words for instruction, words in stages(ROOT / "Dockerfile")[name] if instruction == "USER"]

    assert users[-1] == "10502:10502"


def test_the_databases_image_ends_as_its_own_user() -> None:
    users = [
        words for instruction, words in instructions(ROOT / "deploy/db/Dockerfile") if instruction == "USER"
    ]

    assert users == ["postgres"]


def test_the_image_of_the_bot_is_installed_from_the_lock_with_hashes() -> None:
    runs = " ".join(
        words for instruction, words in stages(ROOT / "Dockerfile")["build"] if instruction == "RUN"
    )

    assert "--require-hashes --only-binary :all: -r requirements.lock" in runs
    assert "uninstall --quiet --yes pip" in runs


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_images_build_on_one_base_and_copy_what_is_there(dockerfile: Path) -> None:
    context = ROOT if dockerfile.parent == ROOT else dockerfile.parent
    names = set(stages(dockerfile))
    bases = {words.split()[0] for instruction, words in instructions(dockerfile) if instruction == "FROM"}
    copied = [
        source
        for instruction, words in instructions(dockerfile)
        if instruction == "COPY" and "--from" not in words
        for source in words.split()[:-1]
    ]

    assert bases - names == {"debian:bookworm-slim"}
    assert [source for source in copied if not (context / source).exists()] == []
    if context == ROOT:
        let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
        assert {source.split("/")[0] for source in copied} <= let_in


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_names_an_index_a_registry_or_a_server_elsewhere(path: Path) -> None:
    text = path.read_text()

    far = [host for host in re.findall(r"://([^/\s\"'{}]+)", text) if host.split("@")[-1].split(":")[0] not in
           {"127.0.0.1", "db"}]  # fmt: skip
    assert far == []
    assert not re.search(r"--(extra-)?index-url|--trusted-host|--find-links", text)
    assert [one for one in re.findall(r"image: (\S+)", text) if "/" in one or "." in one] == []


def test_the_fleet_of_the_stack_loads_and_lets_somebody_else_approve(tmp_path: Path) -> None:
    for name in ("id_runbook", "known_hosts"):
        (tmp_path / name).touch()
    written = (ROOT / "deploy/compose/fleet.yaml").read_text().replace("/keys/", f"{tmp_path}/")
    (tmp_path / "fleet.yaml").write_text(written)

    hosts, section = fleet.load(tmp_path / "fleet.yaml")
    remedies = catalog.load(shipped_runbooks()).remedies
    policy = policyfile.load(section, fleet=hosts, remedies=remedies, name="fleet.yaml")

    assert set(hosts.hosts) == HOSTS
    assert {"start_unit", "rollback_release"} <= policy.rules[0].actions
    assert "requester" not in policy.groups["sre"].people
