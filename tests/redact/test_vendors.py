"""Every vendor's form is taken out of a sentence that names no key, and what only looks like it stays."""

import pytest

from bot.redact import clean
from bot.redact.vendors import VENDOR_RULES

UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
#: Kind -> a made-up key of its form, put together so that no scanner takes it for a real one.
SAMPLES = {
    "1password": "A3-" + "ABC123-" * 2 + "-".join(["AB123"] * 4),
    "adafruit": "aio_" + "a1" * 14,
    "adobe": "p8e-" + "a1" * 16,
    "airtable": "pat" + "A1" * 7 + "." + "a1" * 32,
    "akamai": "akab-" + "a1" * 8 + "-" + "b2" * 8,
    "alibaba": "LTAI" + "a1B2" * 5,
    "amazon": "amzn1.oa2-cs.v1." + "a1" * 32,
    "apify": "apify_api_" + "a1" * 18,
    "appsync": "da2-" + "a1" * 13,
    "artifactory": "AKCp" + "a1" * 33,
    "asana": "1/12000000000001:" + "a1" * 16,
    "authress": "sc_" + "a1b2c.d3e4.acc-" + "a1" * 6 + "." + "B2" * 20,
    "aws-bedrock": "bedrock-api-key-" + "Zz9" * 10,
    "aws-key-id": "A3T" + "Q7" * 8 + "Z",
    "axiom": "xaat-" + UUID,
    "azure": "a1" * 38 + "+ASt" + "a1B2c" + "==",
    "braintree": "access_token$sandbox$" + "a1" * 8 + "$" + "a1" * 16,
    "buildkite": "bkua_" + "a1" * 20,
    "canva": "cnvcta" + "a1" * 25,
    "cerebras": "csk-" + "a1" * 24,
    "checkly": "cu_" + "a1" * 16,
    "circleci": "CCIPAT_" + "a1" * 11 + "_" + "b2" * 20,
    "clickhouse": "4b1d" + "a1" * 19,
    "clickup": "pk_1234567_" + "A1" * 16,
    "clojars": "CLOJARS_" + "a1" * 30,
    "contentful": "CFPAT-" + "a1" * 21 + "b",
    "coralogix": "cxtp_" + "a1" * 15,
    "databricks": "dose" + "a1" * 16,
    "dbt": "dbtc_" + "a1" * 20,
    "defined-networking": "dnkey-" + "a1" * 13 + "-" + "b2" * 26,
    "deno": "ddp_" + "a1" * 18,
    "dependency-track": "odt_" + "a1" * 16,
    "devcycle": "dvc_server_" + "a1" * 20,
    "docker-swarm": "SWMTKN-1-" + "a1" * 25 + "-" + "b2" * 12 + "c",
    "dropbox": "sl." + "a1" * 68,
    "duffel": "duffel_test_" + "a1" * 22,
    "e2b": "e2b_" + "a1" * 20,
    "easypost": "EZAK" + "a1" * 27,
    "elevenlabs": "sk_" + "a1" * 24,
    "endor": "endr+" + "a1" * 8,
    "facebook": "EAAM" + "a1" * 50,
    "figma": "figd_" + "a1" * 20,
    "firebase": "AAAA" + "a1B2c3D" + ":APA91b" + "a1" * 60,
    "firecrawl": "fc-" + "a1" * 16,
    "flutterwave": "FLWSECK_TEST-" + "a1" * 16 + "-X",
    "frameio": "fio-u-" + "a1" * 32,
    "fullstory": "na1." + "a1" * 35,
    "ghost": "a1" * 12 + ":" + "b2" * 32,
    "grafana": "eyJrIjoi" + "a1" * 30,
    "harness": "pat." + "a1" * 11 + "." + "b2" * 12 + "." + "c3" * 10,
    "honeycomb": "hcaik_" + "a1" * 29,
    "hubspot": "pat-eu1-" + UUID,
    "hugging-face": "api_org_" + "aB" * 17,
    "infisical": "st." + "a1" * 12 + "." + "b2" * 16 + "." + "c3" * 16,
    "infracost": "ico-" + "a1" * 16,
    "intercom": "dG9rO" + "a1" * 25,
    "intra42": "s-s4t2ud-" + "a1" * 32,
    "jina": "jina_" + "a1" * 30,
    "klaviyo": "pk_" + "a1" * 17,
    "langchain": "ls__" + "a1" * 16,
    "langsmith": "lsv2_pt_" + "a1" * 16 + "_" + "b2" * 5,
    "launchdarkly": "sdk-" + UUID,
    "lichess": "lip_" + "a1" * 10,
    "lob": "test_pub_" + "a1" * 15 + "f",
    "mailersend": "mlsn." + "a1" * 32,
    "mandrill": "md-" + "a1B" * 7 + "c",
    "maxmind": "a1B2c3_" + "a1" * 14 + "b_mmk",
    "mergify": "mka_" + "a1" * 20,
    "metabase": "mb_" + "a1" * 21 + "b=",
    "mongodb": "mdb_sa_sk_" + "a1" * 20,
    "neon": "napi_" + "a1" * 32,
    "netbird": "nbp_" + "a1" * 18,
    "netlify": "nfp_" + "a1" * 18,
    "nightfall": "NF-" + "a1" * 16,
    "nvidia": "nvapi-" + "a1" * 32,
    "octopus": "API-" + "A1" * 15,
    "openshift": "sha256~" + "a1" * 21 + "b",
    "packagist": "packagist_ort_" + "a1" * 34,
    "paddle": "pdl_live_apikey_" + "a1" * 13 + "_" + "b2" * 11 + "_abc",
    "pinecone": "pcsk_" + "a1" * 35,
    "plaid": "access-sandbox-" + UUID,
    "planetscale": "pscale_tkn_" + "a1=" * 12,
    "polar": "polar_oat_" + "a1" * 20,
    "posthog": "phx_" + "a1" * 21,
    "prefect": "pnu_" + "a1" * 18,
    "pubnub": "sec-c-" + "a1" * 24,
    "razorpay": "rzp_live_" + "a1" * 7,
    "render": "rnd_" + "a1" * 14,
    "resend": "re_" + "a1" * 4 + "_" + "b2" * 12,
    "runpod": "rpa_" + "A1" * 22,
    "salesforce": "00D" + "a1" * 6 + "!" + "b2" * 45,
    "scalingo": "tk-us-" + "a1" * 24,
    "sendgrid": "SG." + "a1=" * 22,
    "settlemint": "sm_pat_" + "a1" * 8,
    "shippo": "shippo_test_" + "aF" * 20,
    "sonarqube": "squ_" + "a1" * 20,
    "sourcegraph": "sgp_" + "a1" * 20,
    "square": "EAAA" + "a1" * 12,
    "stackhawk": "hawk." + "a1" * 10 + "." + "b2" * 10,
    "statsig": "secret-" + "a1B" * 14 + "c",
    "tavily": "tvly-" + "a1" * 16,
    "telnyx": "KEY0" + "A1" * 15 + "B_" + "a1" * 11,
    "tencent": "AKID" + "a1" * 16,
    "together": "tgp_v1_" + "a1" * 21,
    "trello": "ATTA" + "a1" * 34,
    "twilio": "SK" + "Aa" * 16,
    "truenas": "7-" + "a1B2" * 16,
    "twitch": "live_126031192_" + "a1B2c" * 6,
    "twitter": "A" * 22 + "b2" * 40,
    "typeform": "tfp_" + "a1" * 22,
    "ubidots": "BBFF-" + "a1" * 15,
    "unkey": "unkey_" + "a1" * 11,
    "valtown": "vtwn_" + "a1" * 13,
    "voiceflow": "VF.DM." + "a1" * 12 + "." + "b2" * 8,
    "voyage": "pa-" + "a1B" * 14 + "c",
    "wakatime": "waka_" + UUID,
    "woocommerce": "cs_" + "a1" * 20,
    "zoho": "1000." + "a1" * 16 + "." + "b2" * 16,
    "zuplo": "zpka_" + "a1" * 16 + "_" + "b2" * 4,
}


def test_every_rule_has_a_sample() -> None:
    assert set(SAMPLES) >= {rule.kind for rule in VENDOR_RULES}


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_key_of_its_form_is_taken_out_of_a_sentence(kind: str) -> None:
    said = clean(f"deploy: uploading with {SAMPLES[kind]} to the store".encode()).text

    assert SAMPLES[kind] not in said and said.startswith("deploy: uploading with [REDACTED:")
    assert said.endswith("] to the store")


def test_a_key_that_is_longer_than_its_form_goes_whole() -> None:
    said = clean(f"uploading with {SAMPLES['typeform']}-a1b2c3d4e5f6a1b2c3d4e5f6 to it".encode()).text

    assert said == "uploading with [REDACTED:typeform] to it"


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
