"""`docker compose up --build` for real: people at the page, the bot in its image, hosts with systemd."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.support.compose import Stack, running
from tests.support.people import APPROVER, REQUESTER, People, has_button, words_of

# The first build takes minutes.
pytestmark = [pytest.mark.engine, pytest.mark.timeout(1800)]

RELEASE = "/srv/shop/current"
_GET = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9502/{}', timeout=5).read().decode())"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running() as started:
        yield started


@pytest.fixture
async def people(stack: Stack) -> AsyncIterator[People]:
    """At the page, with nothing broken before or after."""
    mend(stack)
    seen = People(stack.page_url)
    yield seen
    await seen.aclose()
    mend(stack)


def mend(stack: Stack) -> None:
    stack.run("web-01", "ln", "-sfn", "releases/1", RELEASE)
    stack.run("web-01", "systemctl", "reset-failed", "shop.service")
    stack.run("web-01", "systemctl", "start", "shop.service")


async def ask(people: People, host: str = "web-01") -> str:
    """Ask in the channel; ts of the incident's root message."""
    before = {one["ts"] for one in await people.messages()}
    answer = await people.command(f"/502 {host}")
    assert answer["ok"], answer

    def root(seen: list[dict[str, Any]]) -> str | None:
        new = [one for one in seen if one["ts"] not in before and not one["thread_ts"]]
        return next((one["ts"] for one in new if f"502 · {host}" in words_of(one)), None)

    return str(await people.until(root))


async def in_thread(people: People, root: str, words: str, *, within_s: float = 60) -> str:
    """All words of the first message of the thread that has these."""
    found = await people.until(
        lambda seen: [words_of(one) for one in seen if one["thread_ts"] == root and words in words_of(one)],
        within_s=within_s,
    )
    return str(found[0])


async def approve(people: People, root: str, *, user: str = APPROVER) -> None:
    card = await people.until(
        lambda seen: next(
            (one for one in seen if one["thread_ts"] == root and has_button(one, "approve")), None
        )
    )
    answer = await people.click(card, "approve", user=user)
    assert answer["ok"], answer


async def test_a_healthy_host_is_said_to_be_healthy(people: People) -> None:
    root = await ask(people, "web-02")

    assert "healthy" in await in_thread(people, root, "Verdict on web-02")


async def test_a_stopped_app_is_started_by_two_people(stack: Stack, people: People) -> None:
    stack.run("web-01", "systemctl", "stop", "shop.service")

    root = await ask(people)
    assert "app_stopped_by_hand" in await in_thread(people, root, "Verdict on web-01")
    assert "start shop.service" in await in_thread(people, root, "Approval needed")
    await approve(people, root)
    await in_thread(people, root, "Checked again: healthy", within_s=90)

    assert stack.run("web-01", "systemctl", "is-active", "shop.service").strip() == "active"


async def test_who_asked_cannot_approve(stack: Stack, people: People) -> None:
    stack.run("web-01", "systemctl", "stop", "shop.service")

    root = await ask(people)
    await approve(people, root, user=REQUESTER)
    await people.until(
        lambda seen: [one for one in seen if "somebody else must approve it" in words_of(one)], user=REQUESTER
    )

    assert stack.run("web-01", "systemctl", "is-active", "shop.service", fails=True).strip() == "inactive"
    await approve(people, root)
    await in_thread(people, root, "Checked again: healthy", within_s=90)


async def test_a_bad_release_is_rolled_back(stack: Stack, people: People) -> None:
    stack.run("web-01", "ln", "-sfn", "releases/2", RELEASE)
    stack.run("web-01", "systemctl", "restart", "shop.service")
    stack.wait_until_said("web-01", "shop_payments", "journalctl", "-u", "shop.service", "-n", "20")

    root = await ask(people)
    assert "deploy_bad_release" in await in_thread(people, root, "Verdict on web-01")
    assert "shop-rollback" in await in_thread(people, root, "Approval needed")
    await approve(people, root)
    await in_thread(people, root, "Checked again: healthy", within_s=90)

    assert stack.run("web-01", "readlink", RELEASE).strip() == "releases/1"


@pytest.mark.parametrize("service", ["bot", "slack", "db"])
def test_a_service_is_nobody_and_can_write_nowhere(stack: Stack, service: str) -> None:
    assert stack.inspect(service, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.Privileged}}") == "true false"
    assert stack.inspect(service, "{{.HostConfig.CapDrop}}") == "[ALL]"
    assert stack.inspect(service, "{{.Config.User}}") not in {"", "root", "0"}
    assert stack.run(service, "id", "-u").strip() != "0"
    for path in ("/opt/x", "/usr/x", "/etc/x", "/home/x"):
        said = stack.run(service, "touch", path, fails=True)
        assert "Read-only file system" in said or "Permission denied" in said, said
    # The process itself, not the one that is let in to look.
    status = dict(line.split(":", 1) for line in stack.run(service, "cat", "/proc/1/status").splitlines())
    assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
    assert status["NoNewPrivs"].strip() == "1"


def test_not_even_root_could_write_in_the_bots_container(stack: Stack) -> None:
    said = stack.compose("exec", "-T", "--user", "0", "bot", "touch", "/opt/x", fails=True)

    assert "Read-only file system" in said


def test_the_bot_has_no_pip_and_no_compiler(stack: Stack) -> None:
    for program in ("pip", "pip3", "gcc", "cc", "curl", "ssh"):
        stack.run("bot", "sh", "-c", f"command -v {program}", fails=True)


def test_the_bot_cannot_read_the_hosts_private_keys(stack: Stack) -> None:
    assert "denied" in stack.run("bot", "ls", "/keys/web-01", fails=True)


def test_the_bot_says_that_it_is_ready_and_what_it_did(stack: Stack) -> None:
    said = json.loads(stack.run("bot", "python3", "-c", _GET.format("readyz")))
    counted = stack.run("bot", "python3", "-c", _GET.format("metrics"))

    assert said == {"ready": True, "why_not": {"ledger": None, "claims": None, "slack": None}}
    assert "runbook_bot_slack_connections 2.0" in counted
    assert "web-0" not in counted


def test_the_log_is_json_and_the_hosts_are_as_doctor_wants_them(stack: Stack) -> None:
    for line in stack.log("bot"):
        assert "event" in json.loads(line)
    for host in ("web-01", "web-02"):
        assert "missing" not in stack.run("bot", "runbook-bot", "doctor", host)


def test_the_ledger_is_whole(stack: Stack) -> None:
    assert "ok" in stack.run("bot", "runbook-bot", "audit", "verify").lower()


def test_the_role_of_the_bot_can_only_append(stack: Stack) -> None:
    table = "runbook_bot.entry"
    for statement in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET seq = 1",
        f"DROP TABLE {table}",
        f"TRUNCATE {table}",
    ):
        said = stack.run(
            "db", "env", "PGPASSWORD=appends-only", "psql", "--host", "127.0.0.1", "--username", "ledger_bot",
            "--dbname", "ledger", "--command", statement, fails=True,
        )  # fmt: skip
        assert "denied" in said or "must be owner" in said, said
