"""Lines out of what people paste."""

import json

import pytest

from bot.signs import lines

ENTRY = (
    "2026/03/01 10:00:00 [error] 7#7: *4 connect() failed (111: Connection refused) while connecting to "
    'upstream, client: 192.0.2.1, server: shop.example, request: "GET /cart HTTP/1.1", upstream: '
    '"http://127.0.0.1:3000/cart", host: "shop.example"'
)


def test_colours_go_in_each_way_they_are_written() -> None:
    assert lines.of("\x1b[31mred\x1b[0m \\u001b[1mbold\\u001b[0m ^[[0mplain") == ["red bold plain"]


def test_fences_quotes_bold_and_ticks_of_markdown_go() -> None:
    text = "```nginx\n> [error] one\n>> two\n**upstream** sent\n`nginx -t`\n~~~"

    assert lines.of(text) == ["", "[error] one", "two", "upstream sent", "nginx -t", ""]


def test_stars_that_hide_an_address_stay() -> None:
    assert lines.of("client: 10.**.**.7, a ****** b") == ["client: 10.**.**.7, a ****** b"]


def test_entities_and_line_breaks_of_html_are_undone() -> None:
    assert lines.of("upstream: &quot;http://a&quot;<br>next &lt;1&gt;") == [
        'upstream: "http://a"',
        "next <1>",
    ]


def test_curly_quotes_and_a_wrong_code_page_become_plain() -> None:
    assert lines.of("request: \u201cGET /\u201d\u00a0x \u200bâ€™") == ['request: "GET /" x \'']


def test_tabs_and_indentation_stay_and_other_control_characters_go() -> None:
    assert lines.of("  a:\n\t- b\x00\x07\r\nc") == ["  a:", "\t- b", "c"]


@pytest.mark.parametrize("part", ["\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_line_is_made_of_a_word_within_another(part: str) -> None:
    assert lines.of(f"said {part}[crit] 8#8\r\nnext\r\r\nlast") == ["said  [crit] 8#8", "next", "last"]


@pytest.mark.parametrize(
    "record",
    [
        {"log": ENTRY + "\n", "stream": "stderr", "time": "2026-03-01T10:00:00Z"},
        {"MESSAGE": ENTRY, "_PID": "7"},
        {"message": ENTRY, "@timestamp": "2026-03-01"},
        {"textPayload": ENTRY},
    ],
)
def test_a_shippers_record_gives_the_line_within(record: dict[str, str]) -> None:
    assert lines.of(json.dumps(record)) == [ENTRY]


def test_a_record_that_is_cut_off_gives_what_is_there() -> None:
    assert lines.of(json.dumps({"log": ENTRY})[:-30])[0].startswith(ENTRY[:-40])


def test_a_programs_own_record_stays_and_its_message_follows_without_escapes() -> None:
    record = json.dumps({"level": "error", "msg": 'dial "app": refused'})

    assert lines.of(record) == [record, 'dial "app": refused']


def test_an_access_log_in_json_stays_as_it_is() -> None:
    record = '{"status": "502", "request_uri": "/a"}'

    assert lines.of(record) == [record]


@pytest.mark.parametrize("width", [72, 80, 100])
def test_an_entry_broken_by_words_is_one_line_again(width: int) -> None:
    broken: list[str] = [""]
    for word in ENTRY.split(" "):
        if len(broken[-1]) + len(word) >= width:
            broken.append(word)
        else:
            broken[-1] = f"{broken[-1]} {word}".strip()

    found = lines.of("\n".join(broken))

    assert 'upstream: "http://127.0.0.1:3000/cart"' in "".join(found)
    assert " ".join(found) == ENTRY
    assert len(found) == 1


def test_an_entry_is_not_joined_with_a_table_a_prompt_or_the_next_entry() -> None:
    cut = ENTRY[:120]
    text = f"{cut},\n{cut},\n$ ss -ltn\n{cut},\nLISTEN 0 128 127.0.0.1:3001\n"

    found = lines.of(text)

    assert found[0] == f"{cut},"
    assert "$ ss -ltn" in found


def test_headings_of_tail_become_empty() -> None:
    assert lines.of("==> /var/log/nginx/error.log <==\nx") == ["", "x"]


def test_line_ends_written_out_part_entries() -> None:
    assert lines.of(r"[error] a\n2026/03/01 10:00:00 [error] b") == [
        "[error] a",
        "2026/03/01 10:00:00 [error] b",
    ]


def test_heads_of_compose_swarm_and_syslog_stay() -> None:
    heads = [
        "web-1  | up",
        "web.1.abc@node | up",
        "Mar  1 10:00:00 host nginx[7]: up",
        "2026-03-01T10:00:00.1Z up",
    ]

    assert lines.of("\n".join(heads)) == heads
