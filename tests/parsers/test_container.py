"""What Docker says of a container, as the unit and the journal that it stands for."""

# ruff: noqa: E501  # lines stand as Docker prints them

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import ParseError
from bot.parsers.container_events import REMOVED, container_events
from bot.parsers.container_log import container_log
from bot.parsers.container_state import container_state
from bot.parsers.containers import containers
from bot.parsers.unit_state import Keeper, UnitState
from tests.support.asked import output

RUNS = {
    "ID": "2e55c2ac3f9c8284c00c5b5debbeecbc5dacb1fe852b9910109839bdd8c27c8d",
    "Name": "/shop",
    "Status": "running",
    "ExitCode": "0",
    "OOMKilled": "false",
    "Error": '""',
    "Pid": "403",
    "StartedAt": "2026-11-20T11:00:00.121280959Z",
    "FinishedAt": "0001-01-01T00:00:00Z",
    "RestartCount": "0",
    "RestartPolicy": "unless-stopped",
    "Memory": "0",
    "PortBindings": '{"8000/tcp":[{"HostIp":"127.0.0.1","HostPort":"8000"}],"9/udp":[{"HostIp":"","HostPort":"9"}]}',
    "Ports": "{}",
}
ENDED = {"Status": "exited", "FinishedAt": "2026-11-20T11:30:00.5Z", "Pid": "0"}


def state(**changed: str) -> UnitState:
    text = "\n".join(f"{name}={value}" for name, value in {**RUNS, **changed}.items())
    return container_state(output("container", text))


def test_a_running_container_is_a_running_unit() -> None:
    unit = state()

    assert (unit.name, unit.is_running, unit.main_pid, unit.restarts) == ("shop", True, 403, 0)
    assert unit.keeper is Keeper.DOCKER and unit.container is not None
    assert unit.started_at == datetime(2026, 11, 20, 11, 0, 0, 121280, tzinfo=UTC)
    assert unit.exited_at is None
    assert [(one.host, one.port, one.inner) for one in unit.container.published] == [
        ("127.0.0.1", 8000, 8000)
    ]
    assert unit.state() == {
        "invocation of shop": "2e55c2ac3f9c started 2026-11-20T11:00:00.121280959Z",
        "restarts by itself of shop": "0",
    }


#: changes -> ActiveState, Result, CLD_ code and status in systemd's words.
STATES = {
    "stopped, which Docker would have started again": (ENDED, ("inactive", "success", 1, 0)),
    "stopped, and its program took TERM for an error": (
        {**ENDED, "ExitCode": "1"},
        ("inactive", "success", 1, 1),
    ),
    "stopped while it kept dying": (
        {**ENDED, "ExitCode": "1", "RestartCount": "5"},
        ("inactive", "exit-code", 1, 1),
    ),
    "ended with an error, and no policy": (
        {**ENDED, "ExitCode": "1", "RestartPolicy": "no"},
        ("failed", "exit-code", 1, 1),
    ),
    "ended by TERM, and no policy": (
        {**ENDED, "ExitCode": "143", "RestartPolicy": "no"},
        ("inactive", "success", 2, 15),
    ),
    "killed, and no policy": (
        {**ENDED, "ExitCode": "137", "RestartPolicy": "no"},
        ("failed", "signal", 2, 9),
    ),
    "out of memory": (
        {**ENDED, "ExitCode": "137", "OOMKilled": "true", "RestartPolicy": "no"},
        ("failed", "oom-kill", 2, 9),
    ),
    "waits for its next start": (
        {"Status": "restarting", "ExitCode": "1", "RestartCount": "3"},
        ("activating", "exit-code", 1, 1),
    ),
    "the program is not there": (
        {"Status": "created", "ExitCode": "127", "Error": '"exec: no such file"'},
        ("failed", "exit-code", 1, 203),
    ),
    "a shell in it does not find the program": (
        {**ENDED, "ExitCode": "127", "RestartPolicy": "no"},
        ("failed", "exit-code", 1, 127),
    ),
    "never started": ({"Status": "created"}, ("inactive", "success", 1, 0)),
    "paused": ({"Status": "paused"}, ("active", "success", 0, 0)),
}


@pytest.mark.parametrize(("changed", "expected"), STATES.values(), ids=STATES.keys())
def test_its_state_is_put_into_the_words_of_systemd(
    changed: dict[str, str], expected: tuple[str, str, int, int]
) -> None:
    unit = state(**changed)

    assert (unit.active, unit.result, unit.exit_code, unit.exit_status) == expected


def test_a_container_that_docker_started_again_is_bound_with_how_often() -> None:
    assert state(RestartCount="2").state()["restarts by itself of shop"] == "2"
    assert state(Status="restarting", RestartCount="2").state() == {}


@pytest.mark.parametrize("text", ["", "Error: No such container: shop\n"])
def test_what_is_no_state_is_not_read(text: str) -> None:
    with pytest.raises(ParseError):
        container_state(output("container", text))


ASKED = ("docker", "inspect", "--type", "container", "--format", "ID={{.ID}}")


@pytest.mark.parametrize("argv", [ASKED, ("sudo", "-n", *ASKED)], ids=["by the login", "as root"])
def test_a_stranger_whose_id_begins_like_the_name_is_not_read(argv: tuple[str, ...]) -> None:
    text = "\n".join(f"{name}={value}" for name, value in RUNS.items())
    told = replace(output("container", text), argv=(*argv, "2e"))

    with pytest.raises(ParseError, match=r"no container '2e': Docker took it for .* told of 'shop'"):
        container_state(told)
    assert container_state(replace(told, argv=(*argv, "shop"))).name == "shop"


def test_both_streams_of_a_log_are_read_in_the_order_of_their_times() -> None:
    out = "2026-11-30T10:47:39.1Z listening\n2026-11-30T10:47:39.300000001Z bye\n"
    err = "2026-11-30T10:47:39.2Z Traceback\n  without a time\n"

    journal = container_log(output("container_log", out, stderr=err))

    assert [entry.message for entry in journal.entries] == [
        "listening",
        "Traceback",
        "  without a time",
        "bye",
    ]
    assert not any(entry.is_from_systemd for entry in journal.entries)


def test_events_are_told_in_the_words_of_systemd() -> None:
    text = (
        "create,at=1796035385141193460\nstart,at=1796035386123752257\nkill,signal=1,at=1796035653073037136\n"
        "kill,signal=15,at=1796035653073037136\ndie,exitCode=137,at=1796035653131222157\n"
        "stop,at=1796035653267678072\nhealth_status: healthy,at=1796035653267678072\n"
        "destroy,at=1796035653267678073\nWARNING: no answer\n"
    )

    journal = container_events(output("container_history", text))

    assert [entry.message for entry in journal.entries] == [
        "Started container.",
        "Stopping container.",
        "Main process exited, code=killed, status=9/",
        "Stopped container.",
        REMOVED,
    ]
    assert journal.entries[1].line == "kill,signal=15,at=1796035653073037136"
    assert journal.entries[0].at == datetime(2026, 11, 30, 10, 43, 6, 123752, tzinfo=UTC)


def test_containers_and_what_leads_to_them() -> None:
    fact = containers(
        output(
            "containers",
            "box\t2e55c2ac3f9c\t403\tpython3\naddress\t2e55c2ac3f9c\t172.17.0.2\n"
            "listens\t2e55c2ac3f9c\t::\t8000\npublishes\t0.0.0.0\t80\t172.17.0.2\t8000\nengine\tdocker.service\tactive\n"
            "row\tCONTAINER ID   IMAGE     COMMAND   CREATED   STATUS   PORTS   NAMES\n"
            'row\t2e55c2ac3f9c   shop:1    "python3 /app/app.py"   7 minutes ago   Up 2 minutes (Paused)   '
            "127.0.0.1:8000->8000/tcp, :::81->81/tcp   shop\n"
            'row\taaaaaaaaaaaa   shop:1    "python3"   7 minutes ago   Exited (0) 2 minutes ago             old\n',
        )
    )

    assert fact.rows is not None
    assert [(row.name, row.is_up) for row in fact.rows] == [("shop", False), ("old", False)]
    assert fact.rows[0].published == (("127.0.0.1", 8000, 8000), ("::", 81, 81))
    box = fact.of_address("172.17.0.2")
    assert box is not None and fact.name_of(box) == "shop"
    assert [one.is_loopback for one in box.on_port(8000)] == [False]
    assert fact.engine == "active"


@pytest.mark.parametrize(
    "command", ['"sh -c \'exec  guni…"', '"sh -c   Up   Created   x"', '"  "', "sh -c exec  gunicorn a..."]
)
@pytest.mark.parametrize("ports", ["", "127.0.0.1:8000->8000/tcp   "])
def test_blanks_in_a_command_move_no_other_column(command: str, ports: str) -> None:
    row = f"row\t2e55c2ac3f9c   shop:1    {command}   7 minutes ago   Up 2 minutes   {ports}shop\n"

    (found,) = containers(output("containers", row)).rows or ()

    assert (found.image, found.status, found.name, found.is_up) == ("shop:1", "Up 2 minutes", "shop", True)
    assert found.published == ((("127.0.0.1", 8000, 8000),) if ports else ())


def test_a_host_without_containers_says_nothing() -> None:
    fact = containers(output("containers", ""))

    assert (fact.boxes, fact.leads, fact.rows, fact.engine) == ((), (), None, "")
