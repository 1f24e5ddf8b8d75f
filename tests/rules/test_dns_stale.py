"""Rule dns_stale."""

# lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, probe, quoted

CONFIG = "server { location / { proxy_pass http://app.internal:3000; } }"
STALE = error(REFUSED, upstream="http://172.18.0.4:3000/")
NOW_WELL = probe("answered", status=200, address="app.internal:3000")


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(ask("dns_stale", error_log=STALE, config=CONFIG, upstreams=NOW_WELL))

    assert answer.cause == "dns_stale"
    assert answer.certainty is Certainty.LIKELY
    assert "172.18.0.4:3000" in quoted(answer)
    assert (answer.restart.effect, answer.restart.what) == (RestartEffect.HELPS, "nginx")


_REACHED = error("upstream SSL certificate verify error", upstream="https://172.18.0.4:3000/")
NOT_SO = {
    "nginx has reached the address since, and something else is wrong": {
        "error_log": STALE + _REACHED.replace("11:59:58", "11:59:59"),
        "config": CONFIG,
        "upstreams": NOW_WELL,
    },
    "the files name an address": {
        "error_log": STALE,
        "config": CONFIG.replace("app.internal", "172.18.0.4"),
        "upstreams": NOW_WELL,
    },
    "the name does not answer either": {
        "error_log": STALE,
        "config": CONFIG,
        "upstreams": probe("refused", address="app.internal:3000"),
    },
    "nginx connects": {"error_log": "", "config": CONFIG, "upstreams": NOW_WELL},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("dns_stale", **texts)

    assert not isinstance(answer, Finding), answer
