"""What the public address answered to the bot itself.

HTTP/1.1 502 Bad Gateway
server: nginx/1.22.1
time_s: 0.012
"""

import re
from dataclasses import dataclass

from bot.model.evidence import CommandOutput

_STATUS = re.compile(r"HTTP/[\d.]{1,4} (\d{3})\b")


@dataclass(frozen=True, kw_only=True)
class OutsideAnswer:
    """One GET of the public address. `status` is None when no HTTP answer came."""

    status: int | None
    #: The status line, or why there is none.
    line: str

    @property
    def is_well(self) -> bool:
        """Something below 500 answered; a redirect or a log-in page is an answer too."""
        return self.status is not None and self.status < 500

    @property
    def is_untrusted(self) -> bool:
        """The far end speaks TLS, and the bot lacks who signed its certificate, or asked by another name.

        Visitors may well trust it (a private CA, an address in place of the name); an expired one nobody
        does.
        """
        line = self.line.lower()
        return self.status is None and "certificate verify failed" in line and "expired" not in line


def outside_answer(output: CommandOutput) -> OutsideAnswer:
    """Source: bot/web/probe.py, which writes it; RFC 9112, section 4."""
    first = output.stdout.split("\n", 1)[0].strip()
    found = _STATUS.match(first)
    url = output.argv[-1] if output.argv else "the public address"
    why = first or output.stderr.strip().split("\n", 1)[0] or "no answer"
    return OutsideAnswer(status=int(found[1]) if found else None, line=f"GET {url}: {why}")
