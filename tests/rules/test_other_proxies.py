"""Another proxy on the host is looked through, and is not taken for nginx or for the app."""

import pytest

from bot.parsers.http_probes import HttpProbes
from bot.rules import _other_proxies
from tests.support.asked import fact, unit


def probe(address: str, status: int, detail: str = "", path: str = "/") -> str:
    return f"probe\thttp\t{address}\t{path}\tanswered\t{status}\t1\t3\t135\t{detail}\n"


def sockets(**names: str) -> str:
    rows = names.items()
    return "".join(
        f'LISTEN 0 511 0.0.0.0:{port.removeprefix("p")} 0.0.0.0:* users:(("{name}",pid=7,fd=4))\n'
        for port, name in rows
    )


def looked(nginx: str = "active", **texts: str) -> dict[str, object]:
    sub = "running" if nginx == "active" else "dead"
    texts = {"nginx_unit": unit(Id="nginx.service", ActiveState=nginx, SubState=sub), **texts}
    facts = {step: fact(step, text) for step, text in texts.items()}
    _other_proxies.look_through(facts)
    return facts


def addresses(facts: dict[str, object], step: str = "upstreams") -> list[str]:
    found = facts[step]
    assert isinstance(found, HttpProbes)
    return [p.address for p in found.probes]


def test_the_app_is_what_stands_behind_the_proxy_that_nginx_dials() -> None:
    facts = looked(
        front=probe("127.0.0.1:80", 503),
        upstreams=probe("127.0.0.1:8082", 503),
        behind=probe("127.0.0.1:3000", 500, "behind haproxy"),
        listeners=sockets(p80="nginx", p8082="haproxy"),
    )

    assert addresses(facts) == ["127.0.0.1:3000"]


def test_a_proxy_that_nginx_does_not_dial_changes_nothing() -> None:
    facts = looked(
        front=probe("127.0.0.1:80", 200),
        upstreams=probe("127.0.0.1:3000", 200),
        behind=probe("127.0.0.1:5000", 500, "behind haproxy"),
        listeners=sockets(p80="nginx", p9000="haproxy", p3000="python3"),
    )

    assert addresses(facts) == ["127.0.0.1:3000"]


def test_nginx_behind_the_proxy_is_not_the_app() -> None:
    facts = looked(
        front=probe("127.0.0.1:80", 503),
        upstreams=probe("127.0.0.1:3000", 500),
        behind=probe("127.0.0.1:8080", 502, "behind haproxy"),
        listeners=sockets(p80="haproxy", p8080="nginx", p3000="python3"),
    )

    assert addresses(facts) == ["127.0.0.1:3000"]


@pytest.mark.parametrize(
    ("name", "nginx", "by"),
    [
        ("haproxy", "inactive", "HAProxy"),
        ("apache2", "inactive", "Apache"),
        ("python3", "inactive", "python3"),
        ("nginx", "active", ""),
        ("python3", "active", ""),
    ],
)
def test_who_answers_in_nginx_place_is_named(name: str, nginx: str, by: str) -> None:
    facts = looked(nginx, front=probe("127.0.0.1:80", 200), listeners=sockets(p80=name))
    front = facts["front"]

    assert isinstance(front, HttpProbes)
    assert front.probes[0].by == by


def test_an_app_that_has_nginx_address_itself_is_the_app() -> None:
    facts = looked("inactive", front=probe("127.0.0.1:80", 500), listeners=sockets(p80="gunicorn"))

    assert addresses(facts) == ["127.0.0.1:80"]
