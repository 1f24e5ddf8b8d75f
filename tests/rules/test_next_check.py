"""What is to be looked at next, where the text has the answer to the rule's own check."""

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece
from bot.model.verdict import Verdict

REFUSED = (
    "2031/05/04 10:00:01 [error] 31207#31207: *31 connect() failed ({errno}) while connecting to upstream, "
    'client: 192.0.2.8, upstream: "http://127.0.0.1:3000/"'
)


def verdict(*texts: str) -> Verdict:
    return diagnose([Piece(text=text) for text in texts])


@pytest.mark.parametrize(
    ("text", "cause", "has", "lacks"),
    [
        (
            'type=AVC msg=audit(1.1:1): avc:  denied  { getattr } for  pid=7 comm="nginx" path="/srv/a.sock"',
            "selinux_denied",
            "audit2allow -w",
            "ausearch",
        ),
        (
            '*** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***',
            "backlog_full",
            "what the workers do",
            "Recv-Q",
        ),
        (
            "ModuleNotFoundError: No module named 'shop'\nworker failed to boot",
            "app_crash_startup",
            "what that error names",
            "the last error in it",
        ),
        (
            "May  4 10:00:01 web kernel: Out of memory: Killed process 4 (node) total-vm:9kB, anon-rss:8kB",
            "oom_kill",
            "how much the killed process had",
            "was it for want of memory",
        ),
        (
            "shop.service: Start request repeated too quickly.",
            "start_limit_hit",
            "who started it so often",
            "why did it end",
        ),
    ],
)
def test_what_the_text_has_answered_is_not_asked_again(text: str, cause: str, has: str, lacks: str) -> None:
    answer = verdict(text)

    assert answer.cause == cause
    assert answer.next_check is None or (has in answer.next_check and lacks not in answer.next_check)
    assert has in (answer.next_check or has)


def test_where_there_is_no_ss_another_tool_is_named() -> None:
    bsd = verdict(REFUSED.format(errno="61: Connection refused")).next_check
    linux = verdict(REFUSED.format(errno="111: Connection refused")).next_check

    assert bsd is not None and "lsof -nP" in bsd and "ss -l" not in bsd
    assert linux is not None and "ss -l" in linux


def test_a_browser_on_a_mac_says_nothing_of_the_host() -> None:
    request = '192.0.2.8 - - [04/May/2031:10:00:01 +0000] "GET / HTTP/1.1" 502 9 "-"'
    agent = f'{request} "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"'

    answer = verdict(REFUSED.format(errno="111: Connection refused"), agent).next_check

    assert answer is not None and "lsof" not in answer
