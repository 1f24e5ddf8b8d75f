"""Modes of sockets and directories, full disks, short memory, and what was asked by hand."""

import pytest

from bot.model.sign import Piece
from bot.signs import read


@pytest.mark.parametrize(
    ("text", "kind", "path", "mode"),
    [
        (
            "srw-rw---- 1 shop shop 0 Mar  3 10:00 /run/shop.sock",
            "socket_file",
            "/run/shop.sock",
            "rw-rw----",
        ),
        ("srwxr-xr-x. 1 git git 0 Jul  4 21:28 socket", "socket_file", "socket", "rwxr-xr-x"),
        ("drwx------ 6 app app 4096 Apr 1 10:10 /home/app", "directory", "/home/app", "rwx------"),
        ("drwxr-x--- root web shop", "directory", "shop", "rwxr-x---"),
        (
            "  File: /run/shop.sock\nAccess: (0660/srw-rw----)  Uid: ( 1001/  shop)   Gid: ( 1001/  shop)",
            "socket_file",
            "/run/shop.sock",
            "rw-rw----",
        ),
    ],
)
def test_ls_namei_and_stat_say_modes(text: str, kind: str, path: str, mode: str) -> None:
    found = read([Piece(text=text)]).first(kind)

    assert found is not None
    assert (found["path"], found["mode"]) == (path, mode)


def test_df_of_bytes_and_of_inodes_are_told_apart() -> None:
    row = "/dev/sda1  41152736 41152736  0 100% /"

    size = read([Piece(text=f"Filesystem 1K-blocks Used Available Use% Mounted on\n{row}")])
    inodes = read([Piece(text=f"Filesystem Inodes IUsed IFree IUse% Mounted on\n{row}")])

    assert size.has("disk_full")
    assert not size.has("inodes_full")
    assert inodes.has("inodes_full")


@pytest.mark.parametrize(
    ("header", "row", "is_low"),
    [
        ("total used free shared buff/cache available", "Mem: 7976 7800 60 11 116 50", True),
        ("total used free shared buff/cache available", "Mem: 7976 1200 5300 11 1400 6500", False),
        ("total used free shared buffers cached", "Mem: 7976 7900 76 0 100 4000", False),
        ("total used free shared buff/cache available", "Mem: 7.8Gi 7.6Gi 90Mi 1Mi 120Mi 60Mi", True),
    ],
)
def test_free_in_its_versions(header: str, row: str, *, is_low: bool) -> None:
    assert read([Piece(text=f"      {header}\n{row}")]).has("memory_low") is is_low


def test_curl_by_hand_names_its_target_and_the_answer() -> None:
    text = "$ curl -I http://127.0.0.1:3000/\nHTTP/1.1 200 OK"

    answer = read([Piece(text=text)]).first("answers")

    assert answer is not None
    assert (answer["target"], answer["status"]) == ("127.0.0.1:3000", "200")


def test_refused_by_hand_is_no_answer_and_silence_is_no_way() -> None:
    refused = read([Piece(text="curl: (7) Failed to connect to 10.0.0.9 port 80: Connection refused")])
    silent = read([Piece(text="curl: (7) Failed to connect to 10.0.0.9 port 80: No route to host")])

    assert [sign["target"] for sign in refused.of("answers_not")] == ["10.0.0.9:80"]
    assert silent.has("not_reached")
    assert not silent.has("answers_not")
