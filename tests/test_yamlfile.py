from pathlib import Path

import pytest

from bot import yamlfile
from bot.errors import FileError

#: What is hostile or mistaken about it -> (file, line that is to blame, words of the refusal).
_HOSTILE: dict[str, tuple[bytes, int, str]] = {
    "anchor": (b"a: &x 1\n", 1, "anchors"),
    "anchor on a mapping": (b"a: 1\nb: &x\n  c: 1\n", 2, "anchors"),
    "anchor on a sequence": (b"a: &x [1]\n", 1, "anchors"),
    "anchor on a key": (b"&x a: 1\n", 1, "anchors"),
    "alias": (b"a: 1\nb: *a\n", 2, "a"),
    "alias as a key": (b"*a : 1\n", 1, "a"),
    "billion laughs": (b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", 1, "anchors"),
    "merge by alias": (b"a: &a {x: 1}\nb:\n  <<: *a\n", 1, "anchors"),
    "python object": (b"a: !!python/object/apply:os.system ['true']\n", 1, "tag"),
    "python name": (b"a: 1\nb: !!python/name:os.system\n", 2, "tag"),
    "python module": (b"a: !!python/module:os\n", 1, "tag"),
    "local tag": (b"a: !secret x\n", 1, "tag"),
    "bare tag": (b"a: ! x\n", 1, "tag"),
    "string tag": (b"a: !!str 1\n", 1, "tag"),
    "binary tag": (b"a: !!binary AAAA\n", 1, "tag"),
    "set tag": (b"a: !!set {x, y}\n", 1, "tag"),
    "ordered map tag": (b"a: !!omap [x: 1]\n", 1, "tag"),
    "tag on the top": (b"!x\na: 1\n", 1, "tag"),
    "tag on a key": (b"!x a: 1\n", 1, "tag"),
    "verbatim tag": (b"a: !<tag:yaml.org,2002:str> x\n", 1, "tag"),
    "own tag handle": (b"%TAG ! tag:x,2000:\n---\na: !y 1\n", 3, "tag"),
    "same key twice": (b"a: 1\na: 2\n", 2, "stands twice"),
    "same key, quoted": (b"a: 1\nb: 2\n'a': 3\n", 3, "stands twice"),
    "same key inside": (b"x:\n  a: 1\n  b: 1\n  a: 2\n", 4, "stands twice"),
    "same key in braces": (b"x: {a: 1, a: 2}\n", 1, "stands twice"),
    "a list as a key": (b"? [a]\n: 1\n", 1, "plain text"),
    "a mapping as a key": (b"x:\n  ? {a: 1}\n  : 1\n", 2, "plain text"),
    "deep lists": (b"a: " + b"[" * 40 + b"]" * 40, 1, "levels"),
    "deep mappings": (b"".join(b" " * n + b"a:\n" for n in range(40)), 20, "levels"),
    "very deep": (b"a: " + b"[" * 100_000, 1, "levels"),
    "two documents": (b"a: 1\n---\nb: 2\n", 2, "another document"),
    "a list at the top": (b"- a\n", 1, "mapping"),
    "a word at the top": (b"hello\n", 1, "mapping"),
    "a number at the top": (b"42\n", 1, "mapping"),
    "tab for indent": (b"a:\n\tb: 1\n", 2, "not YAML"),
    "open bracket": (b"a: [1, 2\nb: 3\n", 2, "not YAML"),
    "open quote": (b"a: 'x\n", 2, "not YAML"),
    "bad escape": (b'a: "\\q"\n', 1, "not YAML"),
    "unknown directive version": (b"%YAML 9.1\n---\na: 1\n", 1, "not YAML"),
    "NUL": (b"a: 1\nb: \0\n", 2, "not YAML"),
    "escape character": (b"a: 1\nb: 1\nc: \x1b[31m\n", 3, "not YAML"),
    "not UTF-8": (b"a: 1\nb: \xff\xfe\n", 2, "not YAML"),
    "cut UTF-8": (b"a: \xc3", 1, "not YAML"),
    "an integer of 5,000 digits": (b"a: 1\nb: " + b"9" * 5000, 2, "number"),
    "a float of 5,000 digits": (b"a: 1." + b"9" * 5000, 1, "number"),
    "text behind a value": (b"a: 'x' y\n", 1, "not YAML"),
    "a key in braces without its value": (b"x:\n  - {a:}\n", 2, "not YAML"),
    "wrong indent": (b"a: 1\n  b: 2\n", 2, "not YAML"),
}


def test_there_are_forty_hostile_files() -> None:
    assert len(_HOSTILE) >= 40


@pytest.mark.parametrize("what", _HOSTILE)
def test_a_hostile_file_is_refused_with_its_line(what: str, tmp_path: Path) -> None:
    raw, line, words = _HOSTILE[what]
    path = tmp_path / "fleet.yaml"
    path.write_bytes(raw)

    with pytest.raises(FileError) as refused:
        yamlfile.read(path)

    says = str(refused.value)
    assert says.startswith(f"{path}:{line}: "), says
    assert words in says
    assert "\n" not in says


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_bytes(b"a: 1\n" + b"#" * yamlfile.MAX_BYTES)

    with pytest.raises(FileError, match="larger than 1024 KiB; split it"):
        yamlfile.read(path)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: "):
        yamlfile.read(tmp_path / name)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("22_22", "22_22"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("0x1f", "0x1f"),
        ("12:30:00", "12:30:00"),
        ("2026-11-20", "2026-11-20"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("=", "="),
        ("<<", "<<"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("22", 22),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        ("'22'", "22"),
    ],
)
def test_a_scalar_is_what_it_looks_like(written: str, value: object) -> None:
    read = yamlfile.parse(f"a: {written}\n".encode(), name="x.yaml")

    assert read == {"a": value}
    assert type(read["a"]) is type(value)


def test_keys_stay_the_text_that_was_written() -> None:
    assert yamlfile.parse(b"502: 1\non: 2\n<<: 3\n", name="x.yaml") == {"502": 1, "on": 2, "<<": 3}


@pytest.mark.parametrize("raw", [b"", b"# only words\n", b"---\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_mapping(raw: bytes) -> None:
    assert yamlfile.parse(raw, name="x.yaml") == {}


def test_an_address_within_brackets_is_text() -> None:
    read = yamlfile.parse(b"a: [http://10.0.0.1:80/x, 10.0.0.2:80, unix:/run/app.sock]\n", name="x.yaml")

    assert read == {"a": ["http://10.0.0.1:80/x", "10.0.0.2:80", "unix:/run/app.sock"]}
