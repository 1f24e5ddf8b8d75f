"""Standard output of the commands."""

import sys


def say(text: str) -> None:
    """Write a text and end its line."""
    sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()
