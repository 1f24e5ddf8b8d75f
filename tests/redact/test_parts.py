"""What some programs take for a line's end parts no line of a host, and hides no secret either."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redact import KnownValues, clean
from tests.redact.corpus.secrets import Mint

#: Characters at which str.splitlines ends a line, beside \n, \r\n and those that are taken out.
PARTS = {"\r": "cr", "\x0b": "vt", "\x0c": "ff", "\x85": "nel", "\u2028": "ls", "\u2029": "ps"}
_DASHES = "-" * 5
each = pytest.mark.parametrize("part", PARTS, ids=PARTS.values())


@each
def test_it_becomes_a_blank(part: str) -> None:
    assert clean(f"one{part}two\nthree\r\nfour\r\r\n".encode()).text == "one two\nthree\nfour\n"


@settings(deadline=None, max_examples=300)  # a slow machine is no mistake
@given(st.lists(st.text(max_size=40) | st.sampled_from(["\r\n", *PARTS, "password=", "Cookie: a="])))
def test_no_text_of_one_line_gives_more_lines(said: list[str]) -> None:
    text = "".join(said)
    ends = text.replace("\r\n", "\n").count("\n")

    shown = clean(text.encode("utf-8", "replace")).text

    assert shown.count("\n") <= ends
    assert len(shown.splitlines()) <= ends + 1


@each
def test_a_declared_value_that_is_parted_is_hidden(part: str) -> None:
    known = KnownValues.of(["correct-horse-battery"])

    shown = clean(f"it is correct-ho{part}rse-battery, says\nthe next".encode(), known=known).text

    assert shown.startswith("it is [REDACTED:known]")
    assert shown.endswith(", says\nthe next")
    assert shown.count("\n") == 1


@each
def test_a_private_key_that_is_parted_is_cut(part: str) -> None:
    body = Mint(7).wrapped(3)
    block = f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}\n{body}\n{_DASHES}END PRIVATE KEY{_DASHES}"

    shown = clean(f"a\nsays {block.replace(chr(10), part)} end\nb".encode()).text

    assert shown == "a\nsays [REDACTED:private-key] end\nb"


@each
def test_the_body_of_a_key_that_is_parted_is_cut(part: str) -> None:
    body = Mint(7).wrapped(3)

    shown = clean(f"a\n{body.replace(chr(10), part)}\nb".encode()).text

    assert shown == "a\n[REDACTED:key-material]\nb"


def test_a_private_key_over_several_parted_lines_withholds_all() -> None:
    begin, end = f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}", f"{_DASHES}END PRIVATE KEY{_DASHES}"

    cleaned = clean(f"a\n{begin}\u2028\n{Mint(7).wrapped(1)}\u2028\n{end}\u2028\nb".encode())

    assert cleaned.is_withheld


SECRET = "Tr0ub" + "4dorX3-9q"
#: What a rule knows by where its line begins or ends, or by what stands before it.
FORMS = (
    f"password: {SECRET}",
    f" db.example:5432:shop:app:{SECRET}",
    f"machine db.example login app password {SECRET}",
    f"db.example:5432:shop:app:{SECRET}",
    f"Authorization: Bearer {SECRET}",
    f"DB_PASSWORD={SECRET}",
    f"mysql -u app --password {SECRET}",
)


@pytest.mark.parametrize("form", FORMS)
@each
def test_a_secret_beside_it_is_found_as_on_a_line_of_its_own(part: str, form: str) -> None:
    text = f"GET / said{part}{form}{part}and more\nnext line\n"

    cleaned = clean(text.encode())

    assert SECRET not in cleaned.text
    assert cleaned.text.count("\n") == 2
    assert cleaned.hits == clean(form.encode()).hits


@each
def test_what_was_found_in_a_part_goes_wherever_else_it_stands(part: str) -> None:
    shown = clean(f"sent{part}password={SECRET}\nfailed with {SECRET}!\n".encode()).text

    assert "failed with [REDACTED:again]!" in shown
