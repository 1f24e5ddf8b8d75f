"""SSH signatures (SSHSIG) over approvals, and OpenSSH's `allowed_signers` file that says whose key is whose.

asyncssh verifies; it takes the namespace from the signature, so that is read here first. Certificates
are not taken: when one ran out it could not be told any more whether a signature was good.
Source: PROTOCOL.sshsig, and ALLOWED SIGNERS in ssh-keygen(1).
"""

import base64
import struct
from collections.abc import Collection
from pathlib import Path

import asyncssh
from asyncssh.sshsig import import_allowed_signers

from bot.errors import BadRequest, FileError
from bot.model.signed import NAMESPACE, Signed

_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MOST = 10_000
_NO_SIGNATURE = f"that is no SSH signature; paste all of what it printed, from {_BEGIN} to {_END}"


class AllowedSigners:
    """The file, read anew each time: a key that was taken out counts no more. `bot.ports.Signatures`."""

    def __init__(self, path: str | None) -> None:
        self._path = path

    def check(self) -> None:
        """Raises FileError for a file that cannot be read or has a line that is no key."""
        for number, line in enumerate(self._text().splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                import_allowed_signers(line)
            except ValueError as error:
                raise FileError(
                    f"{self._path}:{number}: no line of allowed signers: {error}; "
                    "write PRINCIPAL [OPTIONS] KEY, see ssh-keygen(1)"
                ) from error

    def check_signature(self, text: str, signature: str, *, principals: Collection[str]) -> Signed:
        """See `bot.ports.Signatures`."""
        given = armored(signature)
        if not holds(text, given):
            raise BadRequest("the signature is not over this approval; sign the text that this card shows")
        if not principals:
            raise BadRequest("the policy names no signers for you; whoever keeps it adds people.YOU.signers")
        try:
            allowed = import_allowed_signers(self._text())
        except (FileError, ValueError) as error:
            raise BadRequest(f"nobody's signature can be checked: {error}") from error
        for principal in sorted(principals):
            if asyncssh.validate_sshsig(text.encode(), given.encode(), principal, allowed):
                return Signed(signer=principal, signature=given)
        names = " or ".join(sorted(principals))
        raise BadRequest(
            f"the key it was made with is not, or not now, one of {names} in the allowed signers"
        )

    def _text(self) -> str:
        if self._path is None:
            raise FileError("the policy names no allowed_signers")
        try:
            return Path(self._path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise FileError(f"{self._path}: the allowed signers cannot be read: {why}") from error


def armored(pasted: str) -> str:
    """The signature in what was pasted, nothing around it. Raises BadRequest when there is none."""
    begin, end = pasted.find(_BEGIN), pasted.find(_END)
    if begin < 0 or end < begin or end - begin > _MOST:
        raise BadRequest(_NO_SIGNATURE)
    body = "".join(pasted[begin + len(_BEGIN) : end].split())
    return "\n".join([_BEGIN, *(body[at : at + 70] for at in range(0, len(body), 70)), _END, ""])


def holds(text: str, signature: str) -> bool:
    """Whether the key inside the signature signed this text for an approval; says nothing of whose key it is.

    Raises BadRequest for what is no such signature at all.
    """
    try:
        key, name, namespace = _inside(armored(signature))
        if namespace != NAMESPACE:
            raise BadRequest(
                f"it was signed for {namespace[:40]!r}, not for {NAMESPACE!r}; type the command as it is"
            )
        if "-cert-" in name:
            raise BadRequest("it was signed with a certificate; sign with the key itself")
        itself = f"anybody {name} {base64.b64encode(key).decode()}"
        return asyncssh.validate_sshsig(text.encode(), signature.encode(), "anybody", itself.encode())
    # A key that asyncssh cannot read leaves `itself` empty, which is a ValueError, as broken Base64 is.
    except (ValueError, struct.error) as error:
        raise BadRequest(_NO_SIGNATURE) from error


def _inside(signature: str) -> tuple[bytes, str, str]:
    """Public key, its kind, and namespace. Raises ValueError or struct.error when it has none of that."""
    blob = base64.b64decode("".join(signature.splitlines()[1:-1]), validate=True)
    if not blob.startswith(b"SSHSIG"):
        raise ValueError
    key, namespace = _strings(blob[10:], 2)
    (kind,) = _strings(key, 1)
    return key, kind.decode("ascii"), namespace.decode()


def _strings(packet: bytes, count: int) -> list[bytes]:
    """The first strings of an SSH packet. Raises struct.error when it is too short."""
    found, at = [], 0
    for _ in range(count):
        (size,) = struct.unpack_from(">I", packet, at)
        found.append(struct.unpack_from(f"{size}s", packet, at + 4)[0])
        at += 4 + size
    return found
