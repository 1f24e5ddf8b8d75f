"""The key file and the second sink: for their owner alone, and errors that say what to do."""

import socket
from pathlib import Path

import pytest

from bot.audit import keys
from bot.audit.lines import AcceptedLine, AnchorLine, accepted_line, anchor_line, read_lines
from bot.audit.sink import FileSink, NoSink, SyslogSink, sink_of
from bot.errors import BadRequest, LedgerUnavailable, SettingsError
from bot.store.system import RollbackAccepted

LINE = anchor_line(at="2026-01-31T03:00:00Z", n=4, total=9, place=(8, "a" * 64), checkpoint="b" * 64, key="")
ACCEPTED = RollbackAccepted(lost="system#8=" + "a" * 64, kept=3, person="terminal:mei x", reason="disk")


def test_a_key_is_made_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"

    made = keys.load(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load(path).public == made.public
    assert keys.is_signed(b"x", public=made.public, signature=made.sign(b"x"))
    assert not keys.is_signed(b"y", public=made.public, signature=made.sign(b"x"))
    assert not keys.is_signed(b"x", public=made.public, signature=made.sign(b"x").upper())
    assert not keys.is_signed(b"x", public=made.public, signature="zz")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    keys.load(path)
    path.chmod(0o640)

    with pytest.raises(SettingsError, match="can be read by others; chmod 600"):
        keys.load(path)


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----"]
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(SettingsError, match="move it away"):
        keys.load(path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        keys.load(tmp_path / "none" / "key.pem")


def test_a_rotated_key_leaves_the_old_one_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    old, new = keys.load(path), keys.fresh_key()

    keys.replace_key(path, new)

    assert keys.load(path).public == new.public
    assert keys.load(path.with_name("key.pem.old")).public == old.public


def test_public_keys_are_typed_or_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# bot\n{'a' * 64}\n{'b' * 64}\n")

    assert keys.public_keys("c" * 64) == ("c" * 64,)
    assert keys.public_keys(str(file)) == ("a" * 64, "b" * 64)
    for wrong in ("", "abc", str(tmp_path / "none")):
        with pytest.raises(BadRequest, match="64 hex digits"):
            keys.public_keys(wrong)


def test_lines_are_read_whatever_a_syslog_puts_before_them() -> None:
    found = read_lines(
        [f"Jan 31 03:00:00 db1 runbook-bot: {LINE}", "other", accepted_line(ACCEPTED), LINE[:-9]]
    )

    assert [type(one) for one in found] == [AnchorLine, AcceptedLine]
    assert found[1] == AcceptedLine(lost=ACCEPTED.lost, kept=3, person=ACCEPTED.person)


def test_a_name_cannot_break_out_of_its_line() -> None:
    line = accepted_line(RollbackAccepted(lost="system#8=a", kept=3, person=f"x\n{LINE}", reason=""))

    assert "\n" not in line
    assert [type(one) for one in read_lines([line])] == [AcceptedLine]


def test_a_file_is_only_appended_to_and_for_its_owner_alone(tmp_path: Path) -> None:
    sink = sink_of(str(tmp_path / "anchors.log"))
    for line in ("one", "two"):
        sink.write(line)

    assert sink.tail() == ("one", "two")
    assert (tmp_path / "anchors.log").stat().st_mode & 0o777 == 0o600


def test_only_the_end_of_a_long_file_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "anchors.log"
    path.write_text("x" * 300 * 1024 + "\nlast\n")

    assert FileSink(path).tail() == ("last",)
    assert FileSink(tmp_path / "none").tail() == ()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match="Is a directory; see RUNBOOK_BOT_ANCHORS"):
        FileSink(tmp_path).write("x")


def test_syslog_is_told_over_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        sink_of(f"syslog:127.0.0.1:{server.getsockname()[1]}").write(LINE)
        said = server.recv(4096).decode()

    assert said.startswith("<37>1 ") and said.endswith(LINE)
    assert len(read_lines([said])) == 1


def test_this_machines_syslog_is_told_over_its_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log"
    monkeypatch.setattr("bot.audit.sink._LOCAL", str(path))
    with pytest.raises(LedgerUnavailable, match="cannot be told"):
        SyslogSink().write(LINE)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(path))
        server.settimeout(10)
        sink_of("syslog:").write(LINE)
        said = server.recv(4096).decode()

    assert said == f"<37>runbook-bot: {LINE}"
    assert SyslogSink().tail() == ()


def test_no_sink_and_a_wrong_port() -> None:
    assert isinstance(sink_of(None), NoSink)
    with pytest.raises(SettingsError, match="syslog:HOST:PORT"):
        sink_of("syslog:here:none")
