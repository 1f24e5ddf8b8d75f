"""Programs beside Python that some tests drive."""

import os
import shutil

_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


def browser() -> str | None:
    """Path of a Chromium; None when there is none."""
    return shutil.which("chromium", path=_PATH) or shutil.which("google-chrome", path=_PATH)


def sshd() -> str | None:
    """Path of an OpenSSH server; None when there is none."""
    return shutil.which("sshd", path=_PATH)


def ssh_keygen() -> str | None:
    """Path of OpenSSH's ssh-keygen; None when there is none."""
    return shutil.which("ssh-keygen", path=_PATH)
