"""The audit of the lock: a planted bad version fails it, and so does a database that does not answer."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.test_checks import AUDIT

BIN = Path(sys.executable).parent
#: A line of a lock as it was when the hole was open; the hash is of no file, for nothing is downloaded.
PLANTED = f"asyncssh==2.13.0 --hash=sha256:{'0' * 64}\n"
HARMLESS = f"asyncssh==2.24.1 --hash=sha256:{'0' * 64}\n"


class _Advisories(BaseHTTPRequestHandler):
    """Answers as OSV does, and knows one hole."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        holes = [_HOLE] if (asked["package"]["name"], asked["version"]) == ("asyncssh", "2.13.0") else []
        answer = json.dumps({"vulns": holes} if holes else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


_HOLE = {
    "id": "CVE-2023-46445",
    "summary": "rogue extension negotiation",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "asyncssh"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.14.1"}]}],
        }
    ],
}


@contextmanager
def advisories() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Advisories)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def audited(folder: Path, lock: str, database: str) -> tuple[int, str]:
    path = folder / "planted.lock"
    path.write_text(lock)
    ran = subprocess.run(
        [str(BIN / "pip-audit"), *AUDIT, "--vulnerability-service", "osv", "--osv-url", database, "-r", path],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture(autouse=True)
def _has_the_program() -> None:
    if not (BIN / "pip-audit").exists():
        pytest.skip("pip-audit is not in this environment: make test installs it")


def test_a_planted_bad_version_fails_it(tmp_path: Path) -> None:
    with advisories() as database:
        status, said = audited(tmp_path, PLANTED, database)

    assert status != 0
    assert "CVE-2023-46445" in said and "2.13.0" in said


def test_a_good_version_passes(tmp_path: Path) -> None:
    with advisories() as database:
        status, said = audited(tmp_path, HARMLESS, database)

    assert (status, "No known vulnerabilities" in said) == (0, True), said


def test_no_answer_is_no_clean_bill(tmp_path: Path) -> None:
    status, said = audited(tmp_path, HARMLESS, "http://127.0.0.1:9/v1/query")

    assert status != 0
    assert "No known vulnerabilities" not in said
