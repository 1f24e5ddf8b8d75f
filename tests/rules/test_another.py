"""Whose fault a proof tells: the app's, a store's, an agent's, a neighbour's."""

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import Certainty
from bot.rules import _deeper

_REFUSED = 'connect() failed (111: Connection refused) while connecting to upstream, upstream: "http://10.2.0.4:80{}/"'


def restarted(*texts: str) -> tuple[str, str, str]:
    verdict = diagnose([Piece(text=text) for text in texts])
    return verdict.cause, verdict.restart.answer, verdict.restart.what


@pytest.mark.parametrize("name", ["postgresql@15-main", "MariaDB 11 database server", "redis", "mongod"])
def test_a_store_is_no_app(name: str) -> None:
    assert _deeper.is_store(name)
    assert not _deeper.is_app_unit(name)


@pytest.mark.parametrize("name", ["node_exporter", "filebeat", "snmpd", "nightly-backup", "celery"])
def test_what_keeps_the_host_is_no_app(name: str) -> None:
    assert _deeper.is_agent(name)
    assert not _deeper.is_app_unit(name)


@pytest.mark.parametrize("name", ["shop", "grafana", "gunicorn", "feedback", "postgrest", "redis-commander"])
def test_what_may_answer_pages_is_an_app(name: str) -> None:
    assert _deeper.is_app_unit(name)


@pytest.mark.parametrize(
    ("killed", "what"), [("mysqld", "MySQL"), ("redis-server", "Redis"), ("gunicorn", "app"), ("node", "app")]
)
def test_a_restart_is_of_the_program_that_was_killed(killed: str, what: str) -> None:
    kill = f"[91.3] Out of memory: Killed process 7 ({killed}) total-vm:9kB, anon-rss:9kB"

    assert restarted(kill, _REFUSED.format("00")) == ("oom_kill", "Only for a while", what)


def test_of_a_neighbours_container_no_restart_is_advised() -> None:
    boxes = (
        "CONTAINER ID   IMAGE     COMMAND    CREATED       STATUS                  PORTS      NAMES\n"
        'aaaa11112222   kasse:9   "node ."   3 hours ago   Up 3 hours              8080/tcp   kasse-api-1\n'
        'bbbb11112222   forum:2   "node ."   3 weeks ago   Exited (137) 2 weeks ago           forum-api-1'
    )

    _, answer, _ = restarted(boxes, _REFUSED.format("80"))

    assert answer not in ("Yes", "Only for a while")


@pytest.mark.parametrize(("unit", "what"), [("mariadb", "MySQL"), ("shop", "app")])
def test_a_start_is_of_what_was_stopped(unit: str, what: str) -> None:
    stopped = (
        f"Mar 05 10:11:01 web systemd[1]: Stopped {unit}.\n"
        f"● {unit}.service - {unit}\n   Active: inactive (dead) since Thu 2026-03-05 10:11:01 UTC; 4min ago"
    )

    assert restarted(stopped, _REFUSED.format("00")) == ("app_stopped_by_hand", "Yes", what)


@pytest.mark.parametrize(("ended", "is_told"), [("kasse-migrate-1", False), ("kasse-api-2", True)])
def test_a_container_that_is_through_is_not_the_app_that_is_up(ended: str, *, is_told: bool) -> None:
    boxes = (
        "CONTAINER ID   IMAGE     COMMAND    CREATED       STATUS                PORTS      NAMES\n"
        'aaaa11112222   kasse:9   "node ."   3 hours ago   Up 3 hours            8080/tcp   kasse-api-1\n'
        f'bbbb11112222   kasse:9   "node ."   3 hours ago   Exited (0) 2 hours ago           {ended}'
    )

    verdict = diagnose([Piece(text=boxes), Piece(text=_REFUSED.format("80"))])

    sure = {one.cause for one in verdict.found if one.certainty is not Certainty.POSSIBLE}
    assert ("app_stopped_by_hand" in sure) is is_told
