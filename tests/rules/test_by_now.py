"""What was missing and is there by now turns the advice on a restart."""

# ruff: noqa: E501  # lines stand as hosts write them

import pytest

from bot.diagnose import diagnose
from bot.model.sign import Piece

#: Name -> text, what it is with and without its last lines, and the answer on a restart of which program.
SHOWN = {
    "packages were installed": (
        "Mar 05 10:11:00 web node[9]: Error: Cannot find module 'pg'\nMar 05 10:11:01 web systemd[1]: kasse.service: Main process exited, code=exited, status=1/FAILURE",
        "$ npm ci\nadded 212 packages in 4s",
        ("Perhaps", "app"),
    ),
    "the user was made": (
        "Mar 05 10:11:01 web systemd[1]: kasse.service: Main process exited, code=exited, status=217/USER",
        "$ id kasse\nuid=991(kasse) gid=991(kasse) groups=991(kasse)",
        ("Perhaps", "app"),
    ),
    "the program was put there": (
        "● kasse.service - Kasse\n   Active: failed (Result: exit-code) since Thu 2026-03-05 10:11:01 UTC; 9min ago\n  Process: 9 ExecStart=/opt/kasse/run (code=exited, status=203/EXEC)",
        "$ ls -l /opt/kasse/run\n-rwxr-xr-x 1 root root 230 Mar  5 10:18 /opt/kasse/run",
        ("Perhaps", "app"),
    ),
    "nobody has the port": (
        "[2026-03-05 10:11:01 +0000] [9] [ERROR] Connection in use: ('127.0.0.1', 8000)",
        "$ ss -ltnp | grep 8000\n$ systemctl is-active kasse\nfailed",
        ("Perhaps", "app"),
    ),
    "a deleted log is held": (
        '2026/03/05 10:11:01 [crit] 6#6: *5 pwrite() "/var/lib/nginx/proxy/1" failed (28: No space left on device) while reading upstream',
        "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NLINK NODE NAME\npuma 911 kasse 3w REG 8,1 22000000000 0 1234 /var/log/kasse.log (deleted)",
        ("Only for a while", "puma"),
    ),
    "the group was given": (
        '2026/03/05 10:11:01 [crit] 6#6: *5 connect() to unix:/run/kasse/web.sock failed (13: Permission denied) while connecting to upstream, upstream: "http://unix:/run/kasse/web.sock:/"\nsrw-rw---- 1 kasse kasse 0 Mar  5 09:00 /run/kasse/web.sock',
        "$ id www-data\nuid=33(www-data) gid=33(www-data) groups=33(www-data),991(kasse)",
        ("Yes", "nginx"),
    ),
    "sockets pile up": (
        "Mar 05 10:11:01 web node[9]: Error: accept EMFILE",
        "$ ls /proc/9/fd | wc -l\n4096",
        ("Only for a while", "app"),
    ),
    "a restart helped for days": (
        "Mar 05 10:11:01 web node[9]: Error: accept EMFILE",
        "After some days it runs out of descriptors again; a restart of the app fixes it.",
        ("Only for a while", "app"),
    ),
    "a deployment stopped it": (
        "Mar 05 10:11:01 web systemd[1]: Stopped Kasse.\n● kasse.service - Kasse\n   Active: inactive (dead) since Thu 2026-03-05 10:11:01 UTC; 9s ago",
        "Mar 05 10:11:04 web deploy-kasse[71]: copying release 12",
        ("Perhaps", "app"),
    ),
}


def restart(*texts: str) -> tuple[str, str]:
    advice = diagnose([Piece(text="\n".join(texts))]).restart
    return advice.answer, advice.what


@pytest.mark.parametrize(("fails", "shown", "answer"), SHOWN.values(), ids=SHOWN.keys())
def test_what_is_shown_decides_the_advice(fails: str, shown: str, answer: tuple[str, str]) -> None:
    assert restart(fails, shown) == answer
    assert restart(fails) != answer


NOT_ENOUGH = {
    "packages were installed before it failed": (
        "packages were installed",
        "$ npm ci\nadded 212 packages in 4s",
        True,
    ),
    "another user was made": (
        "the user was made",
        "$ id forum\nuid=991(forum) gid=991(forum) groups=991(forum)",
        False,
    ),
    "the program is older than the failure": (
        "the program was put there",
        "-rwxr-xr-x 1 root root 230 Mar  5 09:18 /opt/kasse/run",
        False,
    ),
    "somebody has the port": (
        "nobody has the port",
        "$ ss -ltnp | grep 8000\nLISTEN 0 511 127.0.0.1:8000 0.0.0.0:*",
        False,
    ),
    "another port was asked for": ("nobody has the port", "$ ss -ltnp | grep 9000\n$ date", False),
    "a small deleted file is held": (
        "a deleted log is held",
        "puma 911 kasse 3w REG 8,1 220000000 0 1234 /var/log/kasse.log (deleted)",
        False,
    ),
    "another group was given": (
        "the group was given",
        "uid=33(www-data) gid=33(www-data) groups=33(www-data),991(forum)",
        False,
    ),
    "few are open": ("sockets pile up", "$ ls /proc/9/fd | wc -l\n212", False),
}


@pytest.mark.parametrize(("name", "shown", "is_before"), NOT_ENOUGH.values(), ids=NOT_ENOUGH.keys())
def test_less_does_not(name: str, shown: str, *, is_before: bool) -> None:
    fails = SHOWN[name][0]

    assert restart(*((shown, fails) if is_before else (fails, shown))) == restart(fails)


def test_who_holds_the_room_has_to_end_first_where_it_is_not_the_app() -> None:
    full = "php-fpm: ERROR: failed to open error_log: No space left on device (28)"
    held = "java 911 kasse 3w REG 8,1 22000000000 0 1234 /var/log/kasse.log (deleted)"

    advice = diagnose([Piece(text=f"{full}\n{held}")]).restart

    assert (advice.answer, advice.what) == ("No", "app")
    assert "first java has to end" in advice.why
