"""Errors about an upstream that nginx's files name no more, of a worker that is gone."""

import pytest

from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules._dialled_no_more import dialled_now
from tests import test_judge
from tests.support import asked
from tests.support.asked import REFUSED, WELL, error, fact

_TO = "# configuration file /etc/nginx/nginx.conf:\nhttp {{ server {{ location / {{ {} }} }} }}\n"
#: nginx as it runs now; the worker of the errors is 156.
_NOW = "process\t157\tnginx\t33\t/system.slice/nginx.service\t1024\t-\t1795176000\n"


def _is_over(passes: str, upstream: str) -> bool:
    config, log = fact("config", _TO.format(passes)), fact("error_log", error(REFUSED, upstream=upstream))
    assert isinstance(config, NginxConfig)
    assert config.passes
    assert isinstance(log, NginxErrorLog)
    facts = {"nginx_unit": fact("nginx_unit", asked.nginx()), "processes": fact("processes", _NOW)}
    return dialled_now(log.errors, config, facts).is_over(log.errors[0])


FORMER = {
    "another port": ("proxy_pass http://127.0.0.1:8001;", "http://127.0.0.1:8000/"),
    "a port, and now a socket": ("proxy_pass http://unix:/run/gunicorn.sock;", "http://127.0.0.1:8000/"),
    "a socket, and now a name": ("proxy_pass http://app:8000;", "http://unix:/run/gunicorn.sock:/"),
    "a port, and now a name's other one": ("proxy_pass http://app:8001;", "http://127.0.0.1:8000/"),
    "another protocol": ("uwsgi_pass unix:/run/shop.sock;", "http://unix:/run/shop.sock:/"),
}
STILL = {
    "the same": ("proxy_pass http://127.0.0.1:8000;", "http://127.0.0.1:8000/"),
    "the same, by https": ("proxy_pass https://127.0.0.1:8443;", "https://127.0.0.1:8443/"),
    "the same, by uwsgi": ("uwsgi_pass unix:/run/shop.sock;", "uwsgi://unix:/run/shop.sock:"),
    "what localhost is": ("proxy_pass http://localhost:8000;", "http://127.0.0.1:8000/"),
    "maybe a name's": ("proxy_pass http://app:8000;", "http://127.0.0.1:8000/"),
    "maybe a variable's": ("proxy_pass http://$backend;", "http://127.0.0.1:8000/"),
}


@pytest.mark.parametrize(("passes", "upstream"), FORMER.values(), ids=FORMER.keys())
def test_nginx_passes_to_it_no_more(passes: str, upstream: str) -> None:
    assert _is_over(passes, upstream)


@pytest.mark.parametrize(("passes", "upstream"), STILL.values(), ids=STILL.keys())
def test_nginx_may_pass_to_it_still(passes: str, upstream: str) -> None:
    assert not _is_over(passes, upstream)


def test_an_error_about_what_both_files_name_shows_no_reload() -> None:
    config = fact(
        "config", _TO.format("proxy_pass http://a:8001; } location /api { proxy_pass http://127.0.0.1:9000;")
    )
    before = error(REFUSED, upstream="http://127.0.0.1:8000/").replace("11:59:58", "11:59:50")
    log = fact("error_log", before + error(REFUSED, upstream="http://127.0.0.1:9000/api"))
    assert isinstance(config, NginxConfig)
    assert isinstance(log, NginxErrorLog)
    living = _NOW.replace("157", "156")
    facts = {"nginx_unit": fact("nginx_unit", asked.nginx()), "processes": fact("processes", living)}

    assert not dialled_now(log.errors, config, facts).is_over(log.errors[0])


def test_a_host_is_well_as_soon_as_nginx_passes_its_requests_to_where_they_are_served() -> None:
    failed = '10.0.0.9 - - [20/Nov/2026:11:59:58 +0000] "GET / HTTP/1.1" 502 157 "-" "curl"\n'
    closed = error(
        "upstream prematurely closed connection while reading response header from upstream",
        upstream="http://unix:/run/shop.sock:/",
    )

    verdict = test_judge.verdict_of(
        front=WELL,
        config=_TO.format("uwsgi_pass unix:/run/shop.sock;"),
        nginx_unit=asked.nginx(),
        processes=_NOW,
        error_log=closed,
        access_log=failed,
    )

    assert verdict.is_healthy, verdict.says
