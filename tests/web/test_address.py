import pytest

from bot.web.address import Reach, refusal

_PUBLIC = ("93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
_PRIVATE = (
    "10.88.0.11",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
)
_LOOPBACK = (
    "127.0.0.1",
    "127.255.255.254",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "::7f00:1",
)
_NEVER = (
    "169.254.169.254",
    "169.254.1.1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "100.100.100.200",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "224.0.0.1",
    "ff02::1",
    "255.255.255.255",
    "240.0.0.1",
    "no address",
)


@pytest.mark.parametrize("address", _PUBLIC)
def test_a_public_address_is_asked(address: str) -> None:
    assert refusal(address, Reach()) is None


@pytest.mark.parametrize("address", _PRIVATE)
def test_a_private_address_is_asked_only_when_allowed(address: str) -> None:
    assert "private" in (refusal(address, Reach()) or "")
    assert refusal(address, Reach(allow_private=True)) is None


@pytest.mark.parametrize("address", _LOOPBACK)
def test_loopback_is_asked_only_in_tests(address: str) -> None:
    assert "loopback" in (refusal(address, Reach(allow_private=True)) or "")
    assert refusal(address, Reach(allow_loopback=True)) is None


@pytest.mark.parametrize("address", _NEVER)
def test_some_addresses_are_never_asked(address: str) -> None:
    assert refusal(address, Reach(allow_private=True, allow_loopback=True)) is not None
