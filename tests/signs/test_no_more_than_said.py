"""A sign claims what its line says: no address out of a version, no app's answer out of a proxy's page."""

import pytest

from bot.model.sign import Piece
from bot.signs import read

#: What is written -> a kind of sign that it does not give.
_NO_SIGN: dict[str, tuple[str, str]] = {
    "a setting with an address": ("name_now", "docker run --name shop -e DB_HOST=127.0.0.1 example/shop"),
    "a program's version": (
        "name_now",
        "Faulting application name: shop.exe, version: 3.1.4.0, time stamp: 0x5f",
    ),
    "an address that is asked": ("name_now", "PING 192.0.2.40 (192.0.2.40): 56 data bytes"),
    "no name is looked up": ("resolves", "PING 192.0.2.40 (192.0.2.40): 56 data bytes"),
}


@pytest.mark.parametrize("case", _NO_SIGN)
def test_what_is_not_said_gives_no_sign(case: str) -> None:
    kind, text = _NO_SIGN[case]

    assert [sign.line for sign in read([Piece(text=text)]).of(kind)] == []


#: What is written -> a kind, a field, and all values that it may have.
_FIELDS: dict[str, tuple[str, str, set[str], str]] = {
    "a name with its scheme": (
        "name_unresolved",
        "name",
        {"cache.internal.example"},
        "no resolver defined to resolve http://cache.internal.example:80",
    ),
}


@pytest.mark.parametrize("case", _FIELDS)
def test_a_field_holds_what_is_said(case: str) -> None:
    kind, field, values, text = _FIELDS[case]

    assert {sign[field] for sign in read([Piece(text=text)]).of(kind)} == values


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("name_now", "nslookup shop gives 192.0.2.31"),
    ],
)
def test_what_is_said_still_gives_its_sign(kind: str, text: str) -> None:
    assert read([Piece(text=text)]).has(kind)
