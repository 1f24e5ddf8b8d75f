"""A channel that is shared with another organisation hears nothing more of an incident, which goes on."""

from pathlib import Path

from tests.slack.office import office
from tests.support.incidents import broken, ran
from tests.support.people import words_of


async def test_nothing_more_is_posted_in_a_channel_that_became_shared(tmp_path: Path) -> None:
    async with office(tmp_path) as place:
        await place.people.command("/502 web-01")
        await place.shown("inc-1", "root")
        await place.act("share", channel="C0INCIDENTS", is_shared=True)
        await place.slack.parts.delivery.until_idle()
        before = [words_of(one) for one in await place.people.messages()]

        await place.append("inc-1", *ran(1, broken()))
        presenter = place.edge.chat.presenter
        assert presenter is not None
        await presenter.settled()
        place.edge.chat.trouble("inc-1", "the ledger is away")
        await presenter.settled()

        assert [words_of(one) for one in await place.people.messages()] == before
        assert (await place.desk.state("inc-1")).verdict is not None

        await place.act("share", channel="C0INCIDENTS", is_shared=False)
        await place.slack.parts.delivery.until_idle()
        place.edge.chat.changed("inc-1")
        await place.shown("inc-1", "verdict")
        place.edge.chat.trouble("inc-1", "the ledger is away")
        await presenter.settled()
        assert any("It cannot go on" in words_of(one) for one in await place.people.messages())
