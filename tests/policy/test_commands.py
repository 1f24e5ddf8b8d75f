"""`runbook-bot policy …`: explain, test, lint, schema, as typed."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import yamlfile
from bot.cli import cli
from tools import reference

FLEET = """
hosts:
  web-01: {address: 192.0.2.1, user: runbook, tags: [web], environment: prod, service: {unit: app.service}}
ssh: {identity: ./id_runbook, known_hosts: ./known_hosts}
policy:
  people:
    ann: {slack: [U01ANN], login: [ann]}
    bob: {slack: [U02BOB]}
    cyn: {login: [cyn]}
  groups:
    sre: {people: [ann, bob], slack_usergroup: S01SRE}
  rules:
    - name: mend
      do: [restart_unit, start_unit, reload_nginx, start_nginx, restart_nginx, rollback_release]
      on: {environment: [prod]}
      approve: {from: [sre]}
      budget: 3/1h
      lone: {from: [sre], after: 2m}
  freezes:
    - {name: weekend, cron: "0 18 * * FRI", for: 60h, tz: Europe/Berlin}
  break_glass: {from: [sre]}
"""
WHAT = "do: restart_unit, on: web-01"
MONDAY, SATURDAY = "2026-06-08T10:00Z", "2026-06-06T10:00Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("id_runbook", "known_hosts"):
        (tmp_path / name).touch()
    (tmp_path / "fleet.yaml").write_text(FLEET)
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    fleet = [] if words == ("schema",) else ["--fleet", str(folder / "fleet.yaml")]
    return CliRunner().invoke(cli, ["policy", *words, *fleet])


def test_explain_shows_every_condition_and_says_yes(folder: Path) -> None:
    done = run(folder, "explain", "bob", "restart_unit", "web-01", "--at", MONDAY)

    assert done.exit_code == 0
    assert "yes: rule 'mend' allows it" in done.stdout
    assert "- " not in done.stdout.split("yes:")[0].replace("-01", "")
    assert "at most 3 on one host and unit in 1 h" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(
            ["bob", "--at", SATURDAY], "frozen by 'weekend' until 2026-06-08 04:00:00 UTC", id="freeze"
        ),
        pytest.param(["cyn", "--at", MONDAY], "only sre may approve it", id="not in the group"),
        pytest.param(["ann", "--asked-by", "ann", "--at", MONDAY], "you asked for this", id="the requester"),
        pytest.param(["U02BOB", "--asked-by", "U02BOB", "--at", MONDAY], "sre (ann, user group", id="by id"),
    ],
)
def test_explain_says_no_with_the_reason_and_who_may(folder: Path, words: list[str], says: str) -> None:
    who, *rest = words

    done = run(folder, "explain", who, "restart_unit", "web-01", *rest)

    assert done.exit_code == 1
    assert says in done.stdout.split("no: ")[1]


def test_explain_knows_a_member_of_a_user_group(folder: Path) -> None:
    words = ["explain", "U09EVE", "restart_unit", "web-01", "--at", MONDAY]

    assert run(folder, *words).exit_code == 1
    assert run(folder, *words, "--usergroup", "S01SRE").exit_code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["annn", "restart_unit", "web-01"], "no person 'annn' in the policy; did you mean 'ann'?"),
        (["ann", "restart", "web-01"], "no remedy 'restart'; did you mean 'restart_unit'?"),
        (["ann", "restart_unit", "web-1"], "no host 'web-1' in the fleet; did you mean 'web-01'?"),
        (["ann", "restart_unit", "web-01", "--at", "noon"], "no time 'noon'"),
    ],
)
def test_explain_says_what_it_does_not_know(folder: Path, words: list[str], says: str) -> None:
    done = run(folder, "explain", *words)

    assert done.exit_code == 2
    assert says in done.stderr


TABLE = f"""
tests:
  - {{who: ann, may: check, expect: allowed}}
  - {{who: bob, may: approve, {WHAT}, at: {MONDAY}, expect: allowed}}
  - {{who: ann, may: approve, {WHAT}, asked_by: ann, at: {MONDAY}, expect: too early}}
  - {{who: ann, may: approve, {WHAT}, asked_by: ann, shown: 3m, at: {MONDAY}, expect: allowed}}
  - {{who: bob, may: approve, {WHAT}, standing: guest, at: {MONDAY}, expect: standing}}
  - {{who: bob, may: approve, {WHAT}, at: {SATURDAY}, expect: frozen}}
  - {{who: bob, may: break glass, justification: nobody can pay any more, {WHAT},
     at: {SATURDAY}, expect: allowed}}
  - {{who: bob, may: approve, {WHAT}, evidence: 20m, at: {MONDAY}, expect: evidence old}}
  - {{may: run, approved_by: [bob], {WHAT}, done_before: 3, at: {MONDAY}, expect: budget}}
  - {{may: run, {WHAT}, at: {MONDAY}, expect: quorum}}
  - {{may: run, approved_by: [bob], left: [bob], {WHAT}, at: {MONDAY}, expect: voter changed}}
  - {{who: cyn, may: reject, {WHAT}, expect: allowed}}
  - {{may: offer, {WHAT}, at: {SATURDAY}, expect: allowed}}
"""


def test_a_table_of_expectations_is_met(folder: Path) -> None:
    (folder / "table.yaml").write_text(TABLE)

    done = run(folder, "test", str(folder / "table.yaml"))

    assert (done.exit_code, done.stdout.strip()) == (0, "13 expectations, all met")


def test_an_expectation_that_is_not_met_is_named_with_its_row(folder: Path) -> None:
    (folder / "table.yaml").write_text(TABLE.replace("expect: frozen", "expect: allowed"))

    done = run(folder, "test", str(folder / "table.yaml"))

    assert done.exit_code == 1
    assert "row 6: bob approve restart_unit web-01: expected allowed, got frozen" in done.stdout


def test_every_row_that_cannot_be_read_is_listed(folder: Path) -> None:
    rows = (
        f"{{who: {who}, may: approve, do: restart_unit, on: web-9, expect: denied}}" for who in ("bob", "ann")
    )
    (folder / "table.yaml").write_text("tests:\n" + "".join(f"  - {row}\n" for row in rows))

    done = run(folder, "test", str(folder / "table.yaml"))

    assert "row 1: on: no host 'web-9'" in done.stderr and "row 2: on: no host 'web-9'" in done.stderr


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{{who: bob, may: approve, {WHAT}, expect: yes}}", "no outcome 'yes'"),
        (f"{{who: bub, may: approve, {WHAT}, expect: denied}}", "did you mean 'bob'"),
        (
            "{who: bob, may: approve, do: restart_unit, on: web-9, expect: denied}",
            "row 1: on: no host 'web-9' in the fleet; did",
        ),
        ("{who: bob, may: fly, expect: denied}", "tests.0.may"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(folder: Path, row: str, says: str) -> None:
    (folder / "table.yaml").write_text(f"tests:\n  - {row}\n")

    done = run(folder, "test", str(folder / "table.yaml"))

    assert done.exit_code == 2
    assert says in done.stderr


def test_lint_says_what_is_hardly_meant(folder: Path) -> None:
    text = FLEET.replace(", slack_usergroup: S01SRE", "").replace("after: 2m", "after: 10s")
    text = text.replace("approve: {from: [sre]}", "approve: {from: [sre], count: 2}")
    old = "    - {name: old, from: 2020-01-01T00:00, to: 2020-01-02T00:00}\n"
    (folder / "fleet.yaml").write_text(text.replace("  break_glass", f"{old}  break_glass"))

    done = run(folder, "lint")

    assert done.exit_code == 1
    for says in (
        "when one of its 2 approvers asks, too few are left",
        "or with 'lone' the asker alone",
        "10 s is no time to say no in",
        "'cyn' is in no group",
        "freeze 'old' is over",
        "rule 'mend' allows rollback_release, of high risk, by a click alone",
    ):
        assert says in done.stdout


def test_lint_needs_no_ssh_keys(folder: Path) -> None:
    with_keys = run(folder, "lint")
    for name in ("id_runbook", "known_hosts"):
        (folder / name).unlink()

    assert run(folder, "lint").output == with_keys.output


def test_lint_is_content_with_a_whole_policy(folder: Path) -> None:
    whole = FLEET.replace("    cyn: {login: [cyn]}\n", "").replace(", rollback_release", "")
    rule = """    - {name: back, do: [rollback_release], approve: {from: [sre], step_up: sshsig}}
  allowed_signers: ./allowed_signers
  freezes"""
    whole = whole.replace("  freezes", rule)
    for name in ("ann", "bob"):
        whole = whole.replace(f"{name}: {{slack", f"{name}: {{signers: [{name}@example.org], slack")
    (folder / "fleet.yaml").write_text(whole)
    (folder / "allowed_signers").touch()

    done = run(folder, "lint")

    assert (done.exit_code, done.stdout) == (0, "2 rules: no findings\n")


SIGNED = (
    FLEET.replace("approve: {from: [sre]}", "approve: {from: [sre], step_up: sshsig}")
    .replace("bob: {slack: [U02BOB]}", "bob: {slack: [U02BOB], signers: [bob@example.org]}")
    .replace("  break_glass", "  allowed_signers: ./allowed_signers\n  break_glass")
)


def test_lint_names_an_approver_who_cannot_sign(folder: Path) -> None:
    (folder / "fleet.yaml").write_text(SIGNED)
    (folder / "allowed_signers").touch()

    done = run(folder, "lint")

    assert "rule 'mend' wants signatures and 'ann' has no signers" in done.stdout
    assert "'bob' has no signers" not in done.stdout


def test_explain_and_table_know_who_can_sign(folder: Path) -> None:
    (folder / "fleet.yaml").write_text(SIGNED)
    (folder / "allowed_signers").touch()
    (folder / "table.yaml").write_text(
        f"""
tests:
  - {{who: bob, may: approve, {WHAT}, at: {MONDAY}, expect: allowed}}
  - {{who: bob, may: approve, signed: false, {WHAT}, at: {MONDAY}, expect: step up}}
  - {{who: ann, may: approve, {WHAT}, at: {MONDAY}, expect: step up}}
"""
    )

    explained = run(folder, "explain", "bob", "restart_unit", "web-01", "--at", MONDAY)
    unsigned = run(folder, "explain", "ann", "restart_unit", "web-01", "--at", MONDAY)
    done = run(folder, "test", str(folder / "table.yaml"))

    assert "+ signed as bob@example.org" in explained.stdout
    assert "- it needs a signature of who approves it" in unsigned.stdout
    assert (done.exit_code, done.stdout.strip()) == (0, "3 expectations, all met")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("  allowed_signers: ./allowed_signers\n", ""), "step_up: needs allowed_signers"),
        ((", signers: [bob@example.org]", ""), "step_up: nobody has signers"),
        (("./allowed_signers", "./no-such-file"), "the allowed signers cannot be read"),
        (("bob@example.org", "b*b@example.org"), "people.bob.signers.0"),
        (("cyn: {login", "cyn: {signers: [bob@example.org], login"), "signer bob@example.org is also bob"),
    ],
)
def test_signatures_that_cannot_be_given_or_checked_are_an_error(
    folder: Path, change: tuple[str, str], says: str
) -> None:
    (folder / "fleet.yaml").write_text(SIGNED.replace(*change))
    (folder / "allowed_signers").touch()

    done = run(folder, "lint")

    assert done.exit_code == 2
    assert says in done.stderr


def test_the_schema_is_the_one_in_the_reference(folder: Path) -> None:
    printed = run(folder, "schema").stdout

    assert (reference.FOLDER / reference.SCHEMA).read_text() == printed, "run make docs"
    jsonschema.Draft202012Validator.check_schema(json.loads(printed))


def test_the_schema_takes_what_loads_and_refuses_what_does_not(folder: Path) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(run(folder, "schema").stdout))
    section: Any = yamlfile.read(folder / "fleet.yaml")["policy"]

    assert list(validator.iter_errors(section)) == []
    for key, wrong in (
        ("ruels", []),
        ("rules", [{**section["rules"][0], "budget": "many"}]),
        ("rules", [{**section["rules"][0], "approve_by": 600}]),
        ("rules", [{**section["rules"][0], "approve": {"from": []}}]),
        ("break_glass", {"from": ["sre"], "lifts": ["precheck"]}),
        ("people", {"ann": {"slack": ["ann"]}}),
    ):
        assert list(validator.iter_errors({**section, key: wrong})), (key, wrong)
