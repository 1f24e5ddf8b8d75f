"""ansible-core with 50 forks: `raw` ad hoc with the batch, or a playbook of fifteen `shell` tasks."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.work import BATCH, COMMANDS, Farm, Stopwatch


def run(path: str, kind: str) -> None:
    """All hosts; one line of figures. Ansible says nothing before its first task has ended somewhere."""
    farm = Farm.load(path)
    with tempfile.TemporaryDirectory(prefix="a") as folder:
        argv = _argv(farm, kind, Path(folder))
        environment = dict(
            os.environ, ANSIBLE_HOME=folder, ANSIBLE_CONFIG=f"{folder}/none", ANSIBLE_FORKS="50"
        )
        environment |= {"ANSIBLE_SSH_CONTROL_PATH_DIR": f"{folder}/c", "ANSIBLE_LOCALHOST_WARNING": "False"}
        watch = Stopwatch()
        process = subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if "127.0.0.1" in line or line.startswith(("ok:", "changed:", "h0")):
                watch.heard()
        if process.wait():
            raise SystemExit(f"ansible {kind} ended with {process.returncode}")
        watch.say()


def _argv(farm: Farm, kind: str, folder: Path) -> list[str]:
    binaries = Path(sys.executable).parent
    inventory = folder / "hosts"
    shared = (
        f"ansible_host=127.0.0.1 ansible_user={farm.user} ansible_ssh_private_key_file={farm.identity} "
        "ansible_python_interpreter=/usr/bin/python3 "
        f"ansible_ssh_common_args='-F /dev/null -o UserKnownHostsFile={farm.known_hosts}'"
    )
    lines = (f"{target.name} ansible_port={target.port} {shared}" for target in farm.targets)
    inventory.write_text("\n".join(lines) + "\n")
    if kind == "raw":
        return [str(binaries / "ansible"), "all", "-i", str(inventory), "-m", "raw", "-a", BATCH]
    tasks = "".join(f"    - ansible.builtin.shell: {' '.join(argv)}\n" for argv in COMMANDS)
    playbook = folder / "play.yml"
    playbook.write_text(f"- hosts: all\n  gather_facts: false\n  tasks:\n{tasks}")
    return [str(binaries / "ansible-playbook"), "-i", str(inventory), str(playbook)]


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
