"""Rule socket_permission."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "socket_permission",
            error_log=error(
                "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
                level="crit",
                upstream="http://unix:/run/myapp/app.sock:/",
            ),
            socket_files="worker\t33\t33 33\npath\tsocket\t600\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
        )
    )

    assert answer.cause == "socket_permission"
    assert answer.certainty is Certainty.CONFIRMED
    assert "mode 600" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "the modes let nginx in": {
        "error_log": "",
        "socket_files": "worker\t33\t33 33\npath\tsocket\t666\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "nginx was denied though the modes let it in": {
        "error_log": error(
            "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
            upstream="http://unix:/run/myapp/app.sock:/",
        ),
        "socket_files": "worker\t33\t33 33\npath\tsocket\t666\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "there is no socket": {"error_log": error(REFUSED), "socket_files": "worker\t33\t33\n"},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("socket_permission", **texts)

    assert not isinstance(answer, Finding), answer
