"""Before and after."""

from dataclasses import replace

from bot.model.diff import diff
from bot.model.evidence import Gap, GapKind
from tests.support.incidents import broken, healthy


def test_tells_gone_new_and_staying_causes() -> None:
    wrong_port, disk = broken("wrong_port").found, broken("disk_full").found
    before = replace(broken(), found=(*broken().found, *disk))
    after = replace(broken("wrong_port"), found=(*wrong_port, *disk))

    told = diff(before, after)

    assert (told.gone, told.new, told.stays) == (("upstream_down",), ("wrong_port",), ("disk_full",))
    assert (told.before, told.after) == (before.says, after.says)
    assert not told.is_healthy


def test_tells_when_the_host_is_well_and_what_was_not_seen_this_time() -> None:
    gap = Gap(step="sockets", kind=GapKind.TIMED_OUT, reason="ss took too long")

    told = diff(broken(), replace(healthy(), unchecked=(gap, *broken().unchecked)))

    assert told.is_healthy
    assert told.gone == ("upstream_down",)
    assert told.unchecked == ("sockets",)
