"""Keys, allowed signers and signatures by OpenSSH's own ssh-keygen."""

import subprocess
from pathlib import Path

import pytest

from bot.model.signed import NAMESPACE
from tests.support.programs import ssh_keygen


def key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """A fresh key without passphrase; the public half lies beside it. Skips where nobody can make one."""
    if ssh_keygen() is None:
        pytest.skip("no signature was made: ssh-keygen is not installed (openssh-client)")
    path = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(path)], check=True, timeout=60
    )
    return path


def public(path: Path) -> str:
    return path.with_name(f"{path.name}.pub").read_text().strip()


def signature(path: Path, text: str, *, namespace: str = NAMESPACE) -> str:
    """What the command on the card prints."""
    done = subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(path)],
        input=text.encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


def by_command(command: str, path: Path) -> str:
    """What the whole command line as shown prints, with another key file in it."""
    line = command.replace("~/.ssh/id_ed25519", str(path))
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
