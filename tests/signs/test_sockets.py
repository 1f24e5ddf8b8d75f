"""Tables of sockets, and empty answers where somebody looked for one."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

_LINES = {
    "ss": 'LISTEN 0      511        127.0.0.1:3000      0.0.0.0:*    users:(("node",pid=812,fd=18))',
    "ss with a protocol": 'tcp   LISTEN 0 128 127.0.0.1:3000 0.0.0.0:* users:(("node",pid=812,fd=18))',
    "netstat": "tcp        0      0 127.0.0.1:3000          0.0.0.0:*               LISTEN      812/node",
    "busybox": "tcp        0      0 127.0.0.1:3000          0.0.0.0:*               LISTEN      812/node",
    "lsof": "node     812  app   18u  IPv4  33118      0t0  TCP 127.0.0.1:3000 (LISTEN)",
    "sockstat": "app      node       812   18 tcp4   127.0.0.1:3000        *:*",
}


@pytest.mark.parametrize("form", _LINES)
def test_each_tools_row_says_who_listens_where(form: str) -> None:
    found = read([Piece(text=_LINES[form])]).first("listening")

    assert found is not None
    assert (found["address"], found["port"], found["process"]) == ("127.0.0.1", "3000", "node")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("LISTEN 0 511 *:80 *:*", "*"),
        ("LISTEN 0 511 [::]:80 [::]:*", "::"),
        ("LISTEN 0 511 [::ffff:127.0.0.1]:80 *:*", "127.0.0.1"),
        ("LISTEN 0 511 127.0.0.53%lo:80 0.0.0.0:*", "127.0.0.53"),
        ("tcp6       0      0 :::80      :::*      LISTEN", "::"),
        ("tcp46      0      0  *.80      *.*       LISTEN", "*"),
        ("  TCP    0.0.0.0:80     0.0.0.0:0    LISTENING    4", "0.0.0.0"),  # read, not bound
    ],
)
def test_addresses_lose_their_brackets_and_zones(line: str, address: str) -> None:
    assert [sign["address"] for sign in read([Piece(text=line)]).of("listening")] == [address]


def test_a_unix_socket_has_a_path() -> None:
    text = 'u_str LISTEN 0 2048 /run/shop.sock 88123 * 0 users:(("gunicorn",pid=812,fd=5))'

    found = read([Piece(text=text)]).where("listening", path="/run/shop.sock")

    assert [sign["process"] for sign in found] == ["gunicorn"]


def test_rows_below_an_exec_stand_inside_the_container() -> None:
    text = (
        "$ docker exec app ss -ltn\nLISTEN 0 511 127.0.0.1:3000 0.0.0.0:*\n$ ss -ltn\nLISTEN 0 511 *:80 *:*"
    )

    assert [s["inside"] for s in read([Piece(text=text)]).of("listening")] == ["container", ""]


def test_a_full_queue_is_seen_in_the_row() -> None:
    full = read([Piece(text="LISTEN 129 128 0.0.0.0:8000 0.0.0.0:*")]).first("queue_full")

    assert full is not None
    assert (full["port"], full["waiting"], full["limit"]) == ("8000", "129", "128")
    assert not read([Piece(text="LISTEN 0 128 0.0.0.0:8000 0.0.0.0:*")]).has("queue_full")


@pytest.mark.parametrize(
    "text",
    [
        "$ sudo netstat -tlnp | grep 3000\n$ ",
        "root@web:~# ss -ltnp | grep :3000\nroot@web:~# curl localhost",
        "$ lsof -i :3000\n\n$ date",
    ],
)
def test_an_empty_answer_says_that_nobody_listens(text: str) -> None:
    assert [sign["port"] for sign in read([Piece(text=text)]).of("not_listening")] == ["3000"]


@pytest.mark.parametrize(
    "text",
    [
        "$ ss -ltnp | grep :3000\nLISTEN 0 511 *:3000 *:*",
        "try `ss -ltnp | grep :3000`\nand tell us",
        "ss -ltn",
    ],
)
def test_an_answer_or_advice_says_nothing_of_the_kind(text: str) -> None:
    assert not read([Piece(text=text)]).has("not_listening")
