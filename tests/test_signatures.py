"""Signatures that ssh-keygen made, against the allowed signers: what holds, and what is said of the rest."""

import subprocess
from pathlib import Path

import pytest

from bot.errors import BadRequest, FileError
from bot.signatures import AllowedSigners, armored, holds
from tests.support.signing import key, public, signature

TEXT = "approve AbCdEfGhIjKlMnOpQrStUv " + "d" * 64
ME = ("bob@example.org",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def bob(folder: Path) -> Path:
    return key(folder, "bob")


@pytest.fixture(scope="module")
def eve(folder: Path) -> Path:
    return key(folder, "eve")


def signers(folder: Path, *lines: str) -> AllowedSigners:
    path = folder / "allowed_signers"
    path.write_text("".join(f"{line}\n" for line in ("# who may sign", "", *lines)))
    return AllowedSigners(str(path))


def said(allowed: AllowedSigners, given: str, *, principals: tuple[str, ...] = ME) -> str:
    with pytest.raises(BadRequest) as refused:
        allowed.check_signature(TEXT, given, principals=principals)
    return str(refused.value)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_signature_by_an_allowed_key_names_its_signer(tmp_path: Path, kind: str) -> None:
    mine = key(tmp_path, kind, kind)
    given = signature(mine, TEXT)

    signed = signers(tmp_path, f"bob@example.org {public(mine)}").check_signature(TEXT, given, principals=ME)

    assert (signed.signer, signed.signature) == ("bob@example.org", armored(given))


def test_ssh_keygen_itself_takes_what_is_kept(folder: Path, bob: Path) -> None:
    allowed = signers(folder, f'bob@example.org namespaces="runbook-bot-approve" {public(bob)}')
    signed = allowed.check_signature(TEXT, signature(bob, TEXT), principals=ME)
    (folder / "kept.sig").write_text(signed.signature)

    verify = ["ssh-keygen", "-Y", "verify", "-n", "runbook-bot-approve", "-I", "bob@example.org"]
    done = subprocess.run(
        [*verify, "-f", str(folder / "allowed_signers"), "-s", str(folder / "kept.sig")],
        input=TEXT.encode(),
        capture_output=True,
    )

    assert done.returncode == 0, done.stderr


def test_what_a_terminal_shows_around_it_does_not_matter(folder: Path, bob: Path) -> None:
    given = signature(bob, TEXT).replace("\n", "\r\n  ")
    pasted = f"Signing data on standard input\r\n{given}\nbob@laptop:~$ "

    signed = signers(folder, f"bob@example.org {public(bob)}").check_signature(TEXT, pasted, principals=ME)

    assert holds(TEXT, signed.signature)


def test_a_wrong_key_is_refused(folder: Path, bob: Path, eve: Path) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}")

    assert "is not, or not now, one of bob@example.org" in said(allowed, signature(eve, TEXT))


def test_a_key_of_somebody_else_in_the_file_is_refused(folder: Path, bob: Path, eve: Path) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}", f"eve@example.org {public(eve)}")

    assert "one of bob@example.org" in said(allowed, signature(eve, TEXT))


def test_a_signature_for_anything_else_is_refused(folder: Path, bob: Path) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}")

    told = said(allowed, signature(bob, TEXT, namespace="git"))

    assert "signed for 'git', not for 'runbook-bot-approve'" in told


@pytest.mark.parametrize(
    "text", [TEXT.replace("d", "e"), TEXT.replace("approve", "break-glass"), TEXT + "\n", ""]
)
def test_a_signature_over_another_text_is_refused(folder: Path, bob: Path, text: str) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}")

    assert "not over this approval" in said(allowed, signature(bob, text))


@pytest.mark.parametrize(
    "options", ['valid-before="20200101"', 'valid-after="20900101"', 'namespaces="file,git"']
)
def test_a_key_out_of_its_time_or_for_other_things_is_refused(folder: Path, bob: Path, options: str) -> None:
    allowed = signers(folder, f"bob@example.org {options} {public(bob)}")

    assert "not now" in said(allowed, signature(bob, TEXT))


def test_who_has_no_signers_cannot_sign(folder: Path, bob: Path) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}")

    assert "names no signers for you" in said(allowed, signature(bob, TEXT), principals=())


def test_a_certificate_is_refused(tmp_path: Path) -> None:
    ca, mine = key(tmp_path, "ca"), key(tmp_path, "mine")
    certify = ["ssh-keygen", "-q", "-s", str(ca), "-I", "bob", "-n", "bob@example.org", f"{mine}.pub"]
    subprocess.run(certify, check=True)
    allowed = signers(tmp_path, f"bob@example.org cert-authority {public(ca)}")

    given = signature(tmp_path / "mine-cert.pub", TEXT)

    assert "certificate" in said(allowed, given)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "yes",
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAf////8=\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n!!!!\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----" + "A" * 20_000 + "-----END SSH SIGNATURE-----",
        "-----END SSH SIGNATURE----------BEGIN SSH SIGNATURE-----",
    ],
)
def test_what_is_no_signature_is_told_so(folder: Path, bob: Path, given: str) -> None:
    assert "no SSH signature" in said(signers(folder, f"bob@example.org {public(bob)}"), given)


def test_every_byte_of_a_signature_counts(folder: Path, bob: Path) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}")
    good = signature(bob, TEXT)
    begin, end = good.index("\n") + 1, good.index("\n-----END")

    for at in range(begin, end):
        if good[at] != "\n":
            other = "A" if good[at] != "A" else "B"
            said(allowed, good[:at] + other + good[at + 1 :])


def test_a_key_taken_out_of_the_file_counts_no_more(folder: Path, bob: Path, eve: Path) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}")
    allowed.check_signature(TEXT, signature(bob, TEXT), principals=ME)

    signers(folder, f"bob@example.org {public(eve)}")

    assert "not now" in said(allowed, signature(bob, TEXT))


@pytest.mark.parametrize("path", [None, "/no/such/file"])
def test_without_the_file_nobodys_signature_is_taken(bob: Path, path: str | None) -> None:
    assert "nobody's signature can be checked" in said(AllowedSigners(path), signature(bob, TEXT))


@pytest.mark.parametrize("line", ["bob@example.org", "bob@example.org ssh-ed25519 AAAA", "<<<<<<< HEAD"])
def test_a_line_that_is_no_key_is_named_with_its_number(folder: Path, bob: Path, line: str) -> None:
    allowed = signers(folder, f"bob@example.org {public(bob)}", line)

    with pytest.raises(FileError, match=r"allowed_signers:4: no line of allowed signers"):
        allowed.check()


def test_a_good_file_is_fine(folder: Path, bob: Path) -> None:
    signers(folder, f"bob@example.org {public(bob)}").check()
