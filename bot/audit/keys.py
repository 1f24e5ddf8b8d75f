"""The Ed25519 key that checkpoints are signed with, and what its public half says of a signature."""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from bot.errors import BadRequest, SettingsError
from bot.store.folder import sync_folder

_ID_DIGITS = 16
_PUBLIC_DIGITS = 64


@dataclass(frozen=True)
class SigningKey:
    """A private key in memory."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """Raw, 64 hex digits."""
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def id(self) -> str:
        """Names the key in checkpoints."""
        return key_id(self.public)

    def sign(self, content: bytes) -> str:
        """Hex."""
        return self.private.sign(content).hex()


def key_id(public: str) -> str:
    """The first 16 hex digits of the SHA-256 of the public key's text."""
    return sha256(public.encode("utf-8", "replace")).hexdigest()[:_ID_DIGITS]


def is_signed(content: bytes, *, public: str, signature: str) -> bool:
    """Whether the signature is by this key. False for anything that is not written as we write it."""
    try:
        key, said = bytes.fromhex(public), bytes.fromhex(signature)
        if (key.hex(), said.hex()) != (public, signature):
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(said, content)
    except (ValueError, InvalidSignature):
        return False
    return True


class KeyFile:
    """The key in a file, read again when the file is another one."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._key: SigningKey | None = None
        self._seen: tuple[int, int] = (0, 0)

    def __call__(self) -> SigningKey | None:
        """The key now; None when no file was named. Raises SettingsError."""
        if self._path is None:
            return None
        if self._key is None or self._stamp(self._path) != self._seen:
            self._key = load(self._path)
            self._seen = self._stamp(self._path)
        return self._key

    def _stamp(self, path: Path) -> tuple[int, int]:
        try:
            found = path.stat()
        except OSError:
            return (0, 0)
        return found.st_ino, found.st_mtime_ns


def load(path: Path, *, create: bool = True) -> SigningKey:
    """The key in a PEM file that nobody else may read; a new one, mode 0600, when there is no file.

    Raises SettingsError naming the file and what to do.
    """
    setting = f"RUNBOOK_BOT_CHECKPOINT_KEY: {str(path)!r}"
    try:
        if create and not path.exists():
            write(path, fresh_key())
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{setting} can be read by others; chmod 600 {path}")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise SettingsError(f"{setting} cannot be used: {error.strerror}; check its folder") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(
            f"{setting} is not an unencrypted PEM key; move it away, and a new one is made"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(f"{setting} is not an Ed25519 key; move it away, and a new one is made")
    return SigningKey(key)


def replace_key(path: Path, key: SigningKey) -> None:
    """Put another key into the file, all at once; the old one stays beside it as `.old`."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.unlink(missing_ok=True)
        write(fresh, key)
        os.replace(path, path.with_name(path.name + ".old"))  # noqa: PTH105 - the pair reads as what it does
        os.replace(fresh, path)  # noqa: PTH105
        sync_folder(path.parent)
    except OSError as error:
        raise SettingsError(f"RUNBOOK_BOT_CHECKPOINT_KEY: {str(path)!r}: {error.strerror}") from error


def fresh_key() -> SigningKey:
    """A new random key."""
    return SigningKey(Ed25519PrivateKey.generate())


def write(path: Path, key: SigningKey) -> None:
    """Make the file, mode 0600, on the disk for good; FileExistsError when there is one."""
    content = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def public_keys(given: str) -> tuple[str, ...]:
    """The public keys in an argument: 64 hex digits, or a file with one a line. Raises BadRequest."""
    words = [given] if _is_public(given) else _words_of(given)
    keys = tuple(word for word in words if _is_public(word))
    if not keys:
        raise BadRequest(
            f"no public key in {given!r}; give 64 hex digits as `audit key` prints them, or a file of them"
        )
    return keys


def _words_of(file: str) -> list[str]:
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").split()
    except (OSError, ValueError) as error:
        raise BadRequest(
            f"no public key and no file: {file!r}; give 64 hex digits as `audit key` prints them"
        ) from error


def _is_public(word: str) -> bool:
    return len(word) == _PUBLIC_DIGITS and set(word) <= set("0123456789abcdef")
