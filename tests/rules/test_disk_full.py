"""Rule disk_full."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "disk_full",
            disks="# blocks\n/dev/vdb 40115 40115 0 100% /srv/app/data\n/dev/vda 900000 100 800000 1% /\n# inodes\n/dev/vdb 240 12 228 5% /srv/app/data\n# places\nplace\tapp\t/srv/app\n",
            app_journal=said("OSError: [Errno 28] No space left on device"),
        )
    )

    assert answer.cause == "disk_full"
    assert answer.certainty is Certainty.CONFIRMED
    assert "100% /srv/app/data" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HARMFUL


NOT_SO = {
    "there is space": {
        "disks": "# blocks\n/dev/vda 900000 100 800000 1% /\n# inodes\n/dev/vda 240 12 228 5% /\n# places\nplace\troot\t/\n",
        "app_journal": said("OSError: [Errno 28] No space left on device"),
    },
    "only an image mount is full": {
        "disks": "# blocks\n/dev/loop3 10 10 0 100% /snap/core\n/dev/vda 900000 100 800000 1% /\n# places\nplace\troot\t/\n"
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("disk_full", **texts)

    assert not isinstance(answer, Finding), answer
