"""Programs beside Python that some tests drive."""

import os
import shutil

_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


#: The shell is the same engine without the windows around it, which cost twice what the pages do.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """Path of a Chromium; None when there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name, path=_PATH))), None)


def sshd() -> str | None:
    """Path of an OpenSSH server; None when there is none."""
    return shutil.which("sshd", path=_PATH)


def ssh_keygen() -> str | None:
    """Path of OpenSSH's ssh-keygen; None when there is none."""
    return shutil.which("ssh-keygen", path=_PATH)
