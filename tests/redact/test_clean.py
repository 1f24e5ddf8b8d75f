import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redact import KnownValues, clean, mask
from bot.redact.clean import MAX_BYTES
from bot.redact.rule import Findings, TooCostly, apply
from bot.redact.rules import RULES
from bot.redact.services import SERVICE_RULES
from bot.slack.reader import MOST_BYTES
from tests.redact.corpus.secrets import Mint

_DASHES = "-" * 5


def _is_forbidden(character: str) -> bool:
    if character in "\n\t":
        return False
    is_selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0000 <= ord(character) <= 0xE0FFF
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} or is_selector


def test_every_control_and_format_character_goes() -> None:
    forbidden = [
        chr(point) for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF and _is_forbidden(chr(point))
    ]
    assert len(forbidden) > 200

    shown = clean("".join(f"some words {each}\nhere\n" for each in forbidden).encode()).text

    assert [each for each in shown if _is_forbidden(each)] == []
    assert shown.count("here") == len(forbidden)


@settings(deadline=None)  # a slow machine is no mistake
@given(st.text(max_size=300))
def test_any_text_comes_out_without_forbidden_characters(text: str) -> None:
    shown = clean(text.encode("utf-8", "replace")).text

    assert [each for each in shown if _is_forbidden(each)] == []


@settings(deadline=None)  # a slow machine is no mistake
@given(st.binary(max_size=300))
def test_any_bytes_come_out_as_text(raw: bytes) -> None:
    assert isinstance(clean(raw).text, str)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"a\x1b[31mred\x1b[0m b", "ared b"),
        (b"\x1b]8;;http://x\x07link\x1b]8;;\x1b\\!", "link!"),
        (b"\x1bP1$r0m\x1b\\done", "done"),
        ("\x9b31mred".encode(), "red"),
        (b"one\r\ntwo\r\r\nthree\n", "one\ntwo\nthree\n"),
        ("abc\u202edef\u200b\ufeff\U000e0041".encode(), "abcdef"),
        (("a" + "\u0301" * 9 + "b").encode(), "a" + "\u0301" * 3 + "b"),
        (b"an unterminated \x1b]0;title keeps\nwhat follows", "an unterminated 0;title keeps\nwhat follows"),
        (b"", ""),
    ],
    ids=["csi", "osc", "dcs", "c1", "line ends", "invisible", "marks", "open osc", "empty"],
)  # fmt: skip
def test_it_shows_what_the_bytes_hold(raw: bytes, shown: str) -> None:
    assert clean(raw).text == shown


def test_binary_output_is_named_by_size_and_hash() -> None:
    raw = bytes(range(256)) * 8

    cleaned = clean(raw)

    assert cleaned.is_binary
    assert cleaned.text == f"[binary, 2048 bytes, sha256 {hashlib.sha256(raw).hexdigest()}]"
    assert not cleaned.is_withheld


def test_a_long_line_is_cut_and_says_so() -> None:
    cleaned = clean(b"word " * 2000 + b"\nnext")

    first, second = cleaned.text.split("\n")
    assert first.startswith("word word")
    assert first.endswith("more characters]")
    assert len(first) < 4200
    assert second == "next"


def test_the_cut_takes_no_half_of_a_secret() -> None:
    token = "gl" + "pat-" + Mint(1).of(20)
    line = "x " * 2040 + token + " y" * 200

    assert token[:14] not in clean(line.encode()).text


def test_twenty_secrets_are_cut_out_and_one_more_withholds_all() -> None:
    lines = [f"password={Mint(number).of(12)}" for number in range(21)]

    twenty = clean("\n".join(lines[:20]).encode())
    more = clean("\n".join(lines).encode())

    assert (twenty.hits, twenty.is_withheld) == (20, False)
    assert more.is_withheld
    assert more.why == "looks like a list of secrets (21 of them)"
    assert "password" not in more.text


def test_request_parameters_do_not_withhold_an_access_log() -> None:
    lines = [f'203.0.113.9 "GET /a?token={Mint(number).of(24)} HTTP/1.1" 502 0' for number in range(60)]

    cleaned = clean("\n".join(lines).encode())

    assert (cleaned.hits, cleaned.is_withheld) == (60, False)
    assert cleaned.text.count('HTTP/1.1" 502') == 60


def test_one_password_many_times_is_one_secret() -> None:
    cleaned = clean(b"retry with password=hunter2hunter2\n" * 100)

    assert (cleaned.hits, cleaned.is_withheld) == (100, False)


@pytest.mark.parametrize("missing", ["begin", "end", "interleaved"])
def test_a_private_key_that_is_not_whole_withholds_all(missing: str) -> None:
    begin, end = f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}", f"{_DASHES}END PRIVATE KEY{_DASHES}"
    body = Mint(7).wrapped(3)
    text = {
        "begin": f"{body}\n{end}",
        "end": f"{begin}\n{body}",
        "interleaved": f"{begin}\n{begin}\n{body}\n{end}",
    }

    cleaned = clean(f"before\n{text[missing]}\nafter".encode())

    assert cleaned.is_withheld
    assert cleaned.why == "holds a private key that cannot be cut out cleanly"
    assert "before" not in cleaned.text


@pytest.mark.parametrize("begin", ["BEGIN_RSA-PRIVATE KEY", "BEGINEC PRIVATE KEY BLOCK"])
def test_a_key_behind_a_damaged_first_line_is_withheld(begin: str) -> None:
    raw = f"before\n{_DASHES}{begin}{_DASHES}\n{Mint(8).wrapped(1)}\n{_DASHES}END KEY{_DASHES}\n"

    cleaned = clean(raw.encode())

    assert cleaned.is_withheld
    assert "private key" in cleaned.why


def test_a_whole_private_key_is_cut_and_the_rest_stays() -> None:
    block = f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}\n{Mint(7).wrapped(3)}\n{_DASHES}END PRIVATE KEY{_DASHES}"
    text = f"before\n{block}\nafter"

    assert clean(text.encode()).text == "before\n[REDACTED:private-key]\nafter"


def test_a_certificate_stays() -> None:
    text = f"{_DASHES}BEGIN CERTIFICATE{_DASHES}\n{Mint(7).wrapped(9)}\n{_DASHES}END CERTIFICATE{_DASHES}"

    assert clean(text.encode()).text == text


def test_too_much_work_is_refused_before_it_is_done() -> None:
    with pytest.raises(TooCostly):
        apply("password=" * 1000, RULES, Findings(secrets=set()), limit=100_000)


def test_what_costs_too_much_is_withheld() -> None:
    raw = b"password=x token=y -u z:a ://\n" * (MAX_BYTES // 31)

    cleaned = clean(raw)

    assert (cleaned.is_withheld, cleaned.why) == (True, "too costly to check for secrets")
    assert mask(raw.decode()) == "[withheld: too costly to check for secrets]"


def test_what_is_too_large_is_withheld() -> None:
    cleaned = clean(b"a" * (MAX_BYTES + 1))

    assert (cleaned.is_withheld, cleaned.why) == (True, "larger than 16 MiB")


def test_masking_keeps_our_own_signs() -> None:
    text = "✅ done – see 👩‍💻 → `nginx -t`\u200b\n" + "x" * 9000

    assert mask(text) == text


def test_known_values_do_not_show_themselves() -> None:
    known = KnownValues.of(["my-secret-value", "short", ""])

    assert "my-secret" not in repr(known)
    assert mask("short stays, my-secret-value goes", known) == "short stays, [REDACTED:known] goes"


def test_each_line_of_a_known_key_is_known() -> None:
    body = Mint(3).wrapped(4)
    known = KnownValues.of([f"{_DASHES}BEGIN X{_DASHES}\n{body}\n{_DASHES}END X{_DASHES}"])

    assert body.split("\n")[1] not in mask(f"got {body.split(chr(10))[1]} there", known)


def test_a_secret_that_was_named_once_goes_wherever_else_it_stands() -> None:
    secret = "Tr0ub" + "4dorX3"
    shown = clean(
        f"password={secret}\nauthentication failed for user svc with {secret}!\nid x{secret}y\n".encode()
    ).text

    assert f"with {secret}" not in shown
    assert "with [REDACTED:again]!" in shown
    assert f"x{secret}y" in shown


@pytest.mark.parametrize("word", ["correct", "webserver"])
def test_a_named_value_that_looks_like_a_word_is_left_elsewhere(word: str) -> None:
    assert f"seen {word} here" in clean(f"password={word}\nseen {word} here\n".encode()).text


def test_a_password_said_without_a_sign_goes() -> None:
    secret = "Tr0ub" + "4dor&3"
    shown = clean(f"password authentication failed for user svc password {secret}\n".encode()).text

    assert secret not in shown
    assert shown.startswith("password authentication failed for user svc password [REDACTED:")


@pytest.mark.parametrize(
    "line",
    [
        "Accepted password for deploy from 10.0.0.9 port 52113 ssh2",
        "password authentication failed for user svc",
        "the password scram-sha-256 and the passphrase prompt are as they were",
    ],
)
def test_words_about_passwords_stay(line: str) -> None:
    assert clean(f"{line}\n".encode()).text == f"{line}\n"


@pytest.mark.parametrize(
    "line",
    [
        '10.0.0.8 - - [20/Nov/2026:10:00:00 +0000] "GET /api/v1/orders?access=1 HTTP/1.1" 502 157 "-" "curl"',
        "[info] read /data/shop/data.json from database data-1, metadata kept",
    ],
)
def test_the_largest_log_that_may_be_pasted_is_looked_at(line: str) -> None:
    cleaned = clean(((line + "\n") * (MOST_BYTES // len(line))).encode()[:MOST_BYTES])

    assert (cleaned.is_withheld, cleaned.hits) == (False, 0)


def test_what_is_compiled_when_it_is_first_met_can_be() -> None:
    left = {
        rule.words: rule.compiled.sub("", f"{rule.words[0].upper()}_KEY=abcdefabcdefab12")
        for rule in SERVICE_RULES
    }

    assert {words: text for words, text in left.items() if text} == {}
