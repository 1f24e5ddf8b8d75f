"""An envelope that comes twice over Socket Mode, to any of two connections, has one effect."""

from pathlib import Path

from tests.slack.office import office


async def test_a_command_that_is_delivered_twice_is_asked_once(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        assert place.slack.parts.sockets.count == 2
        await place.act("fault", kind="duplicate", count=1)

        await place.people.command("/502 web-01")
        await place.slack.parts.delivery.until(2)
        await place.shown("inc-1", "root")

        sent = [one.parcel.payload["trigger_id"] for one in place.slack.parts.delivery.records]
        assert len(sent) == 2 and len(set(sent)) == 1
        assert len(place.desk.asked) == 1
