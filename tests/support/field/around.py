"""Circumstances under which each fault must be named all the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.field.neighbours import VISITS, neighbour
from tests.support.field.noise import noise, other_site
from tests.support.field.standing import ENV, LOGS, UNIT, Standing

_ROTATE = (
    f"cd {LOGS}; mv error.log error.log.1; mv access.log access.log.1;"
    " kill -USR1 $(cat /run/nginx.pid);"
    " for i in $(seq 600); do [ -e error.log ] && [ -e access.log ] && break; sleep 0.1; done; sleep 0.2; "
)
_SECOND_APP = (
    f"cp {ENV} /etc/myapp/env.second; sed -i '/^APP_PORT=/d' /etc/myapp/env.second;"
    " echo APP_PORT=3005 >>/etc/myapp/env.second;"
    f" sed 's#EnvironmentFile=.*#EnvironmentFile=/etc/myapp/env.second#; /RuntimeDirectory/d'"
    f" /etc/systemd/system/{UNIT} >/etc/systemd/system/second.service;"
    " systemctl daemon-reload; systemctl restart second.service;"
)
_FLOOD = "for i in $(seq 40); do curl -s -o /dev/null -H 'Host: shop.example' http://127.0.0.1/cart; done; "
_ZONE = (
    "cp -a /etc/localtime /etc/localtime.kept || : >/etc/localtime.none;"
    " ln -sfn /usr/share/zoneinfo/Asia/Kolkata /etc/localtime; systemctl restart nginx;"
)
_ASKED_DIRECTLY = {
    "slow-upstream": "read_timeout",
    "premature-close": "closed without an answer",
    "big-header": "answered 200",
    "unix-socket-permission": "mode 600",
}
_NO_MORE = "the fault moves the app to a unix socket, so that the circumstance is gone"


@dataclass(frozen=True, kw_only=True)
class Otherwise:
    """What is expected here instead of what the fault is called elsewhere."""

    cause: str
    proof: str


@dataclass(frozen=True, kw_only=True)
class Around:
    """One circumstance."""

    name: str
    standing: Standing = field(default_factory=Standing)
    #: Shell before the fault, and shell once the fault shows.
    before: str = ""
    after: str = ""
    #: Fault -> why it cannot be had here.
    cannot: Mapping[str, str] = field(default_factory=dict)
    #: Fault -> part of another line that proves it as well: nginx may have asked another server just then.
    proof_too: Mapping[str, str] = field(default_factory=dict)
    #: Fault -> what it is called here.
    otherwise: Mapping[str, Otherwise] = field(default_factory=dict)


AROUND = (
    Around(name="plain"),
    Around(name="noise", before=other_site(), after=noise(10_000)),
    Around(name="rotated", after=_ROTATE),
    Around(name="rotated-packed", after=_ROTATE + "gzip error.log.1 access.log.1; "),
    Around(name="unit", standing=Standing(unit="orders@blue.service")),
    Around(
        name="port",
        standing=Standing(dials=("127.0.0.1:8081",), settings={"APP_PORT": "8081"}),
        cannot={"unix-socket-permission": _NO_MORE},
    ),
    Around(
        name="socket",
        standing=Standing(
            dials=("unix:/run/myapp/app.sock",), settings={"APP_SOCKET": "/run/myapp/app.sock"}
        ),
        otherwise={"wrong-port": Otherwise(cause="socket_missing", proof="No such file")},
    ),
    Around(
        name="ipv6",
        standing=Standing(
            dials=("[::1]:3000",),
            settings={"APP_BIND": "::1"},
            listens=("80 default_server", "[::]:80 default_server"),
            url="http://[::1]/",
        ),
        cannot={"unix-socket-permission": _NO_MORE},
    ),
    Around(
        name="three",
        standing=Standing(
            dials=("127.0.0.1:3000", "127.0.0.1:3005", "127.0.0.1:3002"),
            more=_SECOND_APP,
            has_another_server=True,
        ),
        proof_too=_ASKED_DIRECTLY,
    ),
    Around(
        name="three-same",
        standing=Standing(
            dials=("127.0.0.1:3000", "127.0.0.2:3000", "127.0.0.1:3002"), settings={"APP_BIND": "0.0.0.0"}
        ),
        proof_too=_ASKED_DIRECTLY,
        cannot={"unix-socket-permission": "the app has one socket, so that two servers of three are away"},
    ),
    Around(name="neighbour", before=other_site() + _FLOOD, after=_FLOOD),
    Around(name="neighbour-well", before=neighbour(), after=VISITS),
    Around(name="zone", before=_ZONE),
)
