# A row of a table stands on one line.
# ruff: noqa: E501
import asyncio
import gzip
import resource
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.model.command import Ended, RawOutput
from bot.ports import Prober
from bot.web.address import Reach
from bot.web.probe import MAX_READ, MAX_SHOWN, OutsideProber
from tests.support.far_end import far_end
from tests.support.stalls import calmly, measured_stalls
from tests.support.upstreams import refusing

_LOOPBACK = Reach(allow_loopback=True)
_BAD_GATEWAY = (
    b"HTTP/1.1 502 Bad Gateway\r\nServer: nginx/1.22.1\r\nContent-Type: text/html\r\n"
    b"Set-Cookie: session=1\r\nContent-Length: 8\r\n\r\n<h1>502\n"
)


async def _ask(url: str, *, reach: Reach = _LOOPBACK, deadline_s: float = 60, **more: object) -> RawOutput:
    prober: Prober = OutsideProber([url], reach=reach, **more)  # type: ignore[arg-type]
    return await prober.probe(url, deadline_s=deadline_s)


async def test_an_answer_is_told_with_its_status_headers_time_and_body() -> None:
    async with far_end(_BAD_GATEWAY) as end:
        url = f"http://127.0.0.1:{end.port}/livez?deep=1"

        output = await _ask(url)

    assert (output.step, output.argv, output.ended, output.exit_status) == (
        "outside",
        ("GET", url),
        Ended.EXITED,
        0,
    )
    head, body = output.stdout.split(b"\n\n", 1)
    status, server, kind, length, time_s = head.split(b"\n")
    assert status == b"HTTP/1.1 502 Bad Gateway"
    assert (server, kind, length) == (
        b"server: nginx/1.22.1",
        b"content-type: text/html",
        b"content-length: 8",
    )
    assert 0 < float(time_s.removeprefix(b"time_s: ")) < 60
    assert body == b"<h1>502\n"
    assert end.requests[0].startswith(b"GET /livez?deep=1 HTTP/1.1\r\n")
    assert b"accept-encoding: identity" in end.requests[0].lower()


async def test_a_redirect_is_the_answer_and_is_not_followed() -> None:
    async with far_end(_BAD_GATEWAY) as inner:
        redirect = (
            f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{inner.port}/\r\nContent-Length: 0\r\n\r\n"
        )
        async with far_end(redirect.encode()) as outer:
            output = await _ask(f"http://127.0.0.1:{outer.port}/")

    assert output.stdout.startswith(b"HTTP/1.1 302 Found\n")
    assert f"location: http://127.0.0.1:{inner.port}/".encode() in output.stdout
    assert (inner.connections, outer.connections) == (0, 1)


async def test_a_gzip_bomb_is_refused_unread() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    async with far_end(head.encode() + bomb) as end:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        output = await _ask(f"http://127.0.0.1:{end.port}/")
        grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert output.exit_status == 0
    assert output.stdout.startswith(b"HTTP/1.1 200 OK\n")
    assert output.stdout.endswith(b"\n\n")
    assert output.stderr == b"body is encoded ('gzip') though none was asked for; not read"
    assert grown_kib < 10_240


async def test_a_body_without_end_is_cut() -> None:
    async def pour(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with far_end(pour) as end:
        output = await _ask(f"http://127.0.0.1:{end.port}/")

    assert (output.ended, output.exit_status) == (Ended.EXITED, 0)
    assert output.stdout.split(b"\n\n", 1)[1] == b"x" * MAX_SHOWN
    assert output.omitted_bytes == MAX_READ - MAX_SHOWN


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nX: "], ids=["silent", "status", "header"]
)
async def test_a_far_end_that_stops_speaking_ends_at_the_deadline(start: bytes) -> None:
    async def stall(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        await asyncio.Event().wait()

    async with far_end(stall) as end, measured_stalls() as stalls:
        output = await _ask(f"http://127.0.0.1:{end.port}/", deadline_s=0.3)
        took_s = stalls.others_s

    assert (output.ended, output.exit_status) == (Ended.TIMED_OUT, None)
    assert output.stderr == b"no complete answer within 0.3 s"
    assert output.duration_s >= 0.3
    assert took_s < 2


async def test_a_dripping_body_ends_at_the_deadline_and_keeps_its_head() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)  # the drip itself, nothing waits for it

    async with far_end(drip) as end:
        output, took_s = await calmly(
            lambda: _ask(f"http://127.0.0.1:{end.port}/", deadline_s=0.4), lambda output: output.stdout != b""
        )

    assert output.ended is Ended.TIMED_OUT
    assert output.stdout.startswith(b"HTTP/1.1 200 OK\n")
    assert took_s < 2


_SPELLINGS = (
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "localhost", "LOCALHOST", "localhost.", "0", "0.0.0.0", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127\u30020\u30020\u30021", "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
    "127.000.000.001", "0x7f.0x0.0x0.0x1",
)  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_no_spelling_of_loopback_is_reached(host: str) -> None:
    assert len(_SPELLINGS) >= 21
    async with far_end(_BAD_GATEWAY, host=host) as end:
        outputs = [
            await _ask(f"http://{name}:{end.port}/", reach=Reach(allow_private=True), deadline_s=3)
            for name in _SPELLINGS
        ]

    assert end.connections == 0
    assert [output.stdout for output in outputs] == [b""] * len(_SPELLINGS)
    assert all(output.stderr for output in outputs)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:169.254.169.254"])
async def test_a_name_that_points_inside_is_refused_as_it_connects(address: str) -> None:
    async def resolve(name: str, port: int) -> Sequence[str]:
        return ("93.184.215.14", address)

    output = await _ask("http://shop.example/", reach=Reach(allow_private=True), resolve=resolve)

    assert output.exit_status == 1
    assert output.stderr.startswith(b"shop.example: ")
    assert address.encode() in output.stderr


async def test_the_name_is_looked_up_once_and_only_that_address_is_asked() -> None:
    lookups: list[str] = []

    async def resolve(name: str, port: int) -> Sequence[str]:
        lookups.append(name)
        return ("127.0.0.1",)

    async with far_end(_BAD_GATEWAY) as end:
        output = await _ask(f"http://shop.example:{end.port}/", resolve=resolve)

    assert output.exit_status == 0
    assert lookups == ["shop.example"]
    assert f"host: shop.example:{end.port}".encode() in end.requests[0].lower()


async def test_an_ipv6_service_answers() -> None:
    async with far_end(_BAD_GATEWAY, host="::1") as end:
        output = await _ask(f"http://[::1]:{end.port}/")

    assert output.stdout.startswith(b"HTTP/1.1 502 Bad Gateway\n")


@pytest.mark.parametrize("url", ["http://other.example/", "http://127.0.0.1:1/"])
async def test_a_url_the_fleet_does_not_name_is_refused(url: str) -> None:
    prober = OutsideProber(["http://shop.example/"], reach=_LOOPBACK)

    output = await prober.probe(url, deadline_s=1)

    assert (output.exit_status, output.stderr) == (1, f"{url!r} is no public_url of the fleet".encode())


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://shop.example/", "http:///x", "http://u:p@shop.example/", "http://[x/"],
)
async def test_a_url_that_is_no_plain_http_is_refused(url: str) -> None:
    output = await _ask(url)

    assert (output.ended, output.exit_status) == (Ended.EXITED, 1)
    assert output.stderr


async def test_a_closed_port_says_so() -> None:
    with refusing() as address:
        output = await _ask(f"http://{address}/")

    assert (output.ended, output.exit_status, output.stdout) == (Ended.EXITED, 1, b"")
    assert b"refused" in output.stderr.lower()


async def test_a_name_that_does_not_resolve_says_so() -> None:
    async def resolve(name: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    output = await _ask("http://nowhere.example/", resolve=resolve)

    assert output.stderr == b"nowhere.example does not resolve: Name or service not known"


@pytest.mark.parametrize(
    "garbage",
    [b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\0" * 500, b""],
    ids=["ssh", "status", "nul", "nothing"],
)
async def test_what_is_no_http_is_a_reason_and_no_error(garbage: bytes) -> None:
    async with far_end(garbage) as end:
        output = await _ask(f"http://127.0.0.1:{end.port}/")

    assert (output.ended, output.exit_status, output.stdout) == (Ended.EXITED, 1, b"")
    assert output.stderr


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with far_end(_BAD_GATEWAY) as proxy, far_end(_BAD_GATEWAY) as end:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

        await _ask(f"http://127.0.0.1:{end.port}/")

    assert (proxy.connections, end.connections) == (0, 1)


async def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    server, _ = _certificate(tmp_path)
    async with far_end(_BAD_GATEWAY, tls=server) as end:
        output = await _ask(f"https://127.0.0.1:{end.port}/")

    assert output.exit_status == 1
    assert b"certificate verify failed" in output.stderr
    assert end.requests == []


async def test_a_certificate_that_is_vouched_for_is_taken(tmp_path: Path) -> None:
    server, authority = _certificate(tmp_path)
    async with far_end(_BAD_GATEWAY, tls=server) as end:
        output = await _ask(
            f"https://127.0.0.1:{end.port}/", tls=ssl.create_default_context(cafile=str(authority))
        )

    assert output.stdout.startswith(b"HTTP/1.1 502 Bad Gateway\n"), output.stderr


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a fresh self-signed certificate for 127.0.0.1, and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    authority, secret = folder / "server.pem", folder / "server.key"
    authority.write_bytes(certificate.public_bytes(pem))
    secret.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, secret)
    return context, authority
