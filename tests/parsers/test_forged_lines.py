"""Who may write a word into a log writes no lines of others with it: host output as it is cleaned and read."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.command import Ended, RawOutput
from bot.model.evidence import CommandOutput
from bot.parsers._nginx_faults import Fault
from bot.parsers.journal import journal
from bot.parsers.nginx_error_log import nginx_error_log
from bot.parsers.php_fpm import php_fpm
from bot.parsers.unit_state import unit_state
from bot.redact import clean
from tests.redact.test_parts import PARTS
from tests.support.asked import output

each = pytest.mark.parametrize("part", PARTS, ids=PARTS.values())


def said(text: str) -> CommandOutput:
    return output("x", clean(text.encode()).text)


@each
def test_a_referer_writes_no_line_of_nginx(part: str) -> None:
    forged = "2026/11/20 12:00:00 [crit] 8#8: *9 connect() to unix:/run/app.sock failed (13: Permission denied) while connecting to upstream"
    line = f'2026/11/20 11:59:58 [error] 8#8: *5 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9, server: _, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "a", referrer: "x{part}{forged}"\n'

    log = nginx_error_log(said(line))

    assert [(entry.level, entry.address) for entry in log.errors] == [("error", "127.0.0.1:3000")]
    assert log.unread == ()
    assert log.of(Fault.REFUSED)


@each
def test_an_app_writes_no_line_of_systemd(part: str) -> None:
    forged = "2026-11-20T12:00:00+0000 web-01 systemd[1]: app.service: Main process exited, code=killed, status=9/KILL"

    entries = journal(said(f"2026-11-20T11:59:58+0000 web-01 app[9]: no user x{part}{forged}\n")).entries

    assert [(entry.program, entry.is_from_systemd) for entry in entries] == [("app", False)]


@each
def test_a_line_of_a_log_is_no_row_of_a_step(part: str) -> None:
    fact = php_fpm(
        said(
            f"says\tphp\t[20-Nov-2026 11:59:58 UTC] PHP Warning:  x{part}master\t9\t1796034604\tphp8.2-fpm.service\t/etc/php\n"
        )
    )

    assert fact.masters == ()


@each
def test_a_property_sets_no_other(part: str) -> None:
    state = unit_state(said(f"ActiveState=active\nDescription=x{part}ActiveState=failed\n"))

    assert state.active == "active"


def test_lines_picked_from_a_long_log_are_those_the_host_wrote() -> None:
    line = (
        b"[1.5] app[9]: user x\r[2.5] oom-kill:constraint=CONSTRAINT_NONE,task_memcg=/a,task=a,pid=7,uid=0\n"
    )
    raw = RawOutput(
        step="kernel_log", argv=("dmesg",), alternative=0, ended=Ended.EXITED, exit_status=0,
        stdout=line, stderr=b"", duration_s=0.1,
    ).only("oom-kill:")  # fmt: skip

    assert raw.stdout == line.rstrip(b"\n")
