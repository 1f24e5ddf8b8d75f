"""Every vendor's form is taken out of a sentence that names no key, and what only looks like it stays."""

import pytest

from bot.redact import clean
from bot.redact.vendors import VENDOR_RULES

#: Kind -> a made-up key of its form, put together so that no scanner takes it for a real one.
SAMPLES = {
    "1password": "A3-" + "ABC123-" * 2 + "-".join(["AB123"] * 4),
    "adobe": "p8e-" + "a1" * 16,
    "airtable": "pat" + "A1" * 7 + "." + "a1" * 32,
    "alibaba": "LTAI" + "a1B2" * 5,
    "artifactory": "AKCp" + "a1" * 33,
    "authress": "sc_" + "a1b2c.d3e4.acc-" + "a1" * 6 + "." + "B2" * 20,
    "aws-key-id": "A3T" + "Q7" * 8 + "Z",
    "aws-bedrock": "bedrock-api-key-" + "Zz9" * 10,
    "clickhouse": "4b1d" + "a1" * 19,
    "clojars": "CLOJARS_" + "a1" * 30,
    "duffel": "duffel_test_" + "a1" * 22,
    "easypost": "EZAK" + "a1" * 27,
    "facebook": "EAAM" + "a1" * 50,
    "flutterwave": "FLWSECK_TEST-" + "a1" * 16 + "-X",
    "frameio": "fio-u-" + "a1" * 32,
    "harness": "pat." + "a1" * 11 + "." + "b2" * 12 + "." + "c3" * 10,
    "hugging-face": "api_org_" + "aB" * 17,
    "infracost": "ico-" + "a1" * 16,
    "intra42": "s-s4t2ud-" + "a1" * 32,
    "lob": "test_pub_" + "a1" * 15 + "f",
    "maxmind": "a1B2c3_" + "a1" * 14 + "b_mmk",
    "octopus": "API-" + "A1" * 15,
    "openshift": "sha256~" + "a1" * 21 + "b",
    "planetscale": "pscale_tkn_" + "a1=" * 12,
    "prefect": "pnu_" + "a1" * 18,
    "scalingo": "tk-us-" + "a1" * 24,
    "sendgrid": "SG." + "a1=" * 22,
    "settlemint": "sm_pat_" + "a1" * 8,
    "shippo": "shippo_test_" + "aF" * 20,
    "sourcegraph": "sgp_" + "a1" * 20,
    "square": "EAAA" + "a1" * 12,
    "twilio": "SK" + "Aa" * 16,
}


def test_every_rule_has_a_sample() -> None:
    assert set(SAMPLES) >= {rule.kind for rule in VENDOR_RULES}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_key_of_its_form_is_taken_out_of_a_sentence(kind: str) -> None:
    said = clean(f"deploy: uploading with {SAMPLES[kind]} to the store".encode()).text

    assert SAMPLES[kind] not in said and said.startswith("deploy: uploading with [REDACTED:")
    assert said.endswith("] to the store")


@pytest.mark.parametrize(
    "line",
    [
        "GET /api-docs/API-GATEWAY HTTP/1.1",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "pattern pat.txt does not match",
        "EAAX is no airport; SKU SK1234 is out of stock",
        "tk-us-east-1 is up",
        "FLWSECK is not set",
    ],
)
def test_what_only_begins_like_a_key_stays(line: str) -> None:
    assert clean(line.encode()).text == line
