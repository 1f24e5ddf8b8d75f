"""How entries hang together: each hash covers chain name, place, body and the hash before. Pure.

    leaf    = SHA256("runbook-bot/entry/v1" 00 chain 00 seq(8 bytes, big endian) SHA256(body))
    hash    = SHA256("runbook-bot/link/v1" 00 previous hash, leaf)
    genesis = SHA256("runbook-bot/genesis/v1" 00 chain 00 SHA256(first body))

The genesis stands for the hash before entry 1 and is also written into the system chain, so that
a chain that vanishes as a whole is missed. Chain and seq are in the leaf: no entry can be moved.
Hashes travel as 64 lower-case hex digits.
"""

from hashlib import sha256

_ENTRY = b"runbook-bot/entry/v1\0"
_LINK = b"runbook-bot/link/v1\0"
_GENESIS = b"runbook-bot/genesis/v1\0"
_EVIDENCE = b"runbook-bot/evidence/v1\0"


def genesis(chain: str, first_body: str) -> str:
    """What entry 1 of a chain has before it."""
    return sha256(_GENESIS + chain.encode() + b"\0" + _sum(first_body)).hexdigest()


def link(previous: str, *, chain: str, seq: int, body: str) -> str:
    """The hash of the entry with this body, standing at `seq` after the hash `previous`.

    Raises ValueError when `previous` is not hex, OverflowError when seq is negative or above 2^64.
    """
    leaf = sha256(_ENTRY + chain.encode() + b"\0" + seq.to_bytes(8, "big") + _sum(body)).digest()
    return sha256(_LINK + bytes.fromhex(previous) + leaf).hexdigest()


def evidence_digest(salt: bytes, text: str) -> str:
    """What an entry holds of an evidence text: without the salt it tells nothing about the text."""
    return sha256(_EVIDENCE + salt + text.encode()).hexdigest()


def _sum(body: str) -> bytes:
    return sha256(body.encode()).digest()
