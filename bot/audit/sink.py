"""The second place checkpoints are told to: an append-only file, or syslog."""

import errno
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from bot.errors import LedgerUnavailable, SettingsError
from bot.store.folder import sync_folder

#: Read back from the end of the file at a start.
_TAIL_BYTES = 256 * 1024
_SYSLOG = "syslog:"
_LOCAL = "/dev/log"
_PORT = 514
#: Facility auth (4), severity notice (5): RFC 5424, section 6.2.1.
_PRIORITY = 4 * 8 + 5


class Sink(Protocol):
    """Takes lines and, where it can, gives the last ones back."""

    def write(self, line: str) -> None:
        """Add a line. Raises LedgerUnavailable."""
        ...

    def tail(self) -> tuple[str, ...]:
        """The last lines, oldest first; empty when it cannot be read. Raises LedgerUnavailable."""
        ...


class NoSink:
    """Nobody is told."""

    def write(self, line: str) -> None:
        """Nothing."""

    def tail(self) -> tuple[str, ...]:
        """Empty."""
        return ()


class FileSink:
    """A file that is only ever appended to; made with mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, line: str) -> None:
        """One write, then to the disk; of a new file the name, too."""
        try:
            is_new = not self._path.exists()
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            descriptor = os.open(self._path, flags, 0o600)
            try:
                content = f"{line}\n".encode()
                if os.write(descriptor, content) < len(content):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise self._unusable(error) from error

    def tail(self) -> tuple[str, ...]:
        """Whole lines of the last 256 KiB; empty when there is no file yet."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL_BYTES))
                lines = file.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise self._unusable(error) from error
        return tuple(lines[1:] if size > _TAIL_BYTES else lines)

    def _unusable(self, error: OSError) -> LedgerUnavailable:
        return LedgerUnavailable(
            f"anchors file {str(self._path)!r} cannot be used: {error.strerror}; see RUNBOOK_BOT_ANCHORS"
        )


class SyslogSink:
    """This machine's syslog, or another one's over UDP. It cannot be read back."""

    def __init__(self, host: str = "", port: int = _PORT) -> None:
        self._host, self._port = host, port

    def write(self, line: str) -> None:
        """One datagram."""
        try:
            if not self._host:
                self._send(socket.AF_UNIX, _LOCAL, f"<{_PRIORITY}>runbook-bot: {line}")
                return
            family, _, _, _, address = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)[0]
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            head = f"<{_PRIORITY}>1 {at} {socket.gethostname()} runbook-bot {os.getpid()} anchor -"
            self._send(family, address, f"{head} {line}")
        except OSError as error:
            where = self._host or _LOCAL
            raise LedgerUnavailable(
                f"syslog at {where} cannot be told: {error.strerror or error}; see RUNBOOK_BOT_ANCHORS"
            ) from error

    def tail(self) -> tuple[str, ...]:
        """Empty."""
        return ()

    def _send(self, family: int, address: object, message: str) -> None:
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.settimeout(2.0)
            sender.connect(address)  # type: ignore[arg-type]  # a path or what getaddrinfo gave
            sender.send(message.encode())


def sink_of(given: str | None) -> Sink:
    """The sink that RUNBOOK_BOT_ANCHORS names. Raises SettingsError."""
    if not given:
        return NoSink()
    if not given.startswith(_SYSLOG):
        return FileSink(Path(given))
    host, _, port = given.removeprefix(_SYSLOG).partition(":")
    if port and not (port.isdecimal() and 0 < int(port) < 65536):
        raise SettingsError(f"RUNBOOK_BOT_ANCHORS: no port {port!r}; give syslog:HOST:PORT")
    return SyslogSink(host, int(port or _PORT))
