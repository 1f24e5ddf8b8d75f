"""Which part of nginx's configuration serves a site, where a variable says where its requests go."""

import pytest

from bot.parsers.nginx_config import NginxConfig
from bot.rules._site import addresses_of_site, blocks_of, names_of
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


@pytest.mark.parametrize(
    ("names", "site"),
    [
        ("other.example.org .example.com", "www.example.com"),
        ("*.Example.com", "www.example.com"),
        ("www.example.*", "www.example.com"),
        ("www.example.com", "WWW.example.com"),
        (r"~^(www\.)?example\.com$", "www.example.com"),
        (r'"~^(?<sub>[a-z]{1,9})\.example\.com$"', "www.example.com"),
    ],
    ids=["dot", "star before", "star behind", "case", "expression", "expression with a named group"],
)
def test_a_block_is_found_by_each_kind_of_name(names: str, site: str) -> None:
    config = _sites(f"server_name {names};")

    assert blocks_of(config, site) == _block_of(config, "127.0.0.1:3001")


@pytest.mark.parametrize(
    "name",
    [
        "~^(w+)+example\\.com$",
        "~^(w)\\1\\1.*$",
        "~^.*.*.*.*example.com$",
        "~^www(?<.example$",
        "~^mail",
        "*.example.org",
    ],
    ids=["repeated group", "back reference", "many repeats", "not read", "another", "another's star"],
)
def test_a_name_that_is_not_matched_leaves_the_default_server(name: str) -> None:
    config = _sites(f'server_name "{name}";')

    assert blocks_of(config, "www.example.com") == _block_of(config, "127.0.0.1:3009")


def test_an_exact_name_goes_before_an_expression() -> None:
    config = _sites("server_name ~^www; } server { server_name www.example.com;")

    assert blocks_of(config, "www.example.com") == _block_of(config, "127.0.0.1:3001")


@pytest.mark.parametrize(
    ("first", "second", "port"),
    [
        ("*.example.com", "*.api.example.com", 3001),
        (".api.example.com", "*.com", 3003),
        ("shop.*", "shop.api.example.*", 3001),
        ("~^shop[.]", "~^s", 3003),
    ],
    ids=["star before", "dot", "star behind", "expression"],
)
def test_of_names_of_a_kind_the_one_that_nginx_takes_is_meant(first: str, second: str, port: int) -> None:
    config = _sites(
        f'server_name "{first}"; location / {{ proxy_pass http://127.0.0.1:3003; }} }}'
        f' server {{ server_name "{second}";'
    )

    assert addresses_of_site(config, "shop.api.example.com") == {f"127.0.0.1:{port}"}


def test_a_log_line_calls_a_block_by_its_name_without_the_dot() -> None:
    names = names_of(_sites("server_name .Example.com;"), "www.example.com")

    assert names.ours == "example.com"
    assert not names.are_foreign("example.com", address="127.0.0.1:3007", client="10.0.0.9")


def _sites(inside: str) -> NginxConfig:
    """The default server passes to port 3009, what `inside` opens to 3001."""
    config = fact(
        "config",
        "# configuration file /etc/nginx/nginx.conf:\nhttp { server { listen 80 default_server;"
        " location / { proxy_pass http://127.0.0.1:3009; } }"
        f" server {{ listen 80; {inside} location / {{ proxy_pass http://127.0.0.1:3001; }} }} }}\n",
    )
    assert isinstance(config, NginxConfig)
    return config


def _block_of(config: NginxConfig, address: str) -> frozenset[int | None]:
    return frozenset(d.server for d in config.passes if address in d.arguments[0])
