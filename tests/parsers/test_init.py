"""Parser init."""

from datetime import UTC, datetime

from bot.parsers.init import init
from tests.support.asked import output

_TEXT = (
    "init\topenrc\n"
    "service\tnginx\topenrc\tstarted\t-\t-\n"
    "service\tmyapp\topenrc\tcrashed\t-\t3\n"
    "nginx\t1030\t1796096063\n"
    "process\t1292\tpython3\tsupervise-daemo\t1796096202\n"
    "process\tx\tpython3\tinit\t1796096202\n"
    "a line of another shape\n"
)


def test_tells_who_starts_services_and_what_runs() -> None:
    fact = init(output("init", _TEXT))

    assert (fact.kind, fact.is_systemd, fact.is_blind) == ("openrc", False, False)
    assert [(one.name, one.state, one.restarts) for one in fact.services] == [
        ("nginx", "started", None),
        ("myapp", "crashed", 3),
    ]
    assert fact.nginx == ((1030, datetime.fromtimestamp(1796096063, UTC)),)
    assert [one.pid for one in fact.processes] == [1292]
    assert (one := fact.process(1292)) is not None and one.parent == "supervise-daemo"


def test_empty_is_a_host_that_systemd_runs() -> None:
    fact = init(output("init", ""))

    assert fact.is_systemd
    assert fact.service("myapp") is None


def test_tells_that_processes_are_hidden() -> None:
    assert init(output("init", "init\tunknown\nhidden\n")).is_blind
