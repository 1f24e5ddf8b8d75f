"""All sample hosts together, with the fleet file, the key and the known hosts to reach them."""

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncssh

from bot.demo.sample import SampleHost
from bot.demo.scenarios import SCENARIOS, Scenario, recordings
from bot.demo.server import listening

_HOST = """\
  {name}:
    # A sample: {about}.
    address: 127.0.0.1
    port: {port}
    user: sample
    tags: [web, sample]
    environment: sample
    service:
      name: myapp
      unit: myapp.service
      health: /livez
      release:
        link: /srv/app/current
        directory: /srv/app/releases
        rollback: [/usr/local/sbin/app-rollback]
      data: [/srv/app/data]
"""
_REST = """\
ssh: {identity: ./id_runbook, known_hosts: ./known_hosts}
policy:
  people:
    requester: {slack: [U0REQUESTER]}
    approver: {slack: [U0APPROVER]}
  groups:
    sre: {people: [approver], slack_usergroup: S0SRE}
  rules:
    - name: restart
      do: [restart_unit, start_unit, reload_nginx, start_nginx, restart_nginx]
      on: {tags: [web]}
      approve: {from: [sre], count: 1}
      approve_by: 10m
      run_by: 5m
      evidence_max_age: 10m
    - name: rollback
      do: [rollback_release]
      on: {tags: [web]}
      approve: {from: [sre], count: 1}
      approve_by: 10m
      run_by: 5m
      evidence_max_age: 10m
"""


class SampleHosts:
    """`async with SampleHosts(folder) as hosts:` serves them; `hosts.fleet_path` is their fleet file.

    The folder must exist; a fresh key, known_hosts and fleet.yaml are written into it. Nothing a
    client sends is run. Raises OSError when no port is free, FileError for a broken recording.
    """

    def __init__(self, folder: Path, scenarios: tuple[Scenario, ...] = SCENARIOS) -> None:
        self._folder, self._scenarios = folder, scenarios
        self._open = AsyncExitStack()
        #: By name.
        self.samples: dict[str, SampleHost] = {}

    @property
    def fleet_path(self) -> Path:
        """The fleet file that names them."""
        return self._folder / "fleet.yaml"

    @property
    def about(self) -> dict[str, str]:
        """Host name -> what people will find there."""
        return {scenario.name: scenario.about for scenario in self._scenarios}

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._open.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    async def _start(self) -> None:
        stories = recordings(name for each in self._scenarios for name in (each.before, each.after))
        identity = asyncssh.generate_private_key("ssh-ed25519", comment="sample hosts")
        known, hosts = [], []
        for scenario in self._scenarios:
            sample = self.samples[scenario.name] = SampleHost(scenario, stories)
            key = asyncssh.generate_private_key("ssh-ed25519")
            port = await self._open.enter_async_context(listening(sample, key=key, allowed=identity))
            known.append(f"[127.0.0.1]:{port} {key.export_public_key().decode().strip()}\n")
            hosts.append(_HOST.format(name=scenario.name, about=scenario.about, port=port))
        self._write(identity, known, hosts)

    def _write(self, identity: asyncssh.SSHKey, known: list[str], hosts: list[str]) -> None:
        key_file = self._folder / "id_runbook"
        key_file.touch(mode=0o600)
        key_file.write_bytes(identity.export_private_key())
        (self._folder / "known_hosts").write_text("".join(known), "utf-8")
        self.fleet_path.write_text("\n".join(["hosts:", *hosts, _REST]), "utf-8")
