"""`python -m tools.case`: what a host shows is kept with what a person says of it."""

import sys
from pathlib import Path

import pytest

from bot.model.evidence import Evidence
from tests.support import asked, recorded
from tools import case

FLEET = """\
hosts:
  web-01: {address: 192.0.2.1, user: runbook, service: {unit: myapp.service}}
ssh: {identity: ./id, known_hosts: ./known_hosts}
"""


@pytest.fixture
def argv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command line up to the file; the host is one with the port changed."""
    for name in ("id", "known_hosts"):
        (tmp_path / name).touch()
    (tmp_path / "fleet.yaml").write_text(FLEET)

    async def look(*_: object) -> Evidence:
        told = recorded.read(recorded.CASES / "502" / "wrong_port.yaml")
        return recorded.evidence_of(told, asked.runbook())

    monkeypatch.setattr(case, "look", look)
    return ["case", "--fleet", str(tmp_path / "fleet.yaml"), "--host", "web-01", "--about", "it moved"]


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        ("wrong_port", "judged wrong_port (confirmed) now\n"),
        ("app_hang", "judged wrong_port (confirmed) now, not app_hang: its test fails until it is\n"),
    ],
)
def test_what_a_person_says_is_what_is_expected(
    argv: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cause: str,
    says: str,
) -> None:
    out = tmp_path / "502" / "moved.yaml"
    monkeypatch.setattr(sys, "argv", [*argv, "--cause", cause, str(out)])

    case.main()

    assert capsys.readouterr().out.endswith(says)
    kept = recorded.read(out)
    assert kept["about"] == "it moved"
    assert kept["expected"] == {
        "cause": cause,
        "certainty": "confirmed",
        "restart": "useless",
        "remedies": [],
    }
    assert recorded.evidence_of(kept, asked.runbook()).facts.keys() >= {"listeners", "config", "error_log"}


def test_a_folder_that_is_no_runbook_is_refused(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [*argv, "--cause", "x", str(tmp_path / "503" / "moved.yaml")])

    with pytest.raises(SystemExit):
        case.main()

    assert "no runbook '503'" in capsys.readouterr().err
    assert not (tmp_path / "503").exists()
