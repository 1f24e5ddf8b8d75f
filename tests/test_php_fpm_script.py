"""php_fpm.sh: on processes that are titled as PHP-FPM's, and sockets that are really dialled."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.parsers.php_fpm import PhpFpm, php_fpm
from tests.support.asked import output

SCRIPT = (Path(__file__).parents[1] / "runbooks" / "scripts" / "php_fpm.sh").read_text()
SHELLS = [
    shell for shell in (("sh",), ("dash",), ("bash", "--posix"), ("busybox", "sh")) if shutil.which(shell[0])
]
pytestmark = pytest.mark.skipif(not Path("/proc/net/unix").exists(), reason="reads Linux's /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A master of a configuration of its own, with a pool whose socket has two connections, one taken."""
    config, path = tmp_path / "php-fpm.conf", tmp_path / "a.sock"
    (tmp_path / "pool.d").mkdir()
    (tmp_path / "fpm.log").write_text(
        "[30-Nov-2026 10:30:05] WARNING: [pool www] child 9 exited with code 255\n"
    )
    config.write_text(f"error_log = {tmp_path}/fpm.log ; told\ninclude={tmp_path}/pool.d/*.conf\n")
    (tmp_path / "pool.d" / "www.conf").write_text(
        f"[www]\nlisten = {tmp_path}/a.sock\npm.max_children = 3\n; pm = static\nenv[PASSWORD] = hunter2\n"
        '[blog]\nlisten = "/run/$pool.sock"\nsecurity.limit_extensions = .php .phtml\n'
    )
    (tmp_path / "link.sock").symlink_to(path)
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(str(path))
        listener.listen(5)
        for _ in range(2):
            stack.enter_context(socket.socket(socket.AF_UNIX)).connect(str(path))
        stack.enter_context(listener.accept()[0])
        master = subprocess.Popen(
            ["bash", "-c", f"exec -a 'php-fpm: master process ({config})' sleep 60"], stdin=subprocess.DEVNULL
        )
        stack.callback(master.wait)
        stack.callback(master.kill)
        yield tmp_path


def look(shell: tuple[str, ...]) -> PhpFpm:
    done = subprocess.run(
        [*shell, "-c", SCRIPT, "php_fpm"], capture_output=True, text=True, timeout=30, check=True
    )
    assert "hunter2" not in done.stdout
    return php_fpm(output("php_fpm", done.stdout))


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_tells_masters_files_connections_and_logs(folder: Path, shell: tuple[str, ...]) -> None:
    fpm = look(shell)

    config = str(folder / "php-fpm.conf")
    assert [master.config for master in fpm.masters if master.config == config] == [config]
    (www, blog) = (pool for pool in fpm.pools if pool.config == config)
    assert (www.name, www.listen, www.max_children) == ("www", f"{folder}/a.sock", 3)
    assert "pm" not in www.settings
    assert (www.taken, www.waiting) == ((1, 1), (1, 1))
    assert www.master is not None
    assert (blog.listen, blog.settings["security.limit_extensions"]) == ("/run/blog.sock", ".php .phtml")
    assert [pool.name for pool in fpm.pools_at(f"unix:{folder}/link.sock")] == ["www"]
    assert "child 9 exited with code 255" in [entry.message for entry in fpm.said]
