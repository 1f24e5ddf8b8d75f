"""Another program's greeting where a proxy awaited HTTP: the port that is dialled belongs to that program.

Source: RFC 4253 section 4.2 (SSH), RFC 5321 section 3.1 (SMTP), RFC 959 (FTP), RFC 1939 (POP3), RFC 9051
(IMAP), RFC 6143 section 7.1.1 (VNC), Redis' networking.c (-ERR), MySQL "Protocol::HandshakeV10"; how proxies
quote it: Go net/http (malformed HTTP response), HAProxy src/check.c (Layer7 invalid response, info), Apache
modules/proxy/mod_proxy_http.c (Corrupt status line), Python http.client (BadStatusLine).
"""

from collections.abc import Mapping

from bot.model.sign import Reader
from bot.signs.pattern import Pattern, says

#: Kinds of this table alone -> what they say; shared ones stand in kinds.py.
KINDS: Mapping[str, str] = {
    "greeted": "another program's greeting came where HTTP was awaited; fields: program",
}
_QUOTED = (
    r"(?:malformed HTTP (?:response|status code|version) |Layer7 invalid response.{0,30}?info: "
    r"|[Cc]orrupt status line returned by remote server: |BadStatusLine[:(] ?|Invalid HTTP version: ?)"
    r"(?:\\?[\"'<]{1,3})?"
)
_WORDS = ("malformed http", "layer7 invalid", "corrupt status line", "badstatusline", "invalid http version")
_GREETINGS: Mapping[str, str] = {
    "SSH": r"SSH-[12]\.\d",
    "SMTP or FTP": r"220[ -][\w.(-]",
    "IMAP": r"\* (?:OK|PREAUTH|BYE)\b",
    "POP3": r"\+OK\b",
    "VNC": r"RFB 00\d",
    "Redis": r"-(?:ERR|NOAUTH|DENIED)\b",
    "MySQL": r".{0,3}(?:\\+x?0{1,2}){3}\\+n(?:[58]|1[01])\.\d",
}
PATTERNS: tuple[Pattern, ...] = tuple(
    says("greeted", _QUOTED + f"(?-i:{begins})", *_WORDS, program=program)
    for program, begins in _GREETINGS.items()
)
READERS: tuple[Reader, ...] = ()
