"""News: numbered, for those who may see them, and honest about what is forgotten."""

import asyncio

from bot.devslack.feed import KEPT, Feed


def test_news_go_to_their_audience() -> None:
    feed = Feed()
    feed.tell({"type": "all"})
    feed.tell({"type": "one"}, frozenset({"U1"}))

    assert [news.payload["type"] for news in feed.since(0, "U1") or []] == ["all", "one"]
    assert [news.payload["type"] for news in feed.since(0, "U2") or []] == ["all"]
    assert feed.since(2, "U1") == []


def test_what_was_forgotten_is_said() -> None:
    feed = Feed()
    for number in range(KEPT + 1):
        feed.tell({"number": number})

    assert feed.since(0, "U1") is None
    assert len(feed.since(1, "U1") or []) == KEPT
    assert feed.since(KEPT + 2, "U1") is None


async def test_waiting_ends_with_news_and_with_the_end() -> None:
    feed = Feed()
    waiting = asyncio.ensure_future(feed.wait(0))
    await asyncio.sleep(0)
    assert not waiting.done()

    feed.tell({})
    await waiting
    closing = asyncio.ensure_future(feed.wait(1))
    await asyncio.sleep(0)
    feed.close()
    await closing

    assert feed.is_closed
