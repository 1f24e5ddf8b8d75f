r"""Looks at a host once and keeps it as a recorded case, which `make test` judges again each time.

    python -m tools.case --fleet fleet.yaml --host web-01 --cause oom_kill \
        --about "the app outgrew its limit" tests/cases/502/outgrew_its_limit.yaml

`--cause` is what a person says is broken. The rest of what is expected stands as it is judged now: read it
before you keep it. Lines of logs are kept from their end. Secrets are masked as in a thread; read the file
all the same before it goes anywhere.
"""

import argparse
import asyncio
from pathlib import Path

from bot import catalog, fleet
from bot.collect import Senses, collect
from bot.errors import BotError
from bot.judge import judge
from bot.model.evidence import Evidence
from bot.model.host import Fleet, Host
from bot.model.runbook import Runbook
from bot.redact import KnownValues
from bot.settings import shipped_runbooks
from bot.ssh import SshShell
from bot.web.address import Reach
from bot.web.probe import OutsideProber
from tests.support import recorded


async def look(loaded: Fleet, host: Host, runbook: Runbook) -> Evidence:
    """One run of the checklist, without Slack and ledger."""
    shell = SshShell(loaded)
    urls = [host.public_url] if host.public_url else []
    prober = OutsideProber(urls, reach=Reach(allow_private=True))
    try:
        senses = Senses(shell=shell, prober=prober, known=KnownValues())
        return await collect(host, runbook, senses, on_step=lambda _: None)
    finally:
        await shell.aclose()


def main() -> None:
    """Write the case, and say how it is judged now."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("fleet", "host", "cause", "about"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--runbooks", type=Path, default=shipped_runbooks())
    parser.add_argument("out", type=Path, help="tests/cases/RUNBOOK/NAME.yaml")
    given = parser.parse_args()
    try:
        loaded, _ = fleet.load(Path(given.fleet))
        host = fleet.host_named(loaded, given.host)
        runbook = catalog.load(given.runbooks).runbooks[given.out.parent.name]
    except KeyError:
        parser.error(f"no runbook {given.out.parent.name!r}: the case's folder bears its runbook's name")
    except BotError as error:
        parser.error(str(error))
    evidence = asyncio.run(look(loaded, host, runbook))
    verdict = judge(evidence, host=host, causes=runbook.causes, remedies=runbook.remedies)
    expected = {
        "cause": given.cause,
        "certainty": verdict.certainty.value,
        "restart": verdict.restart.effect.value,
        "remedies": list(verdict.remedies),
    }
    recorded.write(recorded.case_of(evidence, host, about=given.about, expected=expected), given.out)
    but = "" if verdict.cause == given.cause else f", not {given.cause}: its test fails until it is"
    print(f"{given.out}: judged {verdict.cause} ({verdict.certainty.value}) now{but}")


if __name__ == "__main__":
    main()
