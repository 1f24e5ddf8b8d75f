"""The one way to a host: hardened SSH, one round trip a read, at most once an order."""

from bot.ssh.options import SshOptions
from bot.ssh.shell import SshShell

__all__ = ["SshOptions", "SshShell"]
