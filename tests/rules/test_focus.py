"""What speaks of now and of the service asked about, shown by the verdict it leads to."""

import pytest

from bot.model.evidence import Evidence, HostClock
from bot.parsers.nginx_config import NginxConfig
from bot.parsers.nginx_error_log import NginxErrorLog
from bot.rules._focus import focus
from bot.rules._site import addresses_of_site
from tests import test_judge
from tests.support import asked

_FRESH = asked.unit(ActiveEnterTimestamp="Fri 2026-11-20 11:59:57 UTC")


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("upstream sent too big header while reading response header from upstream", "header_too_big"),
        (asked.REFUSED, "healthy"),
    ],
)
def test_in_its_first_seconds_an_app_may_refuse_but_does_not_send_a_header_that_is_too_big(
    message: str, cause: str
) -> None:
    log = asked.error(message)

    assert test_judge.verdict_of(front=asked.WELL, unit=_FRESH, error_log=log).cause == cause


def _answered(second: int, status: int = 200) -> str:
    return f'127.0.0.1 - - [20/Nov/2026:11:59:{second} +0000] "GET / HTTP/1.1" {status} 9 "-" "x"\n'


@pytest.mark.parametrize(
    ("access", "upstreams", "is_healthy"),
    [
        (_answered(58, 502) + _answered(59), asked.WELL, True),
        (_answered(58, 502), asked.WELL, False),
        (_answered(50) + _answered(58, 502), asked.WELL, False),
        (
            _answered(58, 502) + _answered(59),
            asked.probe("answered", status=200, address="127.0.0.1:9"),
            False,
        ),
    ],
    ids=["until it answers", "it never did", "it had answered", "elsewhere"],
)
def test_an_app_may_refuse_for_as_long_as_it_takes_to_start(
    access: str, upstreams: str, *, is_healthy: bool
) -> None:
    slow = asked.unit(ActiveEnterTimestamp="Fri 2026-11-20 11:59:20 UTC")

    verdict = test_judge.verdict_of(
        front=asked.WELL,
        unit=slow,
        upstreams=upstreams,
        error_log=asked.error(asked.REFUSED),
        access_log=access,
    )

    assert verdict.is_healthy is is_healthy, verdict.says


def test_of_requests_that_fail_now_and_then_the_last_failure_is_not_set_aside_for_a_good_one_after_it() -> (
    None
):
    def request(second: int, status: int) -> str:
        return f'10.0.0.9 - - [20/Nov/2026:11:59:{second} +0000] "GET / HTTP/1.1" {status} 9 "-" "x"\n'

    log = asked.error("upstream prematurely closed connection while reading response header from upstream")

    verdict = test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.WELL,
        unit=asked.unit(),
        error_log=log,
        access_log=request(57, 200) + request(58, 502) + request(59, 200),
    )

    assert verdict.cause == "premature_close_crash"


_SITES = (
    "access_log /var/log/nginx/access.log; error_log /var/log/nginx/error.log; "
    "server { listen 80 default_server; server_name _; location / { proxy_pass http://127.0.0.1:3000; } }"
    "server { listen 80; server_name shop.example; location / { proxy_pass http://unix:/run/shop/app.sock; }}"
)
_SHOP_IS_ILL = asked.probe("missing", address="unix:/run/shop/app.sock")
_CART = '10.0.0.9 - - [20/Nov/2026:11:59:58 +0000] "GET /cart HTTP/1.1" 500 9 "-" "x"\n'


def test_a_neighbour_that_is_ill_makes_no_trouble() -> None:
    verdict = test_judge.verdict_of(
        front=asked.WELL,
        upstreams=asked.WELL + _SHOP_IS_ILL,
        unit=asked.unit(),
        config=_SITES,
        error_log="",
        access_log=_CART,
        socket_files="worker\t33\t33\nmissing\t/run/shop/app.sock\nmissing\t/run/shop\n",
        unix_listeners="u_str LISTEN 200 128 /run/shop/app.sock 36197 * 0\n",
        listeners=asked.listens() + asked.listens("127.0.0.1:4000", waiting=200),
    )

    assert verdict.is_healthy, verdict.says


def test_failures_in_a_log_of_its_own_are_the_sites() -> None:
    alone = _SITES.partition("server { listen 80; server_name shop")[0]

    verdict = test_judge.verdict_of(
        front=asked.WELL,
        upstreams=asked.WELL,
        unit=asked.unit(),
        config=alone,
        error_log="",
        access_log=_CART,
    )

    assert "/cart" in verdict.says


def test_good_answers_of_a_neighbour_do_not_speak_for_a_new_release() -> None:
    link = "link\t/srv/app/current\treleases/2\t1795175700\nrelease\t1\t1\nrelease\t2\t2\n"
    seen = {
        "front": asked.probe("answered", status=502, address="127.0.0.1:80"),
        "upstreams": asked.probe("refused")
        + asked.probe("answered", status=200, address="unix:/run/shop/app.sock"),
        "unit": asked.crashing(),
        "changes": link,
        "access_log": _CART.replace(" 500 ", " 200 "),
        "app_journal": asked.said("ModuleNotFoundError: No module named 'payments_v2'"),
    }

    assert test_judge.verdict_of(config=_SITES, **seen).cause == "deploy_bad_release"
    assert test_judge.verdict_of(
        config=_SITES.partition("server { listen 80; server_name shop")[0], **seen
    ).cause == ("app_crash_startup")


@pytest.mark.parametrize(
    ("server", "upstream", "client", "is_theirs"),
    [
        ("gone.example", "http://127.0.0.1:4999/", "203.0.113.9", True),
        ("gone.example", "http://127.0.0.1:3000/", "203.0.113.9", False),
        ("gone.example", "http://127.0.0.1:4999/", "127.0.0.1", False),
        ("shop.example", "http://127.0.0.1:3000/", "203.0.113.9", True),
    ],
)
def test_a_line_of_a_site_that_no_file_names_is_set_apart_unless_it_dials_what_ours_dials(
    server: str, upstream: str, client: str, *, is_theirs: bool
) -> None:
    line = asked.error(
        "upstream sent too big header while reading response header from upstream", upstream=upstream
    )
    line = line.replace("server: _", f"server: {server}").replace("client: 10.0.0.9", f"client: {client}")

    verdict = test_judge.verdict_of(front=asked.WELL, unit=asked.unit(), config=_SITES, error_log=line)

    assert verdict.is_healthy is is_theirs


def test_no_start_is_advised_while_a_full_disk_would_keep_it_from_coming_up() -> None:
    seen = {
        "front": asked.probe("answered", status=502, address="127.0.0.1:80"),
        "upstreams": asked.probe("refused"),
        "unit": asked.stopped(),
        "app_journal": asked.systemd("Stopping myapp.service - My web app...", "Stopped myapp.service."),
    }
    full = "# blocks\n/dev/sda1 40000 40000 0 100% /srv/app\n# inodes\n# places\nplace\tdata\t/srv/app/data\n"

    with_space, without = test_judge.verdict_of(**seen), test_judge.verdict_of(disks=full, **seen)

    assert (with_space.cause, with_space.restart.effect.value) == ("app_stopped_by_hand", "helps")
    assert with_space.remedies == ("start_unit",)
    assert (without.cause, without.restart.effect.value) == ("app_stopped_by_hand", "harmful")
    assert "disk_full" in [finding.cause for finding in without.found]
    assert without.remedies == ()


@pytest.mark.parametrize(
    ("failed", "good", "is_over"),
    [("11:55:00", "11:56:00", True), ("11:55:00", "11:54:00", False), ("11:59:50", "11:59:55", False)],
    ids=["well since", "not asked since", "too soon to tell"],
)
def test_a_failed_request_is_over_once_its_path_has_been_well_for_a_while(
    failed: str, good: str, *, is_over: bool
) -> None:
    def request(at: str, status: int) -> str:
        return f'10.0.0.9 - - [20/Nov/2026:{at} +0000] "GET /a HTTP/1.1" {status} 9 "-" "x"\n'

    log = "".join(sorted([request(failed, 502), request(good, 200)], key=lambda line: line.split()[3]))

    verdict = test_judge.verdict_of(front=asked.WELL, unit=asked.unit(), error_log="", access_log=log)

    assert verdict.is_healthy is is_over, verdict.says


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [("app.example", True), ("*.example", True), (".app.example", True), ("*.app.example", False)],
)
def test_the_site_is_found_by_the_name_nginx_would_choose_for_it(name: str, *, is_ours: bool) -> None:
    config = (
        "server { listen 80 default_server; server_name _; location / { proxy_pass http://127.0.0.1:4000; } }"
        f"server {{ listen 80; server_name {name}; location / {{ proxy_pass http://127.0.0.1:3000; }} }}"
    )
    read = asked.fact("config", config)

    assert isinstance(read, NginxConfig)
    assert addresses_of_site(read, "app.example") == {"127.0.0.1:3000" if is_ours else "127.0.0.1:4000"}


def test_a_stop_within_the_second_of_another_is_not_taken_for_the_same() -> None:
    died = "myapp.service: Main process exited, code=exited, status=1/FAILURE"
    stop = ("Stopping myapp.service...", "Stopped myapp.service.")
    journal = asked.systemd(
        "Started myapp.service", died, "Started myapp.service", *stop, "Started myapp.service", *stop
    )

    verdict = test_judge.verdict_of(
        front=asked.probe("answered", status=502, address="127.0.0.1:80"),
        upstreams=asked.probe("refused"),
        unit=asked.stopped(),
        app_journal=journal,
    )

    assert (verdict.cause, verdict.restart.effect.value) == ("app_stopped_by_hand", "helps")


@pytest.mark.parametrize(("started", "is_healthy"), [("11:59:58", True), ("11:59:57", False)])
def test_an_error_in_the_very_second_of_a_start_is_of_the_app_before(
    started: str, *, is_healthy: bool
) -> None:
    verdict = test_judge.verdict_of(
        front=asked.WELL,
        upstreams=asked.WELL,
        unit=asked.unit(ActiveEnterTimestamp=f"Fri 2026-11-20 {started} UTC"),
        error_log=asked.error("upstream sent too big header while reading response header from upstream"),
    )

    assert verdict.is_healthy is is_healthy


@pytest.mark.parametrize(
    ("tested", "is_invalid"), [("/opt/nginx/conf/nginx.conf", True), ("/etc/nginx/nginx.conf", False)]
)
def test_the_test_of_another_nginx_says_nothing_of_the_one_that_serves(
    tested: str, *, is_invalid: bool
) -> None:
    said = f'nginx: [emerg] unknown directive "x" in a.conf:1\nnginx: configuration file {tested} test failed'
    files = "# configuration file /opt/nginx/conf/nginx.conf:\nuser www;\n"

    verdict = test_judge.verdict_of(front=asked.WELL, unit=asked.unit(), config=files, config_test=said)

    assert ("nginx_config_invalid" in {finding.cause for finding in verdict.found}) is is_invalid


_FILES = """# configuration file /etc/nginx/nginx.conf:
upstream shop { server 127.0.0.1:3000; }
server { location / { proxy_pass http://shop; } }
"""
_BEFORE = asked.error(asked.REFUSED, upstream="http://127.0.0.1:3100/").replace("11:59:58", "11:59:40")
_NOW = asked.error(asked.REFUSED)


def _runs(*pids: int) -> str:
    row = "process\t{0}\tnginx\t33\t/system.slice/nginx.service\t1024\t-\t1795175950\n"
    return "".join(row.format(pid) for pid in pids)


_RESTS = asked.nginx(ActiveState="inactive", SubState="dead")
_BAD = asked.probe("answered", status=502, address="127.0.0.1:80")
_HAPROXY = asked.listens(by="haproxy")
_BY_VARIABLE = _FILES.replace("//shop", "//$pool")
_BY_TLS = asked.error("SSL_do_handshake() failed", upstream="https://127.0.0.1:3000/").replace(":58", ":40")


@pytest.mark.parametrize(
    ("texts", "is_over"),
    [
        ({"error_log": _BEFORE + _NOW}, True),
        ({"error_log": _BEFORE.replace("156#156", "99#99"), "processes": _runs(156)}, True),
        ({"error_log": _BY_TLS + _NOW}, True),
        ({"error_log": _BEFORE, "nginx_unit": _RESTS, "front": asked.probe("refused")}, True),
        ({"error_log": _BEFORE, "nginx_unit": _RESTS, "front": asked.WELL, "listeners": _HAPROXY}, True),
        ({"error_log": _BEFORE, "nginx_unit": _RESTS, "front": _BAD}, False),
        ({"error_log": _BEFORE}, False),
        ({"error_log": _BEFORE, "processes": _runs(156)}, False),
        ({"error_log": _BEFORE + _NOW, "config": _BY_VARIABLE}, False),
        ({"error_log": _NOW.replace("58", "40") + _NOW}, False),
    ],
    ids=[
        "a later error of an address of the files",
        "of a worker that is gone",
        "in another protocol",
        "nginx does not run",
        "another proxy serves in its place",
        "an nginx that the unit does not keep answers",
        "nobody knows",
        "its worker runs",
        "named by a variable",
        "the same address",
    ],
)
def test_what_nginx_dialled_before_it_read_its_files_again_is_over(
    texts: dict[str, str], *, is_over: bool
) -> None:
    given = {"nginx_unit": asked.nginx(), "config": _FILES, **texts}
    evidence = Evidence(
        host="web-01",
        clock=HostClock(now=asked.NOW),
        outputs={},
        facts={step: asked.fact(step, text) for step, text in given.items()},
        gaps=(),
    )

    log = focus(evidence, asked.HOST)["error_log"]

    assert isinstance(log, NginxErrorLog)
    assert any(e.at and e.at.second == 40 for e in log.errors) is not is_over


DENIED = "connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream"
DIALS = "server { location / { proxy_pass http://127.0.0.1:3000; } }"
DIALS_TWO = f"{DIALS} server {{ location / {{ proxy_pass http://127.0.0.1:9; }} }}"


@pytest.mark.parametrize(
    ("config", "access", "is_healthy"),
    [
        (DIALS, _answered(59), True),
        (DIALS, _answered(57), True),
        (DIALS.replace("/ {", "/b {"), _answered(57), False),
        (DIALS_TWO, _answered(59), False),
    ],
    ids=["answered since", "passed on now", "not since", "one of two may still be denied"],
)
def test_who_was_denied_is_let_in_again_once_the_same_path_is_answered(
    config: str, access: str, *, is_healthy: bool
) -> None:
    verdict = test_judge.verdict_of(
        front=asked.WELL,
        unit=asked.unit(),
        config=config,
        selinux="Enforcing",
        error_log=asked.error(DENIED, level="crit"),
        access_log=_answered(58, 502) + access,
    )

    assert verdict.is_healthy is is_healthy, verdict.says


@pytest.mark.parametrize(
    ("worker", "config", "is_healthy"),
    [
        (157, DIALS, True),
        (156, DIALS, False),
        (157, DIALS.replace("3000", "3001"), False),
        (157, DIALS.replace("127.0.0.1:3000", "app:3001"), False),
    ],
    ids=["another now", "by a worker that lives", "the same", "a name"],
)
def test_an_address_that_nginx_dials_no_more_is_no_trouble_of_now(
    worker: int, config: str, *, is_healthy: bool
) -> None:
    verdict = test_judge.verdict_of(
        front=asked.WELL,
        unit=asked.unit(),
        config=config,
        nginx_unit=asked.nginx(),
        processes=f"process\t{worker}\tnginx\t33\t/system.slice/nginx.service\t1024\t-\t1795176000\n",
        error_log=asked.error(asked.REFUSED, upstream="http://127.0.0.1:3001/"),
    )

    assert verdict.is_healthy is is_healthy, verdict.says
