"""The guard through the real sh: only operations of its table pass, whatever the far end says."""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.hostkit import looks_of, orders_of, write
from bot.model.runbook import Catalog
from bot.remedy import commands_for
from bot.ssh.guarded import look_digest, order_digest
from tests.support.kits import TIMEOUT_S, WEB, catalog_of, kit, look, remedy, step

#: `make guard` says more.
COUNT = int(os.environ.get("RUNBOOK_BOT_GUARD", "10000"))
RUN, NONCE = "0123456789abcdef" * 2, "fedcba9876543210" * 2
CATALOG: Catalog = catalog_of(
    look(step("a", "echo", "hi"), name="502"), remedies=(remedy("restart_unit", ("sudo", "-n", "true")),)
)
LOOK = look_digest(looks_of(WEB, CATALOG)["502"])
ORDER = order_digest(commands_for(orders_of(WEB, CATALOG)["restart_unit"], WEB), TIMEOUT_S)
#: What each key may say, and how the program that it ends in is called.
GOOD = {
    "read": {
        f"v1 look {RUN} {LOOK} 60000": f"look {RUN} 60000 looks/502",
        f"v1 settle {RUN} {NONCE}": f"order {RUN} settle {NONCE}",
    },
    "act": {
        f"v1 act {RUN} {ORDER} {NONCE}": f"order {RUN} act {NONCE} remedies/restart_unit",
        f"v1 settle {RUN} {NONCE}": f"order {RUN} settle {NONCE}",
    },
}
SHELLS = ("dash", "bash", "busybox")
#: Only these may ever run; `held` decides besides that the digest is in the table.
WELL_FORMED = {
    "read": re.compile(
        r"v1 (look [0-9a-f]{32} [0-9a-f]{64} [0-9]{1,6}|settle( [0-9a-f]{32}){2}|kit [0-9a-f]{32})\Z"
    ),
    "act": re.compile(
        r"v1 (act [0-9a-f]{32} [0-9a-f]{64} [0-9a-f]{32}|settle( [0-9a-f]{32}){2}|kit [0-9a-f]{32})\Z"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A guard whose programs only write down how they were called."""

    folder: Path
    shell: tuple[str, ...]

    @property
    def calls(self) -> list[str]:
        log = self.folder / "calls"
        return log.read_text().splitlines() if log.exists() else []

    @property
    def canaries(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "here").iterdir())

    def say(self, key: str, requests: Sequence[str], *, guard: str | None = None, **more: str) -> str:
        """Drive the guard with each request in a subshell of its own; what came out of all of them."""
        text = guard or (self.folder / "lib/guard").read_text()
        script = f"guard() {{\n{text}\n}}\nt() {{ SSH_ORIGINAL_COMMAND=$1; (guard {key}) 2>/dev/null; }}\n"
        script += "".join(f"t '{one}'\n" for one in (request.replace("'", "'\\''") for request in requests))
        done = subprocess.run(
            [*self.shell], input=(script + "exit 0\n").encode("utf-8", "surrogateescape"),
            capture_output=True, cwd=self.folder / "here", timeout=240,
            env={"PATH": "/usr/bin:/bin", "HOME": "/h", **more},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-500:]
        return done.stdout.decode("utf-8", "replace")


@pytest.fixture(params=SHELLS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if shutil.which(request.param) is None:
        pytest.skip(f"no {request.param}: apt-get install {request.param}")
    return placed(tmp_path, ("busybox", "sh") if request.param == "busybox" else (request.param,))


def placed(folder: Path, shell: tuple[str, ...]) -> Place:
    write(kit(catalog=CATALOG, root=str(folder / "lib")), folder)
    (folder / "here").mkdir()
    for program in ("look", "order"):
        (folder / "lib" / program).write_text(
            f'printf \'%s\\n\' "{program} $(echo "$@" | sed "s,{folder}/lib/,,")" >>{folder}/calls\n'
        )
    return Place(folder=folder, shell=shell)


@pytest.mark.parametrize("key", ["read", "act"])
def test_runs_what_its_table_names(place: Place, key: str) -> None:
    place.say(key, list(GOOD[key]))

    assert place.calls == list(GOOD[key].values())


def test_says_which_kit_it_is(place: Place) -> None:
    write(kit(catalog=CATALOG, root=str(place.folder / "lib")), place.folder)

    said = place.say("read", [f"v1 kit {RUN}"])

    assert said.split()[:2] == [f"@{RUN}", "k"]
    assert said.split()[2] == kit(catalog=CATALOG, root=str(place.folder / "lib")).id


@pytest.mark.parametrize("file", ["look", "order", "looks/502", "remedies/restart_unit"])
def test_says_that_a_file_of_its_kit_was_changed(place: Place, file: str) -> None:
    write(kit(catalog=CATALOG, root=str(place.folder / "lib")), place.folder)
    with (place.folder / "lib" / file).open("a") as changed:
        changed.write(" ")

    assert place.say("read", [f"v1 kit {RUN}"]) == f"@{RUN} k changed\n"


@pytest.mark.parametrize(
    ("key", "request_"),
    [
        ("read", f"v1 look {RUN} {'0' * 64} 60000"),
        ("act", f"v1 act {RUN} {'0' * 64} {NONCE}"),
        # The right digest as the wrong kind of operation.
        ("read", f"v1 look {RUN} {ORDER} 60000"),
    ],
)
def test_what_the_table_lacks_is_said_and_not_run(place: Place, key: str, request_: str) -> None:
    said = place.say(key, [request_])

    assert said.startswith(f"@{RUN} d ")
    assert place.calls == []


@pytest.mark.parametrize("key", ["read", "act"])
def test_no_key_may_do_what_the_other_may(place: Place, key: str) -> None:
    others = [words for words in GOOD["act" if key == "read" else "read"] if "settle" not in words]

    said = place.say(key, others)

    assert (said, place.calls) == ("", [])


def test_what_it_runs_has_nothing_of_the_callers_environment(place: Place) -> None:
    (place.folder / "lib/look").write_text(f"env >{place.folder}/environment\n")

    place.say(
        "read", [next(iter(GOOD["read"]))], LD_PRELOAD="", BASH_ENV="/x", LC_MARK="1", PATH="/usr/bin:/bin"
    )

    named = {line.partition("=")[0] for line in (place.folder / "environment").read_text().splitlines()}
    assert named <= {"PATH", "HOME", "PWD", "SHLVL", "_"}


MALFORMED = [
    "", " ", "v1", f"v1 look {RUN}", f"v1 look {RUN} {LOOK}", f"v1 look {RUN} {LOOK} 60000 1",
    f"v2 kit {RUN}", f" v1 kit {RUN}", f"v1 kit {RUN} ", f"v1  kit {RUN}", f"v1 kit {RUN}\n",
    f"v1 kit {RUN}\nid", f"v1\tkit {RUN}", f"v1 kit {RUN};id", f"v1 kit {RUN[:-1]}", f"v1 kit {RUN}0",
    f"v1 kit {RUN.upper()}", f"v1 look {RUN} {LOOK} 6000000", f"v1 look {RUN} {LOOK} -1",
    f"v1 look {RUN} {LOOK[:-1]} 1", f"v1 settle {RUN} {NONCE[:-1]}", f"v1 settle {RUN} {'*' * 32}",
    f"v1 settle {RUN} {'0' * 4000}", f"v1 act {RUN} {ORDER} {'../' * 10}aa", f"v1 kit {'é' * 16}", "sh",
    "sftp-server", "/usr/lib/openssh/sftp-server", "scp -f /etc/shadow", "* * *", "v1 kit *", "-c id",
]  # fmt: skip


@pytest.mark.parametrize("key", ["read", "act"])
def test_what_is_no_operation_is_refused(place: Place, key: str) -> None:
    said = place.say(key, MALFORMED)

    assert (said, place.calls, place.canaries) == ("", [], [])


def test_ten_thousand_requests_run_only_well_formed_operations(tmp_path: Path) -> None:
    place = placed(tmp_path, ("sh",))
    noise = random.Random(502)
    requests = [_request(noise) for _ in range(COUNT)]

    for key in ("read", "act"):
        place.say(key, requests[key == "act" :: 2])

    named = {f"{RUN}", f"{NONCE}"}
    allowed = {call for good in GOOD.values() for call in good.values()}
    assert {_shape(call, named) for call in place.calls} <= {_shape(call, named) for call in allowed}
    passed = sum(
        bool(WELL_FORMED[key].match(one)) for key in WELL_FORMED for one in requests[key == "act" :: 2]
    )
    assert 0 < len(place.calls) <= passed < COUNT / 4
    assert place.canaries == []


#: Lines of the guard, each with how it reads when the control is gone, and what then passes.
CONTROLS = {
    "blanks": ('[ "$*" = "$said" ]', "true", "read", f"v1  kit {RUN}"),
    "the key of looks": ("read.look.5)", "*.look.5)", "act", f"v1 look {RUN} {LOOK} 60000"),
    "the key of orders": ("act.act.5)", "*.act.5)", "read", f"v1 act {RUN} {ORDER} {NONCE}"),
    "the table of looks": ('held look "$4" || drifted', "name=502", "read", f"v1 look {RUN} {'0' * 64} 1"),
    "the table of orders": ('held act "$4" || drifted', "name=x", "act", f"v1 act {RUN} {'0' * 64} {NONCE}"),
    "the form of marks": ('is_hex "$3" 32', "true", "read", f"v1 settle id {NONCE}"),
    "the arity": ("read.settle.4 |", "read.settle.* |", "read", f"v1 settle {RUN} {NONCE} 0"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_each_control_of_the_guard_is_needed(tmp_path: Path, name: str) -> None:
    control, instead, key, request = CONTROLS[name]
    place = placed(tmp_path, ("sh",))
    whole = (tmp_path / "lib/guard").read_text()
    assert whole.count(control) == 1

    with_it = (place.say(key, [request]), place.calls)
    without = (place.say(key, [request], guard=whole.replace(control, instead)), place.calls)

    assert with_it[1] == []
    assert with_it != without


#: What an attacker would put where a word belongs.
_WORDS = (
    "$(touch canary)", "`touch canary`", ";touch canary", "|touch canary", "&touch canary",
    "\ntouch canary\n", "$IFS", "*", "?", "[a-z]*", "../../bin/sh", "-c", "--", "'", '"', "\\", "\x01",
    "\x1b[0m", "é", "\u202e", "\udcff", "${HOME}", "~", "<canary", ">canary", "#", "!", "{a,b}", "%s%n",
    "look", "act", "settle", "kit", "v1", "V1", "0", "00", "60000", "9" * 7, "9" * 200,
)  # fmt: skip
_OPERATIONS = ("look", "act", "settle", "kit", "Look", "exec", "shell", "")


def _request(noise: random.Random) -> str:
    """Well-formed at times, mostly nearly so, and at times anything."""
    kind = noise.random()
    if kind < 0.3:
        return " ".join(noise.choice(_WORDS) for _ in range(noise.randrange(8)))
    good = noise.choice([*GOOD["read"], *GOOD["act"], f"v1 kit {RUN}"])
    if kind < 0.4:
        return good
    words = good.split()
    at = noise.randrange(len(words))
    match noise.randrange(6):
        case 0:
            words[at] = noise.choice(_WORDS)
        case 1:
            words[at] += noise.choice(_WORDS)
        case 2:
            del words[at]
        case 3:
            words.insert(at, noise.choice(_WORDS))
        case 4:
            words[1] = noise.choice(_OPERATIONS)
        case _:
            place = noise.randrange(len(words[at]))
            words[at] = words[at][:place] + chr(noise.randrange(1, 256)) + words[at][place + 1 :]
    return noise.choice((" ", " ", " ", "\t", "\n", "  ")).join(words)


def _shape(call: str, known: set[str]) -> str:
    """A call without the digits of its marks and times, which a well-formed request may choose."""
    words = ["HEX" if re.fullmatch("[0-9a-f]{32}", word) else word for word in call.split()]
    return " ".join("MS" if re.fullmatch("[0-9]{1,6}", word) else word for word in words)
