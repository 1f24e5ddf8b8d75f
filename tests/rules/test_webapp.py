"""A web application that did not start in a Tomcat that runs: its paths are 404, and nginx sees no fault."""

import pytest

from bot.model.verdict import Verdict
from tests import test_judge
from tests.support import asked

_UNIT = asked.unit(Id="tomcat10.service")
_FAILED = "Context [{}] startup failed due to previous errors"
_NO_LIBRARY = "The Apache Tomcat Native library which allows using OpenSSL was not found"
_REASON = (
    "==> /var/lib/tomcat10/logs/localhost.2026-11-20.log <== mtime 1795175990 bytes 9\n"
    " 20-Nov-2026 11:59:50.101 SEVERE [main] org.apache.catalina.core.StandardContext.listenerStart"
    " Error configuring application listener of class [com.shop.Missing]\n"
    " \tjava.lang.ClassNotFoundException: com.shop.Missing\n"
)


def _verdict(*said: str, health: int = 404, front: int = 404, app_logs: str = "") -> Verdict:
    answers = asked.probe("answered", status=front) + asked.probe("answered", status=health, path="/livez")
    return test_judge.verdict_of(
        front=answers,
        upstreams=answers,
        unit=_UNIT,
        app_journal=asked.said(*said, program="tomcat10"),
        app_logs=app_logs,
        listeners=asked.listens("*:3000", by="java"),
    )


def test_it_is_named_with_the_reason_from_tomcats_own_log() -> None:
    verdict = _verdict(_FAILED.format(""), "Server startup in [4892] milliseconds", app_logs=_REASON)

    assert (verdict.cause, verdict.certainty.value) == ("app_crash_startup", "confirmed")
    assert verdict.says.startswith("Tomcat runs, and the web application / in it did not start: ")
    assert "com.shop.Missing" in verdict.says
    assert (verdict.restart.effect.value, verdict.remedies) == ("useless", ())


@pytest.mark.parametrize(
    "said",
    [_FAILED.format(""), "Error deploying web application archive [/var/lib/tomcat10/webapps/ROOT.war]"],
)
def test_without_a_reason_it_is_said_where_one_stands(said: str) -> None:
    verdict = _verdict(said)

    assert (verdict.cause, verdict.certainty.value) == ("app_crash_startup", "likely")
    assert "localhost.DATE.log" in str(verdict.next_check)


@pytest.mark.parametrize(
    ("said", "statuses"),
    [
        ((_FAILED.format("/other"),), (404, 404)),
        ((_FAILED.format(""),), (200, 200)),
        (("Server startup in [4892] milliseconds",), (404, 404)),
    ],
    ids=["another application", "it answers", "it started"],
)
def test_it_is_not_said_of(said: tuple[str, ...], statuses: tuple[int, int]) -> None:
    front, health = statuses

    assert _verdict(*said, front=front, health=health).cause == "healthy"


def test_http_to_the_ajp_connector_is_named_and_not_taken_for_a_crash() -> None:
    verdict = test_judge.verdict_of(
        front=asked.probe("answered", status=502),
        upstreams=asked.probe("closed", address="127.0.0.1:8009"),
        unit=_UNIT,
        error_log=asked.error(
            "upstream prematurely closed connection while reading response header from upstream",
            upstream="http://127.0.0.1:8009/",
        ),
        app_journal=asked.said(
            _NO_LIBRARY,
            "Invalid message received with signature [18245]",
            program="tomcat10",
        ),
        listeners=asked.listens("[::ffff:127.0.0.1]:8009", by="java"),
    )

    assert (verdict.cause, verdict.certainty.value) == ("protocol_mismatch", "confirmed")
    assert [one.cause for one in verdict.found] == ["protocol_mismatch"]
    assert "HTTP connector" in str(verdict.found[0].mend)


def test_what_tomcat_says_at_each_start_is_no_word_of_a_crash() -> None:
    verdict = test_judge.verdict_of(
        front=asked.probe("answered", status=502),
        upstreams=asked.probe("closed"),
        unit=_UNIT,
        error_log=asked.error(
            "upstream prematurely closed connection while reading response header from upstream"
        ),
        app_journal=asked.said(_NO_LIBRARY),
    )

    assert "Native library" not in verdict.says
