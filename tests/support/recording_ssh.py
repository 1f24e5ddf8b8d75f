"""An SSH server that writes down every command it is asked to run, and answers as a host that is well."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from bot.model.host import Fleet, Host, Service, SshFiles
from bot.ssh import wire
from bot.ssh.wire import ResultFrame, WireError, decode_request


@dataclass
class Asked:
    """What came over the wire."""

    port: int = 0
    #: Commands as they were exec'd.
    execs: set[str] = field(default_factory=set)
    #: Every argv inside the requests.
    argvs: set[tuple[str, ...]] = field(default_factory=set)
    #: Whatever else came: shells, subsystems, requests that cannot be read.
    others: list[str] = field(default_factory=list)
    reads: int = 0


@asynccontextmanager
async def recording_ssh(folder: Path, *names: str) -> AsyncIterator[tuple[Fleet, Asked]]:
    """A fleet of hosts by these names, all of them this server, and what is asked of it."""
    key, identity = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    asked = Asked()

    async def serve(process: "asyncssh.SSHServerProcess[bytes]") -> None:
        await _serve(process, asked)

    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[key],
        authorized_client_keys=asyncssh.import_authorized_keys(identity.export_public_key().decode()),
        process_factory=serve,
        encoding=None,
    )
    asked.port = server.get_port()
    path, known = folder / "id_recording", folder / "known_recording"
    path.touch(mode=0o600)
    path.write_bytes(identity.export_private_key())
    known.write_text(f"[127.0.0.1]:{asked.port} {key.export_public_key().decode()}")
    service = Service(unit="myapp.service", health="/livez")
    hosts = {
        name: Host(name=name, address="127.0.0.1", port=asked.port, user="bot", service=service)
        for name in names
    }
    try:
        yield Fleet(hosts=hosts, ssh=SshFiles(identity=str(path), known_hosts=str(known))), asked
    finally:
        server.close()
        await server.wait_closed()


async def _serve(process: "asyncssh.SSHServerProcess[bytes]", asked: Asked) -> None:
    asked.execs.add(str(process.command))
    if process.subsystem or not process.command:
        asked.others.append(f"subsystem {process.subsystem}")
    try:
        await process.stdin.readline()
        request = decode_request(await process.stdin.readline())
    except (WireError, asyncio.IncompleteReadError) as error:
        asked.others.append(str(error))
        process.exit(1)
        return
    asked.reads += 1
    process.stdout.write(wire.encode_hello(request.nonce, 1_700_000_000.0))
    for index, command in enumerate(request.commands):
        asked.argvs.update(command.alternatives)
        frame = ResultFrame(
            index=index, alternative=0, how=wire.EXITED, status=0, duration_s=0.01, stdout=b"", stderr=b""
        )
        process.stdout.write(wire.encode_result(request.nonce, frame))
    process.exit(0)
