"""A folder that looks like Linux's /proc, with processes of any number and any user."""

from pathlib import Path


class Procfs:
    """What scripts read of /proc, as they do as a login that owns none of the processes."""

    boot_s = 1_796_000_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        (folder / "stat").write_text(f"cpu 1 2 3\nbtime {self.boot_s}\n")
        self.add(1, "/sbin/init", uid=0, parent=0)

    def add(
        self,
        pid: int,
        title: str,
        *,
        uid: int,
        parent: int = 1,
        effective_uid: int | None = None,
        unit: str = "",
        ticks: int = 0,
        inside: bool = False,
    ) -> None:
        """One process; `ticks` are hundredths of a second from boot to its start."""
        folder = self.folder / str(pid)
        folder.mkdir()
        name = title.partition(":")[0][:15]
        numbers = f"{pid}\t1" if inside else str(pid)
        acts_as = uid if effective_uid is None else effective_uid
        rest = " ".join(["S", str(parent), *["0"] * 17, str(ticks), "0", "0"])
        (folder / "cmdline").write_text(f"{title}\0\0\0")
        (folder / "comm").write_text(f"{name}\n")
        (folder / "stat").write_text(f"{pid} ({name}) {rest}\n")
        (folder / "status").write_text(
            f"Name:\t{name}\nPPid:\t{parent}\nUid:\t{uid}\t{acts_as}\t{acts_as}\t{acts_as}\nNSpid:\t{numbers}\n"
        )
        (folder / "cgroup").write_text(f"0::/system.slice/{unit}\n" if unit else "0::/\n")
        (folder / "limits").write_text(
            "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\n"
        )

    def seen_by(self, script: str) -> str:
        """The script, with this folder in place of /proc."""
        return script.replace("/proc/", f"{self.folder}/")
