"""Many people at once, in a process of their own: `python -m tests.support.flood PAGE_URL`.

Reads what is to be typed as one JSON list of {at_s, user, channel, text} from standard input, types each at
its time, and prints {"took_s": …, "ack_ms": [… of each in that order; null: it was not acknowledged]}.
"""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp


async def _type(page: aiohttp.ClientSession, one: dict[str, Any], began: float) -> float | None:
    await asyncio.sleep(max(0.0, began + one["at_s"] - time.monotonic()))
    said = {key: one[key] for key in ("user", "channel", "text")}
    async with page.post("local/command", json=said) as answer:
        told = await answer.json()
    return float(told["ack_ms"]) if told.get("ok") else None


async def main(page_url: str) -> None:
    script = json.loads(sys.stdin.read())
    began = time.monotonic()
    async with aiohttp.ClientSession(page_url, connector=aiohttp.TCPConnector(limit=0)) as page:
        acks = await asyncio.gather(*(_type(page, one, began) for one in script))
    print(json.dumps({"took_s": time.monotonic() - began, "ack_ms": acks}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
