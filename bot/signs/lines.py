"""A pasted text as lines without what others put around and between them.

What others put before a line (`web_1  | `, `pod/web-1 `, heads of syslog and journald, docker's times) stays:
it says who spoke and when, and no pattern is anchored to the first column. What changes a line's words goes:
colours, HTML, Markdown, JSON around a message, a break by an e-mail program or a narrow terminal.

Source: ECMA-48 (colours); Docker's json-file driver; systemd's journal export format; fluentd's and klog's
records; ngx_log.c and ngx_http_log_error_handler (order of client, server, request, upstream, host).
"""

import html
import json
import re
from collections.abc import Iterable, Iterator

_END = re.compile(r"\r+\n")
#: What ends a line for some programs, and for none that write a log: a line that a stranger put into another
#: stays a part of it. See `bot.redact.normalise`.
_PART = re.compile(r"[\r\x0b\x0c\x85\u2028\u2029]")
_COLOUR = re.compile(r"(?:\x1b|\\x1b|\\u001b|\\033|\\e|\^\[)\[[0-9;?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
#: Characters that word processors, chats and wrong code pages put in place of plain ones.
_PLAIN = {
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u00a0": " ",
    "\u2013": "-",
    "\u2026": "...",
    "\u200b": "",
    "\ufeff": "",
    "â€œ": '"',
    "â€\u009d": '"',
    "â€™": "'",
    "â€“": "-",
    "Â ": " ",
}
_ODD = re.compile("|".join(re.escape(odd) for odd in _PLAIN))
_ENTITY = re.compile(r"&(?:quot|amp|lt|gt|nbsp|apos|#\d{1,5}|#x[0-9a-fA-F]{1,5});")
_BREAK = re.compile(r"<(?:br ?/?|/?p|/?pre|/?code|/li|/tr|/div)>", re.IGNORECASE)
_FENCE = re.compile(r"\A\s{0,12}(?:>\s?)*(?:```|~~~)[\w+.-]*\s*\Z")
_QUOTED = re.compile(r"\A\s{0,3}(?:>\s?){1,6}(?=\S)")
_BOLD = re.compile(r"(?<![*\w/])\*\*(?P<text>[\w\[\"\'(/][^*]{0,300}[^*\s])\*\*(?![*\w/])")
_TICKED = re.compile(r"\A\s*`(?P<text>[^`]+)`\s*\Z")
_ESCAPED = re.compile(r"\\([\[\]_#])(?=[^\n]{0,80}(?:\\[\[\]_#]|\Z))")
#: A terminal that was copied pads a line it broke with blanks to its width.
_PADDED = " " * 60
_PAD = re.compile(r"(?<=\S) {60,}(?=\S)")
_HEADING = re.compile(r"\A\s*==> .{1,200} <==\s*\Z")
#: Line ends written out, before what begins an entry.
_WRITTEN_END = re.compile(
    r"(?:\\r)?\\n(?=\s*(?:20\d\d[/-]|\[|\{|nginx|connect|upstream|\d{1,3}\.\d{1,3}\.|at |Traceback))"
)


def of(text: str) -> list[str]:
    """Lines as their programs wrote them; empty ones stay, they part blocks. Never raises."""
    clean = _COLOUR.sub("", _PART.sub(" ", _END.sub("\n", text)))
    clean = _ODD.sub(lambda found: _PLAIN[found[0]], clean)
    clean = clean.replace("\\\n", "")  # a shell's line, or an editor's, goes on below
    if _ENTITY.search(clean):
        clean = html.unescape(_BREAK.sub("\n", clean)).replace("\u00a0", " ")
    if "\\n" in clean:
        clean = _WRITTEN_END.sub("\n", clean) if '{"' not in clean else clean
    unwrapped = (said for line in clean.split("\n") for said in _unwrapped(_plain(line)))
    return list(_joined(unwrapped))


def _plain(line: str) -> str:
    """A line without control characters and Markdown; its indentation stays."""
    if not line.isprintable():
        line = "".join(c for c in line if c == "\t" or c.isprintable())
    if _FENCE.match(line) or _HEADING.match(line):
        return ""
    line = _QUOTED.sub("", line)
    if _PADDED in line:
        line = _PAD.sub(" ", line)
    if "**" in line:
        line = _BOLD.sub(r"\g<text>", line)
    ticked = _TICKED.match(line)
    if ticked:
        line = ticked["text"]
    return _ESCAPED.sub(r"\1", line) if "\\[" in line or "\\_" in line else line


#: Fields in which log shippers put a program's line, the outermost first.
_MESSAGE = ("log", "MESSAGE", "message", "msg", "textPayload")
#: Records of a shipper: nothing else of them is the program's.
_SHIPPED = frozenset(
    {"stream", "time", "_PID", "_SYSTEMD_UNIT", "@timestamp", "kubernetes", "textPayload", "container_id"}
)
_CUT_RECORD = re.compile(r"\A\s*\{\"(?:log|MESSAGE)\":\s?\"(?P<said>(?:[^\"\\]|\\.)+)")


def _unwrapped(line: str) -> Iterator[str]:
    """The line out of a shipper's JSON record; a program's own record stays, its message after it."""
    start = line.find('{"')
    if start < 0 or len(line) > 100_000:
        yield line
        return
    record = _record(line[start:].strip())
    if record is None:
        cut = _CUT_RECORD.match(line)
        yield from _decoded(cut["said"]).split("\n") if cut else [line]
        return
    name = next((key for key in _MESSAGE if isinstance(record.get(key), str)), None)
    if name is None:
        yield line
        return
    said = _COLOUR.sub("", str(record[name])).rstrip("\n")
    if name in ("log", "MESSAGE", "textPayload") or (
        _SHIPPED & set(record) and not {"level", "status"} & set(record)
    ):
        yield from said.split("\n")
        return
    yield line
    if '"' in said or "\n" in said:
        yield from said.split("\n")


def _record(text: str) -> dict[str, object] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(said: str) -> str:
    return (
        said.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\").rstrip("\n")
    )


#: An entry of nginx's error log, or of Apache's.
_ENTRY = re.compile(
    r"\[(?:error|crit|alert|warn|emerg|info)\]|\*\d+ |connect\(\)|upstream (?:timed|prematurely|sent)"
    r"|recv\(\)|no live upstreams|\A\s*\[[^\]]{10,60}\] \[\w{0,30}:(?:error|crit|warn|alert|emerg)\]"
    r"|\A[^\]]*AH0\d{4}: "
)
#: What begins something new, so that it is never the rest of the line before.
_NEW = re.compile(
    r"\A\s*(?:\Z|20\d\d[/-]\d\d|\[|\{|[A-Z][a-z]{2}\s{1,2}\d|\d{1,3}(?:\.\d{1,3}){3} - |[\w.-]{1,60}\s*\| "
    r"|nginx:|[-#=>*$|+]{1,3}\s"
    r"|(?:location|server|upstream|http|events|proxy_\w+)\b[^:]{0,80}[;{]\s*\Z)"
)
_PARTS = r"(?:client|server|request|subrequest|upstream|host|referrer|login)"
_REST = re.compile(
    rf"\A\s*(?:{_PARTS}: |while |(?:reading|connecting|sending) "
    r"|(?:response |header )*(?:from|to) upstream|upstream,"
    r"|to Unix domain socket |(?:make )?connection to backend)"
)
_OPEN = re.compile(rf"(?:,|\bwhile|\b{_PARTS}:)\s*\Z")
#: An entry about a request names its client; one that was wrapped before it goes on in small letters.
_OF_A_REQUEST = re.compile(r"\*\d+ ")
_WRAPPED_AT = (60, 140)
_MOST_PARTS = 8


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Entries of nginx's or Apache's error log that were broken over several lines, each on one again."""
    held, parts = "", 0
    for line in lines:
        if held and parts < _MOST_PARTS and _goes_on(held, line):
            held, parts = _glued(held, line), parts + 1
            continue
        if held:
            yield held
            held, parts = "", 0
        if _ENTRY.search(line) and '", host: "' not in line and len(line) < 2000:
            held = line
        else:
            yield line
    if held:
        yield held


def _goes_on(held: str, line: str) -> bool:
    """Whether `line` is the rest of an entry that stops short: in a quoted part, or before a known one."""
    if _NEW.match(line) or _ENTRY.search(line):
        return False
    if _REST.match(line):
        return True
    is_wrapped = _WRAPPED_AT[0] <= len(held) <= _WRAPPED_AT[1]
    is_begun = is_wrapped and _OF_A_REQUEST.search(held) is not None and "client:" not in held
    if (is_begun or held.endswith(" ")) and (line[:1].islower() or line.startswith("(")):
        return True
    return held.count('"') % 2 == 1 or _is_open(held) or _OPEN.search(held) is not None


def _is_open(held: str) -> bool:
    """Whether a bracket was not closed yet."""
    return held.count("(") > held.count(")") or held.count("[") > held.count("]")


def _glued(held: str, line: str) -> str:
    """With a space, unless the break fell into a quoted word."""
    rest = line.strip()
    inside = held.count('"') % 2 == 1
    is_word = inside and (held.endswith(("/", ":", ".", "=", "&", "?", "-")) or rest[:1] in "/:.?&=-")
    return held + rest if is_word or held.endswith((" ", "(")) else f"{held} {rest}"
