"""Rule reload_not_applied."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "reload_not_applied",
            error_log=error(
                "connect() failed (111: Connection refused) while connecting to upstream",
                upstream="http://127.0.0.1:3999/",
            ),
            config="server { location / { proxy_pass http://127.0.0.1:3000; } }",
        )
    )

    assert answer.cause == "reload_not_applied"
    assert answer.certainty is Certainty.LIKELY
    assert "127.0.0.1:3999" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HELPS


_OLD = error(REFUSED, upstream="http://127.0.0.1:3999/")
_CONFIG = "server { location / { proxy_pass http://127.0.0.1:3000; } }"


def _worker(pid: int) -> str:
    return f"process\t{pid}\tnginx\t33\t/system.slice/nginx.service\t1024\t-\t1\n"


def test_fires_while_the_worker_that_dials_it_still_runs() -> None:
    later = error(REFUSED).replace("156#156", "157#157")

    answer = finding(
        ask(
            "reload_not_applied",
            error_log=_OLD + later,
            config=_CONFIG,
            processes=_worker(156) + _worker(157),
        )
    )

    assert "127.0.0.1:3999" in quoted(answer)


def test_a_worker_that_lost_its_channel_hears_of_no_reload() -> None:
    lost = (
        "2026/11/20 11:50:58 [alert] 156#156: recvmsg() returned invalid ancillary data level 3 or type 1\n"
    )

    answer = finding(
        ask(
            "reload_not_applied", error_log=lost + _OLD, config=_CONFIG, processes=_worker(156) + _worker(157)
        )
    )

    assert "worker 156" in answer.says
    assert "recvmsg()" in quoted(answer)
    assert "kill -QUIT 156" in (answer.mend or "")
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the worker that dialled it is gone": {
        "error_log": _OLD,
        "config": _CONFIG,
        "processes": _worker(157),
    },
    "nginx has since dialled what its files name, and nobody knows the workers": {
        "error_log": _OLD + error(REFUSED),
        "config": _CONFIG,
    },
    "the address stands in the files": {
        "error_log": error(REFUSED),
        "config": "server { location / { proxy_pass http://127.0.0.1:3000; } }",
    },
    "the files name a host, not an address": {
        "error_log": error(REFUSED),
        "config": "server { location / { proxy_pass http://app.internal:3000; } }",
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("reload_not_applied", **texts)

    assert not isinstance(answer, Finding), answer
