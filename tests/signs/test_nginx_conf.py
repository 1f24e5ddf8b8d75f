"""Excerpts of nginx's configuration."""

import pytest

from bot.model.sign import Piece
from bot.signs import nginx_conf


def _signs(text: str, kind: str) -> list[dict[str, str]]:
    piece = Piece(text=text)
    return [dict(sign.fields) for reader in nginx_conf.READERS for sign in reader(piece) if sign.kind == kind]


@pytest.mark.parametrize(
    ("line", "target", "protocol"),
    [
        ("proxy_pass http://127.0.0.1:3000;", "127.0.0.1:3000", "http"),
        ("proxy_pass http://cart/api/;", "cart:80", "http"),
        ("proxy_pass https://api.example;", "api.example:443", "https"),
        ("proxy_pass http://unix:/run/shop/web.sock:/x;", "unix:/run/shop/web.sock", "http"),
        ("proxy_pass http://[::1]:4000;", "[::1]:4000", "http"),
        ("fastcgi_pass unix:/run/php/fpm.sock;", "unix:/run/php/fpm.sock", "fastcgi"),
        ("uwsgi_pass 127.0.0.1:3031;", "127.0.0.1:3031", "uwsgi"),
        ("grpc_pass grpc://pricing:50051;", "pricing:50051", "grpc"),
        ("proxy_pass http://app:80", "app:80", "http"),
    ],
)
def test_each_pass_says_what_it_dials_and_how(line: str, target: str, protocol: str) -> None:
    dialled = _signs(f"location / {{\n  {line}\n}}", "dials")

    assert [(one["target"], one["protocol"]) for one in dialled] == [(target, protocol)]


def test_a_group_gives_its_servers_and_not_its_name() -> None:
    servers = "server 10.0.0.4:8080 weight=2;\n  server cart;\n  server 10.0.0.5:80 down;"
    text = f"upstream pool {{\n  {servers}\n}}\nproxy_pass http://pool;"

    assert [one["target"] for one in _signs(text, "dials")] == ["10.0.0.4:8080", "cart:80"]
    assert {"directive": "server_down", "value": "10.0.0.5:80"} in _signs(text, "conf")


def test_a_comment_dials_nothing() -> None:
    assert _signs("  # proxy_pass http://old:1;\nproxy_read_timeout 5s;", "dials") == []


def test_a_simple_variable_is_put_in_and_one_that_is_not_set_is_no_address() -> None:
    assert [one["target"] for one in _signs("set $up cart;\nproxy_pass http://$up:5000;", "dials")] == [
        "cart:5000"
    ]
    assert _signs("proxy_pass http://$target;", "dials") == []


def test_a_virtual_hosts_own_server_block_is_no_upstream_server() -> None:
    assert (
        _signs("server {\n  listen 80;\n  server_name a.example;\n  proxy_buffering off;\n}", "dials") == []
    )


def test_settings_that_rules_ask_for_are_given_with_their_values() -> None:
    given = _signs("keepalive 32;\nproxy_ssl_server_name on;\nresolver 127.0.0.11 valid=5s;", "conf")

    assert [(one["directive"], one["value"]) for one in given] == [
        ("keepalive", "32"),
        ("proxy_ssl_server_name", "on"),
        ("resolver", "127.0.0.11 valid=5s"),
    ]
