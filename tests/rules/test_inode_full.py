"""Rule inode_full."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.model.verdict import Certainty, Finding, RestartEffect
from tests.support.asked import ask, finding, quoted, said


def test_fires_and_quotes_what_decides() -> None:
    answer = finding(
        ask(
            "inode_full",
            disks="# blocks\n/dev/vdb 40115 1 40000 1% /srv/app/data\n# inodes\n/dev/vdb 240 240 0 100% /srv/app/data\n# places\nplace\tdata\t/srv/app/data\n",
            app_journal=said("OSError: [Errno 28] No space left on device"),
        )
    )

    assert answer.cause == "inode_full"
    assert answer.certainty is Certainty.CONFIRMED
    assert "240 240 0 100%" in quoted(answer)
    assert answer.restart.effect is RestartEffect.HARMFUL


NOT_SO = {
    "there are inodes left": {
        "disks": "# blocks\n/dev/vda 900000 100 800000 1% /\n# inodes\n/dev/vda 240 12 228 5% /\n# places\nplace\troot\t/\n"
    },
    "blocks are full, inodes are not": {
        "disks": "# blocks\n/dev/vdb 40115 40115 0 100% /srv/app/data\n/dev/vda 900000 100 800000 1% /\n# inodes\n/dev/vdb 240 12 228 5% /srv/app/data\n# places\nplace\tapp\t/srv/app\n"
    },
}


@pytest.mark.parametrize("texts", NOT_SO.values(), ids=NOT_SO.keys())
def test_does_not_fire_when(texts: dict[str, str]) -> None:
    answer = ask("inode_full", **texts)

    assert not isinstance(answer, Finding), answer
