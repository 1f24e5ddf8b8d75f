"""How long nginx waits, by the block that says it."""

import pytest

from bot.parsers.nginx_config import nginx_config
from bot.rules._read_timeout import ReadTimeouts
from tests.support.asked import output


def dials(more: str = "") -> str:
    """A place that dials, and what else stands in it."""
    return f"location / {{ fastcgi_pass unix:/run/a.sock; {more} }}"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (f"server {{ {dials('fastcgi_read_timeout 3s;')} }}", 3),
        (f"server {{ {dials()} }}", 60),
        (f"server {{ fastcgi_read_timeout 90; {dials()} }}", 90),
        (f"server {{ fastcgi_read_timeout 90; {dials('fastcgi_read_timeout 1m30s;')} }}", 90),
        (f"http {{ fastcgi_read_timeout 2m; server {{ {dials()} }} }}", 120),
        (f"http {{ fastcgi_read_timeout 2m; server {{ {dials('fastcgi_read_timeout 500ms;')} }} }}", 0.5),
        (f"server {{ {dials()} }} server {{ fastcgi_read_timeout 5s; }}", 60),
        (f"server {{ proxy_read_timeout 5s; {dials()} }}", 60),
        (f"server {{ {dials()} location /a {{ fastcgi_read_timeout 5s; }} }}", 60),
    ],
)
def test_the_innermost_block_decides(text: str, seconds: float) -> None:
    told = ReadTimeouts(nginx_config(output("config", text)))

    assert told.of("unix:/run/a.sock", "fastcgi") == seconds


def test_a_group_of_servers_is_dialled_by_its_name() -> None:
    group = "upstream a { server 127.0.0.1:3000; } "
    text = f"{group} server {{ location / {{ proxy_pass http://a; proxy_read_timeout 7s; }} }}"

    assert ReadTimeouts(nginx_config(output("config", text))).of("127.0.0.1:3000", "http") == 7


@pytest.mark.parametrize(
    "text",
    [
        f"server {{ {dials('fastcgi_read_timeout 3s;')} location /b {{ fastcgi_pass unix:/run/a.sock; }} }}",
        f"{dials()} server {{ fastcgi_read_timeout 5s; }}",
    ],
    ids=["two places differ", "a snippet that some server includes"],
)
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert ReadTimeouts(nginx_config(output("config", text))).of("unix:/run/a.sock", "fastcgi") is None
