"""The hashes themselves: what they cover, and that they stay what they are."""

from hashlib import sha256

import pytest

from bot.store.chain import evidence_digest, genesis, link

BASE = {"chain": "INC-1", "seq": 1, "body": "{}"}


def test_follows_the_formula_in_its_docstring() -> None:
    body = sha256(b"{}").digest()
    first = sha256(b"runbook-bot/genesis/v1\0INC-1\0" + body).digest()
    leaf = sha256(b"runbook-bot/entry/v1\0INC-1\0" + (7).to_bytes(8, "big") + body).digest()

    assert genesis("INC-1", "{}") == first.hex()
    expected = sha256(b"runbook-bot/link/v1\0" + first + leaf).hexdigest()
    assert link(first.hex(), chain="INC-1", seq=7, body="{}") == expected


@pytest.mark.parametrize("change", [{"chain": "INC-2"}, {"seq": 2}, {"body": "{ }"}], ids=str)
def test_covers_chain_place_and_body(change: dict[str, object]) -> None:
    changed = {**BASE, **change}

    assert link("0" * 64, **BASE) != link("0" * 64, **changed)  # type: ignore[arg-type]


def test_covers_the_hash_before() -> None:
    assert link("0" * 64, chain="INC-1", seq=1, body="{}") != link("1" * 64, chain="INC-1", seq=1, body="{}")


def test_an_evidence_digest_tells_nothing_without_its_salt() -> None:
    assert evidence_digest(b"a" * 32, "text") != evidence_digest(b"b" * 32, "text")
