# A row of a table stands on one line.
# ruff: noqa: E501
from pathlib import Path

import pytest

from bot import fleet
from bot.errors import FileError, UnknownHost
from bot.model.host import Fleet, Mode

_SMALLEST = """\
hosts:
  web-01: {address: 10.88.0.11, user: runbook, tags: [web], service: {unit: myapp.service, health: /livez}}
ssh: {identity: ./id_runbook, known_hosts: ./known_hosts}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "id_runbook").write_text("key")
    (tmp_path / "known_hosts").write_text("hosts")
    return tmp_path


def _load(folder: Path, text: str) -> Fleet:
    path = folder / "fleet.yaml"
    path.write_text(text, encoding="utf-8")
    return fleet.load(path)[0]


def _refusal(folder: Path, text: str) -> str:
    with pytest.raises(FileError) as refused:
        _load(folder, text)
    says = str(refused.value)
    assert all(line.startswith(str(folder / "fleet.yaml")) for line in says.splitlines()), says
    return says.replace(str(folder), "")


def _with_host(line: str) -> str:
    return _SMALLEST.replace("address: 10.88.0.11, user: runbook, tags: [web], ", f"{line}, ")


def test_the_smallest_file_is_enough(folder: Path) -> None:
    host = _load(folder, _SMALLEST).hosts["web-01"]

    assert (host.name, host.address, host.port, host.user) == ("web-01", "10.88.0.11", 22, "runbook")
    assert (host.tags, host.service.unit, host.service.health) == (
        frozenset({"web"}),
        "myapp.service",
        "/livez",
    )
    assert (host.service.nginx.unit, host.bastion, host.public_url) == ("nginx.service", None, None)


def test_paths_are_taken_from_the_files_own_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")

    loaded = _load(folder, _SMALLEST)

    assert loaded.ssh.identity == str(folder / "id_runbook")
    assert loaded.ssh.known_hosts == str(folder / "known_hosts")


def test_the_policy_is_handed_on_as_written(folder: Path) -> None:
    path = folder / "fleet.yaml"
    path.write_text(_SMALLEST + "policy: {people: {}}\n")

    assert fleet.load(path)[1] == {"people": {}}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("user: runbook", "usr: runbook", "hosts.web-01.usr: unknown key; did you mean 'user'?"),
        ("user: runbook, ", "", "hosts.web-01.user: missing; add it"),
        ("address: 10.88.0.11, ", "", "hosts.web-01.address: missing; add it"),
        ("unit: my", "unti: my", "hosts.web-01.service.unti: unknown key; did you mean 'unit'?"),
        ("ssh: {identity: ./id_runbook", "ssh: {identiy: ./id_runbook", "ssh.identiy: unknown key; did you mean 'identity'?"),
        ("ssh:", "shh:", "shh: unknown key; did you mean 'ssh'?"),
        ("hosts:", "host:", "hosts: missing; add it"),
        ("./id_runbook", "./id_rnbook", "ssh.identity: no file '/id_rnbook'; write its path from the fleet file's folder"),
        ("./known_hosts", ".", "ssh.known_hosts: no file '/'; write its path from the fleet file's folder" ),
        ("./known_hosts", "~nobody-here/x", "ssh.known_hosts: '~nobody-here/x' is no path"),
        ("./known_hosts", '"a\\0b"', "ssh.known_hosts: 'a\\x00b' is no path"),
        ("web-01:", "Web-01:", "hosts.Web-01: a host's name is lower-case letters, digits, '-' and '.'; rename it"),
        ("web-01:", "-web:", "hosts.-web: a host's name is"),
        ("web-01:", '"we\\nb":', "a host's name is"),
        ("tags: [web]", "tags: web", "hosts.web-01.tags: "),
        ("tags: [web]", "port: 0", "hosts.web-01.port: "),
        ("tags: [web]", "port: 70000", "hosts.web-01.port: "),
        ("tags: [web]", "port: true", "hosts.web-01.port: "),
        ("tags: [web]", "port: ssh", "hosts.web-01.port: "),
        ("unit: my", "container: -x, unit: my", "hosts.web-01.service.container: must be a container's name"),
        ("unit: my", "container: cafe, unit: my", "hosts.web-01.service.container: is all hexadecimal digits: with that container gone"),
        ("unit: my", "container: '1', unit: my", "rename it (`docker rename 1 1-app`)"),
        ("unit: my", "container: shop, unit: my", "hosts.web-01.service.container: stands beside service.unit"),
        ("tags: [web]", "bastion: jmp", "hosts.web-01.bastion: no host 'jmp'; there are: web-01"),
        ("tags: [web]", "bastion: web-02", "hosts.web-01.bastion: no host 'web-02'; did you mean 'web-01'?"),
        ("tags: [web]", "bastion: web-01", "hosts.web-01.bastion: goes in a circle: web-01 -> web-01"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_key_and_a_way_out(old: str, new: str, says: str, folder: Path) -> None:
    assert old in _SMALLEST

    assert says in _refusal(folder, _SMALLEST.replace(old, new)).replace("''", "'/'")


@pytest.mark.parametrize("name", ["shop", "db-app", "db_1", "be.1", "DB", "cafes"])
def test_a_name_that_no_id_begins_with_is_a_containers_name(name: str, folder: Path) -> None:
    loaded = _load(folder, _SMALLEST.replace("unit: myapp.service", f"container: {name}"))

    assert loaded.hosts["web-01"].service.container == name


def test_every_mistake_has_its_own_line(folder: Path) -> None:
    says = _refusal(folder, "hosts: {web-01: {adress: 10.0.0.1, user: ROOT}}\nssh: {}\n")

    assert len(says.splitlines()) == 5


def test_no_hosts_is_a_mistake(folder: Path) -> None:
    assert "hosts: empty; name at least one host" in _refusal(
        folder, "hosts: {}\n" + _SMALLEST.splitlines()[2]
    )


def test_bastions_in_a_circle_are_found_from_outside_of_it(folder: Path) -> None:
    hosts = "".join(
        f"  {name}: {{address: 10.0.0.1, user: r, bastion: {via}}}\n"
        for name, via in (("a", "b"), ("b", "c"), ("c", "b"))
    )

    says = _refusal(folder, f"hosts:\n{hosts}{_SMALLEST.splitlines()[2]}\n")

    assert "hosts.a.bastion: goes in a circle: a -> b -> c -> b" in says


_HOSTILE_VALUES = {
    "address": [
        "-oProxyCommand=x", "--x", "", "a b", "a;b", "$(reboot)", "`id`", "a\\nb", "a\\0b", "10.0.0.1 -v", "user@host", "a/b",
        "-", "host-", ":", ":::", "1:2", "10.0.0.1:22", "fe80::1%a b", "a\\u202eb",
    ],
    "user": ["-l", "ro ot", "root;id", "ROOT", "", "a\\nb", "a" * 40, "$USER"],
    "public_url": ["file:///etc/passwd", "http://-x/", "http://u:p@h/", "http://h/\\nx", "javascript:x", "http://h/$(x)", "h"],
    "environment": ["-x", "a b", "a\\nb", "", "a;b"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in _HOSTILE_VALUES.items() for value in values]
)
def test_a_hostile_value_of_a_host_is_refused(key: str, value: str, folder: Path) -> None:
    fields = {"address": '"10.0.0.1"', "user": '"r"'} | {key: f'"{value}"'}
    line = ", ".join(f"{name}: {given}" for name, given in fields.items())

    assert f"hosts.web-01.{key}: must be " in _refusal(folder, _with_host(line))


_HOSTILE_SERVICE = {
    "unit": ["-x", "--root=/.service", "-x.service", "a b.service", "myapp", "a.service;id", "a\\n.service", "../a.service", "a.mount", "a.service -x"],
    "health": ["livez", "/a b", "/a\\nb", "/$(id)", "/`id`", "/a'b", "http://x/", "-x", ""],
    "site": ["-x", "a b", "a\\r\\nX: y", "a/b", "", "a:b"],
    "name": ["-x", "a b", "", "a/b"],
    "data": ["[srv]", '["/srv/../etc"]', '["/srv/.."]', '["-x"]', '["/a\\nb"]', '["/a;b"]', '["/a$b"]', '["/a "]', '[""]'],
    "release": ["{link: current}", '{link: "/srv/../x"}', '{directory: "-x"}', '{rollback: ["-x"]}', "{rollback: [rollback, x]}", '{rollback: ["/bin/x", "a\\nb"]}', '{rollback: [""]}'],
    "nginx": ["{unit: -x}", "{config: nginx.conf}", '{error_log: "/var/log/../../etc/shadow"}', '{access_log: "-x"}', '{url: "file:///x"}', '{url: "-x"}'],
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in _HOSTILE_SERVICE.items() for value in values]
)
def test_a_hostile_value_of_a_service_is_refused(key: str, value: str, folder: Path) -> None:
    given = value if value.startswith(("{", "[")) else f'"{value}"'
    text = _SMALLEST.replace("{unit: myapp.service, health: /livez}", f"{{{key}: {given}}}")

    assert f"hosts.web-01.service.{key}" in _refusal(folder, text)


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "web-01.shop.example", "2001:db8::1", "fe80::1%eth0", "localhost", "::1"]
)
def test_a_good_address_is_taken(address: str, folder: Path) -> None:
    assert _load(folder, _with_host(f'address: "{address}", user: r')).hosts["web-01"].address == address


def test_the_fleets_own_rollback_may_have_options(folder: Path) -> None:
    text = _SMALLEST.replace(
        "health: /livez", "release: {rollback: [/usr/local/sbin/app-rollback, --to, previous]}"
    )

    rollback = _load(folder, text).hosts["web-01"].service.release.rollback

    assert rollback == ("/usr/local/sbin/app-rollback", "--to", "previous")


def test_a_host_is_found_by_its_exact_name_only(folder: Path) -> None:
    loaded = _load(folder, _SMALLEST)

    assert fleet.host_named(loaded, "web-01").name == "web-01"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("web-1", "no host 'web-1' in the fleet; did you mean 'web-01'?"),
        ("WEB-01", "no host 'WEB-01' in the fleet; there are: web-01"),
        ("-oProxyCommand=x", "no host '-oProxyCommand=x' in the fleet; there are: web-01"),
        ("web-01\n", "no host 'web-01?' in the fleet; did you mean 'web-01'?"),
        ("\x1b[31m\u202e", "no host '?[31m?' in the fleet; there are: web-01"),
        ("x" * 5000, f"no host '{'x' * 60}' in the fleet; there are: web-01"),
        ("", "no host '' in the fleet; there are: web-01"),
    ],
)
def test_an_unknown_host_is_told_the_nearest_name(name: str, says: str, folder: Path) -> None:
    loaded = _load(folder, _SMALLEST)

    with pytest.raises(UnknownHost) as refused:
        fleet.host_named(loaded, name)

    assert str(refused.value) == says


_GUARDED = _SMALLEST.replace("user: runbook,", "user: runbook, mode: guarded,").replace(
    "identity: ./id_runbook,",
    "identity: ./id_runbook, act_identity: ./id_act, sources: [10.1.2.0/28, '::1'],",
)


def test_a_guarded_host_has_an_acting_key(folder: Path) -> None:
    (folder / "id_act").write_text("key")

    loaded = _load(folder, _GUARDED)

    assert loaded.hosts["web-01"].mode is Mode.GUARDED
    assert (loaded.ssh.act_identity, loaded.ssh.sources) == (str(folder / "id_act"), ("10.1.2.0/28", "::1"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            " act_identity: ./id_act,",
            "",
            "ssh.act_identity: missing, and web-01 is guarded; name a second private key",
        ),
        ("./id_act", "./id_runbook", "ssh.act_identity: is ssh.identity too; make a key of its own"),
        ("./id_act", "./nowhere", "ssh.act_identity: no file"),
        ("10.1.2.0/28", "10.1.2.3/28", "has host bits set"),
        ("10.1.2.0/28", "bot.example.com", "does not appear to be an IPv4 or IPv6 network"),
        ("mode: guarded", "mode: guard", "'plain' or 'guarded'"),
    ],
)
def test_a_guard_that_cannot_hold_is_refused(folder: Path, old: str, new: str, says: str) -> None:
    (folder / "id_act").write_text("key")

    assert says in _refusal(folder, _GUARDED.replace(old, new))


def test_a_list_that_was_written_as_a_word_is_shown_as_a_list(folder: Path) -> None:
    says = _refusal(folder, _SMALLEST.replace("tags: [web]", "tags: web"))

    assert says == "/fleet.yaml: hosts.web-01.tags: must be a list, e.g. [web] (got 'web')"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://shop.example/", "shop.example"),
        ("https://10.88.0.11/", "localhost"),
        ("http://[::1]/", "localhost"),
    ],
)
def test_asks_for_the_site_that_visitors_ask_for(folder: Path, url: str, site: str) -> None:
    loaded = _load(folder, _with_host(f"address: 10.88.0.11, user: runbook, public_url: '{url}'"))

    assert loaded.hosts["web-01"].service.site == site
