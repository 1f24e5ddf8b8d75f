"""States of services in their supervisors' words."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

_STATUS = """● shop.service - Shop
     Loaded: loaded (/etc/systemd/system/shop.service; enabled; vendor preset: enabled)
     Active: failed (Result: exit-code) since Tue 2031-03-04 10:00:00 UTC; 3min ago
    Process: 812 ExecStart=/srv/shop/run (code=exited, status=203/EXEC)
   Main PID: 812 (code=exited, status=203/EXEC)
● nginx.service - A high performance web server
     Active: active (running) since Tue 2031-03-04 09:00:00 UTC; 1h ago
"""


def test_each_block_of_systemctl_status_is_one_unit() -> None:
    shop, nginx = read([Piece(text=_STATUS)]).of("unit")

    assert (shop["unit"], shop["active"], shop["result"]) == ("shop", "failed", "exit-code")
    assert (shop["code"], shop["status"], shop["enabled"]) == ("exited", "203/EXEC", "enabled")
    assert (nginx["unit"], nginx["active"], nginx["sub"]) == ("nginx", "active", "running")


def test_a_block_without_its_head_is_read_too() -> None:
    cut = read([Piece(text="   Active: activating (auto-restart) (Result: exit-code) since Tue")]).first(
        "unit"
    )

    assert cut is not None
    assert (cut["active"], cut["sub"], cut["result"]) == ("activating", "auto-restart", "exit-code")


def test_systemctl_show_is_one_unit() -> None:
    text = "Id=shop.service\nActiveState=inactive\nSubState=dead\nResult=success\nExecMainStatus=0"

    shown = read([Piece(text=text)]).first("unit")

    assert shown is not None
    assert (shown["unit"], shown["active"], shown["result"]) == ("shop", "inactive", "success")


@pytest.mark.parametrize(
    ("line", "unit", "active"),
    [
        ("shop:shop_00                     RUNNING   pid 812, uptime 0:01:02", "shop:shop_00", "active"),
        ("shop                             FATAL     Exited too quickly", "shop", "failed"),
        ("shop                             BACKOFF   Exited too quickly", "shop", "failed"),
        ("shop                             STOPPED   Not started", "shop", "inactive"),
        ("run: puma: (pid 812) 33s; run: log: (pid 33) 900s", "puma", "active"),
        ("down: puma: 1s, normally up; run: log: (pid 33) 900s", "puma", "inactive"),
        ("shop stop/waiting", "shop", "inactive"),
        ("shop start/running, process 812", "shop", "active"),
        (" * nginx is not running", "nginx", "inactive"),
        ("php-fpm is stopped", "php-fpm", "inactive"),
        ("php-fpm (pid  812) is running...", "php-fpm", "active"),
        ("Starting nginx: [FAILED]", "nginx", "failed"),
        ("  shop.service   loaded failed failed   Shop", "shop", "failed"),
    ],
)
def test_other_supervisors_words(line: str, unit: str, active: str) -> None:
    found = read([Piece(text=line)]).of("unit")

    assert (found[0]["unit"], found[0]["active"]) == (unit, active)


def test_a_reload_and_a_step_that_went_well_are_not_how_a_unit_ended() -> None:
    text = (
        "   Active: failed (Result: exit-code) since Tue 2031-03-04 10:00:00 UTC\n"
        "  Process: 811 ExecReload=/bin/kill -HUP $MAINPID (code=exited, status=1/FAILURE)\n"
        "  Process: 812 ExecStartPre=/srv/shop/check (code=exited, status=0/SUCCESS)\n"
        "  Process: 813 ExecStart=/srv/shop/run (code=exited, status=78/CONFIG)\n"
    )

    assert read([Piece(text=text)]).of("unit")[0]["status"] == "78/CONFIG"
