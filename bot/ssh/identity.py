"""The bot's own private keys, from files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh

from bot.errors import FileError

#: What OpenSSH's public keys begin with.
_PUBLIC = (b"ssh-", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-")


def load_identity(path: str) -> asyncssh.SSHKeyPair:
    """The key to log in with. Raises FileError when it cannot be used, or others may read it."""
    with _readable(path):
        if Path(path).read_bytes()[:40].startswith(_PUBLIC):
            raise FileError(f"{path}: identity: this is a public key; name the private one")
        mode = Path(path).stat().st_mode & 0o777
        if mode & 0o077:
            raise FileError(f"{path}: identity: others may read it (mode {mode:o}); chmod 600 {path}")
        return asyncssh.load_keypairs([path])[0]


def load_private_key(path: str) -> asyncssh.SSHKey:
    """A key that signs. Raises FileError when it cannot be used, or others may read it."""
    load_identity(path)
    with _readable(path):
        return asyncssh.read_private_key(path)


def public_line(path: str) -> str:
    """The public half of a private key as in authorized_keys, without a comment. Raises FileError."""
    with _readable(path):
        public = asyncssh.read_private_key(path).convert_to_public()
        return " ".join(public.export_public_key().decode().split()[:2])


def fingerprint(path: str) -> str:
    """Of a private key, as `ssh-keygen -l` prints it. Raises FileError."""
    with _readable(path):
        return asyncssh.read_private_key(path).get_fingerprint()


@contextmanager
def _readable(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, IndexError) as error:
        raise FileError(
            f"{path}: identity: {error}; give an unencrypted private key in OpenSSH form"
        ) from error
