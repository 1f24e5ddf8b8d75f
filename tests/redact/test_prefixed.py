"""A token in the form most vendors use goes without its vendor being known; ids of that form stay."""

import pytest

from bot.redact import clean
from tests.redact.corpus.measure import survivors
from tests.redact.corpus.secrets import Mint

MIXED = Mint(31).of(32)
HEX = Mint(32).hex(40)
SMALL = Mint(33).of(36, "abcdefghijklmnopqrstuvwxyz0123456789")


@pytest.mark.parametrize(
    "token", [f"xyz_{MIXED}", f"xyz-{MIXED}", f"xyz_live_{MIXED}", f"xyz_{HEX}", f"xyz_{SMALL}"]
)
@pytest.mark.parametrize("line", ["login with ¤ failed", "'¤'", "https://shop.example/?x=¤&y=1"])
def test_a_token_of_an_unknown_vendor_goes(token: str, line: str) -> None:
    shown = clean(line.replace("¤", token).encode()).text

    assert survivors(token.rsplit("_", maxsplit=1)[-1].rsplit("-", maxsplit=1)[-1], shown) == []


@pytest.mark.parametrize(
    "line",
    [
        f"charge ch_{MIXED[:24]} of cus_{MIXED[:20]}",
        f"chatcmpl-{MIXED[:29]} took 3 s",
        f"docker-{HEX}{HEX[:24]}.scope",
        f"cri-containerd-{HEX}{HEX[:24]}.scope",
        f"/var/lib/systemd-private-{HEX[:32]}-nginx.service-xYz012",
        f"image_{HEX} release_{HEX}",
        f"GET /assets/main-{MIXED[:24]}.js",
        f"nginx-7d4b9c6f5d-x2x8k uploads_{HEX[:32]}",
        "get_http_server_request_handler_with_a_very_long_name",
        "org-springframework-AbstractAutowireCapableBeanFactory",
    ],
)
def test_ids_of_that_form_stay(line: str) -> None:
    assert clean(line.encode()).text == line
