"""Which part of nginx's configuration serves a site, where a variable says where its requests go."""

import pytest

from bot.parsers.nginx_config import NginxConfig
from bot.rules._site import addresses_of_site, names_of
from tests.support.asked import fact

_FILES = """# configuration file /etc/nginx/nginx.conf:
http {{
  map $host $mapped {{ default 127.0.0.1:3001; a.example.org unix:/run/a.sock; }}
  split_clients $remote_addr $split {{ 50% blue; * green; }}
  upstream blue {{ server 127.0.0.1:3002; }}
  upstream green {{ server 127.0.0.1:3003; }}
  server {{ server_name shop; {} }}
  server {{ server_name pay; location / {{ proxy_pass http://127.0.0.1:3009; }} }}
}}
"""


def _config(inside: str) -> NginxConfig:
    config = fact("config", _FILES.format(inside))
    assert isinstance(config, NginxConfig)
    return config


@pytest.mark.parametrize(
    ("inside", "addresses"),
    [
        ("location / { proxy_pass http://$mapped; }", {"127.0.0.1:3001", "unix:/run/a.sock"}),
        ("location / { proxy_pass http://$split; }", {"127.0.0.1:3002", "127.0.0.1:3003"}),
        ("set $to 127.0.0.1:3004; location / { proxy_pass http://$to; }", {"127.0.0.1:3004"}),
        ("location / { proxy_pass http://$arg_to; }", set()),
    ],
    ids=["map", "split_clients", "set", "by nobody"],
)
def test_a_variable_leads_where_the_files_say(inside: str, addresses: set[str]) -> None:
    assert addresses_of_site(_config(inside), "shop") == addresses


@pytest.mark.parametrize(
    ("inside", "is_foreign"),
    [
        ("location / { proxy_pass http://$split; }", True),
        ("location / { proxy_pass http://$arg_to; }", True),
        ("root /srv/shop;", False),
    ],
    ids=["by a variable that is told", "by one that is not", "passes nothing on"],
)
def test_another_sites_line_is_foreign_to_a_site_that_passes_requests_on(
    inside: str, *, is_foreign: bool
) -> None:
    names = names_of(_config(inside), "shop")

    assert names.are_foreign("pay", address="127.0.0.1:3009", client="10.0.0.9") is is_foreign
    assert not names.are_foreign("shop", address="127.0.0.1:3009", client="10.0.0.9")
