"""Rule fd_limit."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, error, finding, quoted, said, unit


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "fd_limit",
            app_journal=said("accept() failed: [Errno 24] Too many open files"),
            unit=unit(),
        )
    )

    assert answer.cause == "fd_limit"
    assert answer.certainty is Certainty.CONFIRMED
    assert "Too many open files" in quoted(answer)
    assert answer.restart.effect is RestartEffect.TEMPORARY


_NGINX_SAYS = error("socket() failed (24: Too many open files) while connecting to upstream", level="alert")
_PROCESSES = (
    "process\t100\tpython3\t990\t/system.slice/myapp.service\t1024\t-\t1\n"
    "process\t156\tnginx\t33\t/system.slice/nginx.service\t2048\t-\t1\n"
)


def test_of_nginx_its_own_limit_is_quoted_and_not_the_apps() -> None:
    answer = finding(ask("fd_limit", error_log=_NGINX_SAYS, processes=_PROCESSES, unit=unit(), config=""))

    assert "nginx[156]" in quoted(answer)
    assert "python3" not in quoted(answer)
    assert "worker_rlimit_nofile in nginx.conf (a worker has 2048 now)" in (answer.mend or "")


def test_of_nginx_the_directive_is_quoted_where_it_is_set() -> None:
    config = "worker_rlimit_nofile 20;"
    answer = finding(ask("fd_limit", error_log=_NGINX_SAYS, processes=_PROCESSES, config=config))

    assert "worker_rlimit_nofile 20;" in quoted(answer)
    assert "restart of nginx" in (answer.mend or "")


def _unnamed(at: str) -> str:
    return (
        "unit\tshop.service\tactive\trunning\tsuccess\t0\t0\tenabled\t-\t-\t/system.slice/shop.service\n"
        "names\tshop.service\t3000\tExecStart\n"
        f"said\tshop.service\t{at} web-01 python3[9]: accept() failed: [Errno 24] Too many open files\n"
    )


def test_tells_of_the_unit_that_names_what_nginx_dials_where_the_fleet_names_none() -> None:
    answer = finding(ask("fd_limit", likely_units=_unnamed("2026-11-20T11:59:40+0000"), error_log=""))

    assert answer.certainty is Certainty.LIKELY
    assert "shop.service" in answer.says
    assert "Too many open files" in quoted(answer)


NOT_SO = {
    "a unit that no fleet file names said so long ago": {
        "likely_units": _unnamed("2026-11-20T11:40:00+0000"),
    },
    "nobody complains": {"app_journal": said("ready"), "error_log": ""},
    "open descriptors are far below the limit": {
        "app_journal": said("ready"),
        "processes": "process\t100\tpython3\t990\t/system.slice/myapp.service\t1024\t30\t1\n",
    },
}


def test_is_not_ruled_out_by_a_log_that_nobody_could_read() -> None:
    assert ask("fd_limit", app_journal=said("ready")) is None


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("fd_limit", **texts)

    assert not isinstance(answer, Finding), answer
