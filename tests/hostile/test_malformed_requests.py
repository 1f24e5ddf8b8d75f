# Tables stand as they are.
# ruff: noqa: E501
"""A thousand requests that are none of Slack's: refused, none a server error, and the log stays small."""

import asyncio
import io
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot import log
from tests.slack.office import Office, office
from tests.slack.test_http import body, signed
from tests.support.hostile import times
from tests.support.logged import logged

COUNT = times(300, of=1000)
MARK = "do-not-log-this"
_VALUES = (
    b"", b" ", b"abc", b"-1", b"1e9", b"9" * 40, b"\xff\xfe", "é".encode(), b"v0=", b"v0=" + b"g" * 64, b"v1=" + b"0" * 64,
    b"v0=" + b"0" * 64, b"v0=" + b"0" * 63, b"\t\t", b"a" * 4000, b"0", b"NaN", b"{}", b"' OR 1=1",
)  # fmt: skip


def requests(good: dict[str, str], seed: int) -> Iterator[bytes]:
    """Raw requests: good ones with something of them broken."""
    chance = random.Random(seed)
    raw = body(f"web-01 {MARK}")
    while True:
        headers = {name.encode(): value.encode() for name, value in good.items()}
        for name in chance.sample(sorted(headers), k=chance.randint(1, 2)):
            headers[name] = chance.choice(_VALUES)
        sent = chance.choice(
            (raw, raw[: chance.randint(0, len(raw))], b"\xff" * 50, b"", b"payload={" + MARK.encode())
        )
        length = chance.choice((len(sent), len(sent), len(sent), 0))
        lines = [
            b"POST /slack/events HTTP/1.1",
            b"Host: x",
            b"Connection: close",
            b"Content-Length: %d" % length,
        ]
        lines += [name + b": " + value for name, value in headers.items()]
        if chance.random() < 0.1:
            lines.append(
                chance.choice(
                    (b"X-Slack-Signature: v0=" + b"0" * 64, b"Transfer-Encoding: chunked", b"\x00: x")
                )
            )
        yield b"\r\n".join(lines) + b"\r\n\r\n" + sent


async def status_of(address: tuple[str, int], raw: bytes) -> int:
    """The answer's status; 0 when the connection was closed without one."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(raw)
        async with asyncio.timeout(20):
            first = await reader.readline()
    except ConnectionError:
        return 0
    finally:
        writer.transport.abort()
    return int(first.split()[1]) if first else 0


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    with logged(monkeypatch) as stream:
        log.set_up("json")
        yield stream


@pytest.mark.timeout(300)
async def test_none_is_a_server_error_and_none_is_logged(tmp_path: Path, written: io.StringIO) -> None:
    statuses: dict[int, int] = {}

    async with office(tmp_path, "http") as place:
        address = _address(place)
        made = requests(signed(place.slack.signing_secret, body()), seed=7)
        for _ in range(COUNT):
            status = await status_of(address, next(made))
            statuses[status] = statuses.get(status, 0) + 1

        assert place.desk.asked == []

    assert not [status for status in statuses if status >= 500], statuses
    assert statuses.get(401, 0) > COUNT // 2
    assert MARK not in written.getvalue()
    assert len(written.getvalue()) < 300 * COUNT


def _address(place: Office) -> tuple[str, int]:
    assert place.edge.door is not None
    url = urlsplit(place.edge.door.url)
    return str(url.hostname), int(url.port or 0)
