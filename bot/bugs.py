"""A bug in one parser or rule costs what that one would have said, never all that the others say. Pure."""

from pathlib import Path

_HERE = Path(__file__).parent


def words(error: Exception) -> str:
    """What is said of it, to be reported: `internal error: KeyError('port') at bot/rules/disk_full.py:55`."""
    return f"internal error: {error!r:.200}{_place(error)}"


def _place(error: Exception) -> str:
    """The innermost line of ours that it came through."""
    found, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(_HERE):
            found = f" at {file.relative_to(_HERE.parent)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
