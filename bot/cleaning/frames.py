"""What passes between the bot and a process that cleans: four bytes of length, then that many bytes.

First the known values as JSON; then one frame for each output, in which what else is known stands before
it as a frame of its own; and back the fields of `Cleaned` as a JSON object. Secrets stand in no argument
and no environment.
"""

import json
from dataclasses import asdict, replace
from typing import BinaryIO

from bot.redact import Cleaned, KnownValues

HEADER = 4


def framed(payload: bytes) -> bytes:
    """The payload as a frame."""
    return len(payload).to_bytes(HEADER, "big") + payload


def read(stream: BinaryIO) -> bytes | None:
    """The next frame's payload; None at the end of the stream."""
    header = stream.read(HEADER)
    if len(header) < HEADER:
        return None
    size = int.from_bytes(header, "big")
    payload = stream.read(size)
    return payload if len(payload) == size else None


def of_known(known: KnownValues) -> bytes:
    """The first frame's payload."""
    return json.dumps(asdict(known)).encode()


def to_known(payload: bytes) -> KnownValues:
    """The values of a first frame."""
    return KnownValues(**{name: tuple(values) for name, values in json.loads(payload).items()})


def of_output(raw: bytes, learned: KnownValues) -> bytes:
    """The payload of an output's frame."""
    return framed(of_known(learned)) + raw


def to_output(payload: bytes) -> tuple[bytes, KnownValues]:
    """The output, and what else is known."""
    end = HEADER + int.from_bytes(payload[:HEADER], "big")
    return payload[end:], to_known(payload[HEADER:end])


def of_cleaned(cleaned: Cleaned) -> bytes:
    """An answer's payload."""
    return json.dumps(asdict(cleaned)).encode()


def to_cleaned(payload: bytes) -> Cleaned:
    """The answer. Raises ValueError or TypeError when it is none."""
    cleaned = Cleaned(**json.loads(payload))
    return replace(cleaned, secrets=tuple(cleaned.secrets))
