"""Passwords that tools take without a name go from the log of commands; what is no password stays."""

import pytest

from bot.redact import clean

SECRET = "Sup3rS3" + "cr3t"
SUDO = "Nov 20 10:00:00 web-01 sudo[99]:   deploy : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND="


@pytest.mark.parametrize(
    "command",
    [
        "/opt/mssql-tools/bin/sqlcmd -S db -U sa -P ¤",
        "/usr/bin/ipmitool -I lanplus -H bmc -U admin -P ¤ power status",
        "/usr/bin/snmpget -v3 -u bob -A ¤ host",
        "/usr/bin/snmpwalk -v2c -c ¤ host",
        "/usr/bin/zip -P ¤ x.zip y",
        "/usr/bin/7z x -p¤ a.7z",
        "/usr/bin/openssl enc -aes-256-cbc -k ¤ -in x",
        "/usr/bin/openssl passwd -6 ¤",
        "/usr/sbin/useradd -m -p ¤ bob",
        "/usr/bin/lftp -u bob,¤ sftp://h",
        "/usr/bin/redis-cli -h cache AUTH ¤",
        "/usr/bin/vault login ¤",
        "/usr/bin/wpa_passphrase net ¤",
        "/usr/bin/nmcli dev wifi connect net password ¤",
        "/bin/sh -c echo ¤ | docker login --password-stdin -u bob",
        "net user bob ¤ /add",
        'ConvertTo-SecureString -String "¤" -AsPlainText -Force',
        "psexec.exe -u bob -p ¤ cmd",
        "/usr/bin/mysql -e SET PASSWORD FOR bob = PASSWORD('¤')",
    ],
)
def test_a_password_among_arguments_goes(command: str) -> None:
    shown = clean(f"{SUDO}{command.replace('¤', SECRET)}".encode()).text

    assert SECRET not in shown
    assert shown.startswith(SUDO)


def test_a_password_that_redis_was_watched_to_get_goes() -> None:
    assert SECRET not in clean(f'1700000000.1 [0 10.0.0.1:50000] "AUTH" "{SECRET}"'.encode()).text


@pytest.mark.parametrize(
    "line",
    [
        "/usr/bin/vault login -method=oidc",
        "/usr/bin/openssl passwd -6 -stdin",
        "/usr/sbin/useradd --system --no-create-home shop",
        "/usr/bin/unzip -q a.zip -d /srv/app/releases/2",
        "/usr/bin/gzip -9 /var/log/nginx/access.log.1",
        "/usr/bin/redis-cli -h cache ping",
        "/usr/bin/nmcli dev status",
        "net user bob /delete",
        "echo 1 | tee /proc/sys/vm/drop_caches",
        "SELECT user, PASSWORD(plain) FROM users",
    ],
)
def test_arguments_that_are_no_password_stay(line: str) -> None:
    assert clean(line.encode()).text == line


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("curl -u 'bob:my pass word' https://h", "curl -u 'bob:[REDACTED:argument]' https://h"),
        ("curl -sS --user=bob:'my pass word' h", "curl -sS --user=bob:[REDACTED:argument] h"),
        ('curl -u "b o:s\'x y" h', "curl -u [REDACTED:argument] h"),
        ("curl -u 'b o':'x y z' h", "curl -u [REDACTED:argument] h"),
        ("curl -u 'bob:31415926' h", "curl -u 'bob:[REDACTED:argument]' h"),
        ("curl -s \\\n  -u 'bob:my pass word' h", "curl -s \\\n  -u 'bob:[REDACTED:argument]' h"),
    ],
)
def test_a_pair_for_curl_goes_up_to_its_last_quote(command: str, shown: str) -> None:
    assert clean(command.encode()).text == shown


@pytest.mark.parametrize(
    "command",
    [
        "docker run -u '1000:1000' shop",
        "sudo -u 'shop' id",
        "curl --user-agent 'a: b' h",
        "sort -u 'a b:c d'",
        'curl -u "bob:$PASSWORD" h',
        'curl -u bob:"$PASSWORD" h',
    ],
)
def test_what_is_no_pair_for_curl_stays(command: str) -> None:
    assert clean(command.encode()).text == command
