"""Rule selinux_denied."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, WELL, ask, error, finding, probe, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "selinux_denied",
            error_log=error(
                "connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream"
            ),
            selinux="Enforcing",
            kernel_log='[Fri Nov 20 11:59:58 2026] audit: type=1400 avc:  denied  { name_connect } for pid=5 comm="nginx" dest=3000\n',
        )
    )

    assert answer.cause == "selinux_denied"
    assert answer.certainty is Certainty.CONFIRMED
    assert "avc:  denied" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


TCP = error(
    "connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream", level="crit"
)
UNIX = error(
    "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
    level="crit",
    upstream="http://unix:/run/myapp/app.sock:/",
)
OFF, ON = "boolean\thttpd_can_network_connect off\n", "boolean\thttpd_can_network_connect on\n"
AVC = 'denied\ttype=AVC msg=audit(1796083517.123:4711): avc:  denied  {{ {} }} for  pid=7518 comm="{}" {} scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:{}:s0 tclass={} permissive={}\n'
PORT = AVC.format("name_connect", "nginx", "dest=3000", "ntop_port_t", "tcp_socket", 0)
JOURNAL = "denied\t2026-11-20T11:59:58+0000 web-01 setroubleshoot[913]: SELinux is preventing /usr/sbin/nginx from name_connect access on the tcp_socket port 3000. For complete SELinux messages run: sealert -l 84e0b04d-d0ad-4347-8317-22e74f6cd020\n"
FILE = AVC.format("write", "nginx", 'name="app.sock" dev="tmpfs" ino=9', "var_run_t", "sock_file", 0)
DOMAIN = AVC.format(
    "connectto", "nginx", 'path="/run/myapp/app.sock"', "unconfined_service_t", "unix_stream_socket", 0
)


@pytest.mark.parametrize(
    ("logged", "told", "mend"),
    [
        (TCP, OFF + PORT, "setsebool -P httpd_can_network_connect 1"),
        (TCP, OFF + JOURNAL, "semanage port -m -t http_port_t -p tcp 3000"),
        (TCP, ON + PORT, "is on already"),
        (UNIX, OFF + FILE, "semanage fcontext -a -t httpd_var_run_t '/run/myapp(/.*)?'"),
        (UNIX, OFF + FILE + DOMAIN, "audit2allow -M"),
    ],
    ids=["port", "setroubleshoot", "the boolean is on", "socket file", "who listens"],
)
def test_what_auditd_keeps_proves_it_and_leads_to_the_mend(logged: str, told: str, mend: str) -> None:
    answer = finding(ask("selinux_denied", error_log=logged, selinux="Enforcing\n" + told))

    assert answer.certainty is Certainty.CONFIRMED
    assert answer.next_check is None
    assert mend in (answer.mend or "")
    assert told.splitlines()[-1].partition("\t")[2] in quoted(answer)


def test_a_denial_alone_leads_to_it_where_nginxs_log_is_not_read() -> None:
    told = "Enforcing\n" + PORT
    answer = finding(ask("selinux_denied", selinux=told, front=probe("answered", status=502), upstreams=WELL))

    assert answer.certainty is Certainty.LIKELY


@pytest.mark.parametrize(
    "told",
    [
        AVC.format("name_connect", "nginx", "dest=3000", "ntop_port_t", "tcp_socket", 1),
        AVC.format("name_connect", "nginx", "dest=9200", "wap_wsp_port_t", "tcp_socket", 0),
        AVC.format("name_connect", "php-fpm", "dest=3000", "ntop_port_t", "tcp_socket", 0),
        AVC.format("read", "nginx", 'name="index.html"', "user_home_t", "file", 0),
    ],
    ids=["only noted", "another port", "another program", "a page"],
)
def test_a_denial_of_something_else_does_not_make_it_sure(told: str) -> None:
    answer = finding(ask("selinux_denied", error_log=TCP, selinux="Enforcing\n" + told))

    assert answer.certainty is Certainty.LIKELY


NOT_SO = {
    "it was denied, and the site is well again": {"selinux": "Enforcing\n" + PORT, "front": WELL},
    "it was denied, and now the app refuses": {
        "selinux": "Enforcing\n" + PORT,
        "front": probe("answered", status=502),
        "upstreams": probe("refused"),
    },
    "nginx says nothing of it": {
        "selinux": "Enforcing\n" + PORT,
        "front": probe("answered", status=502),
        "upstreams": WELL,
        "error_log": error(REFUSED),
    },
    "nothing of it was denied while the site fails": {
        "selinux": "Enforcing\n" + AVC.format("read", "nginx", "", "user_home_t", "file", 0),
        "front": probe("answered", status=502),
    },
    "SELinux does not enforce": {
        "error_log": error(
            "connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream"
        ),
        "selinux": "Disabled",
    },
    "the socket mode denies it": {
        "error_log": error(
            "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
            upstream="http://unix:/run/myapp/app.sock:/",
        ),
        "selinux": "Enforcing",
        "socket_files": "worker\t33\t33 33\npath\tsocket\t600\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "nothing was denied": {"error_log": error(REFUSED), "selinux": "Enforcing"},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("selinux_denied", **texts)

    assert not isinstance(answer, Finding), answer
