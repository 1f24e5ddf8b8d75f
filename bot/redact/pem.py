"""Private keys: whole PEM blocks are cut, anything that is not whole makes the output unsafe.

Source: RFC 7468 (textual encodings), RFC 4716 and OpenSSH's PROTOCOL.key, OpenPGP armour (RFC 9580).
"""

import re

from bot.redact.rule import Findings

#: A PEM block holds at most this many characters; an 8192-bit RSA key has about 6,400.
_MAX_BLOCK = 16_384
_EDGE = re.compile(
    # Signs that do not belong there: a line that was damaged on its way has a key behind it all the same.
    r"-{2,5} ?(BEGIN|END)[ _-]?([A-Z0-9 _-]{0,100})PRIVATE KEY(?: BLOCK)? ?-{2,5}|PuTTY-User-Key-File-\d"
)
_MARK = "[REDACTED:private-key]"
_BASE64_LINE = re.compile(r"[^\S\n]{0,80}(?:[^\n ]{0,80} )?[A-Za-z0-9+/]{60,76}={0,2}[^\S\n]{0,8}")
_PUBLIC_EDGE = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]{3,40}-----")
_FEWEST_LINES = 2


def cut_blocks(text: str, found: Findings) -> tuple[str, bool]:
    """The text without private key blocks, and whether every one could be cut cleanly.

    When one could not (a missing end, interleaved blocks), all from its first edge on is gone too.
    """
    kept: list[str] = []
    position = 0
    while edge := _EDGE.search(text, position):
        found.hits += 1
        found.unnamed += 1
        kept += [text[position : edge.start()], _MARK]
        end = _EDGE.search(text, edge.end(), edge.end() + _MAX_BLOCK)
        if edge[1] != "BEGIN" or end is None or end[1] != "END" or end[2] != edge[2]:
            head = "" if edge[1] == "END" else "".join(kept[:-1])
            return f"{head}{_MARK}", False
        position = end.end()
    return "".join([*kept, text[position:]]), True


def cut_bare(text: str, found: Findings) -> str:
    """The text without runs of base64 lines that stand outside a certificate or public key."""
    lines: list[str] = []
    run: list[str] = []
    is_public = False
    for line in text.split("\n"):
        edge = _PUBLIC_EDGE.search(line)
        if not is_public and not edge and _BASE64_LINE.fullmatch(line):
            run.append(line)
            continue
        lines += _settled(run, found)
        run = []
        if edge:
            is_public = edge[1] == "BEGIN"
        lines.append(line)
    return "\n".join([*lines, *_settled(run, found)])


def _settled(run: list[str], found: Findings) -> list[str]:
    if len(run) < _FEWEST_LINES:
        return run
    found.hits += 1
    found.unnamed += 1
    return ["[REDACTED:key-material]"]
