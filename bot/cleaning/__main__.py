"""The process apart: cleans one output after another until the bot is gone. See `frames`."""

import sys

from bot.cleaning import frames
from bot.memory import keep_private
from bot.redact import clean


def main() -> None:
    """Serve standard input."""
    keep_private()
    first = frames.read(sys.stdin.buffer)
    known = frames.to_known(first or b"{}")
    while (payload := frames.read(sys.stdin.buffer)) is not None:
        raw, learned = frames.to_output(payload)
        answer = frames.of_cleaned(clean(raw, known=known.also(learned)))
        sys.stdout.buffer.write(frames.framed(answer))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
