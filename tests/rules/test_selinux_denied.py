"""Rule selinux_denied."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import REFUSED, ask, error, finding, quoted


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "selinux_denied",
            error_log=error(
                "connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream"
            ),
            selinux="Enforcing",
            kernel_log='[Fri Nov 20 11:59:58 2026] audit: type=1400 avc:  denied  { name_connect } for pid=5 comm="nginx" dest=3000\n',
        )
    )

    assert answer.cause == "selinux_denied"
    assert answer.certainty is Certainty.CONFIRMED
    assert "avc:  denied" in quoted(answer)
    assert answer.restart.effect is RestartEffect.USELESS


NOT_SO = {
    "SELinux does not enforce": {
        "error_log": error(
            "connect() to 127.0.0.1:3000 failed (13: Permission denied) while connecting to upstream"
        ),
        "selinux": "Disabled",
    },
    "the socket mode denies it": {
        "error_log": error(
            "connect() to unix:/run/myapp/app.sock failed (13: Permission denied) while connecting to upstream",
            upstream="http://unix:/run/myapp/app.sock:/",
        ),
        "selinux": "Enforcing",
        "socket_files": "worker\t33\t33 33\npath\tsocket\t600\tmyapp\tmyapp\t990\t990\t/run/myapp/app.sock\npath\tdirectory\t755\tmyapp\tmyapp\t990\t990\t/run/myapp\n",
    },
    "nothing was denied": {"error_log": error(REFUSED), "selinux": "Enforcing"},
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("selinux_denied", **texts)

    assert not isinstance(answer, Finding), answer
