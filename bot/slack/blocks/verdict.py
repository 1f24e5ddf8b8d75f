"""The first answer in the thread: what is broken, the line that proves it, and what to do."""

from collections.abc import Mapping, Sequence

from bot.explain import comes_from, mend_of, parts
from bot.model.incident import Incident, Run
from bot.model.verdict import Certainty, Finding, Line, Verdict
from bot.slack.blocks import rich, text
from bot.slack.blocks.groups import parts_of
from bot.slack.blocks.message import Block, Message, Urgency, View
from bot.slack.blocks.root import outcome_of

_MOST_FOUND = 3
_MOST_QUOTES = 3
_MOST_RULED_OUT = 10
_MOST_UNCHECKED = 8


def verdict(incident: Incident, run: Run, view: View) -> Message:
    """The message of one run: progress while it looks, then its verdict or why there is none."""
    key = key_of(run)
    if run.verdict is not None:
        blocks = conclusion(incident, run, run.verdict, view)
        said = f"Verdict on {text.name(incident.host or '?')}: {text.notice(run.verdict.says)}"
        return Message(key=key, text=said, blocks=blocks, urgency=Urgency.OUTCOME)
    if run.failed is not None:
        return Message(
            key=key,
            text="The check failed; nothing is known of the host now",
            blocks=(*_failure(run), *_next_steps(incident, run)),
            urgency=Urgency.OUTCOME,
        )
    return Message(
        key=key, text="Looking at the host", blocks=tuple(_progress(run, view)), urgency=Urgency.PROGRESS
    )


def key_of(run: Run) -> str:
    """`verdict`, `verdict:<n>` of a later run, `diff:<n>` of one that rechecks an action."""
    if run.recheck_of:
        return f"diff:{run.number}"
    return "verdict" if run.number == 1 else f"verdict:{run.number}"


def conclusion(incident: Incident, run: Run, said: Verdict, view: View) -> tuple[Block, ...]:
    """A verdict in blocks, the most wanted first."""
    blocks = core(said, f"headline-{run.number}")
    if run.ended is not None and run.ended.not_offered:
        blocks.append(_not_offered(run.ended.not_offered, view))
    if said.unchecked:
        blocks.append(_unchecked(said))
    if said.ruled_out:
        blocks.append(_ruled_out(said))
    blocks.append(rich.context("measure", _measure(run, said)))
    return (*blocks, *_next_steps(incident, run))


def core(said: Verdict, headline: str, *, rest: str = "more in the export") -> list[Block]:
    """What is broken, its proof, whether a restart helps, what mends it, and what else was seen.

    `rest`: what is said of the causes that find no room.
    """
    blocks: list[Block] = [rich.rich(headline, rich.sentence(rich.words(said.says, bold=True)))]
    if said.found:
        blocks.append(_proof(said.found[0]))
    if not said.is_healthy:
        blocks.append(_advice(said))
    if len(said.found) > 1:
        blocks.append(_others(said, rest))
    return blocks


def _proof(finding: Finding) -> Block:
    label = "Read from " if finding.certainty is Certainty.POSSIBLE else "Proof, from step "
    parts: list[Block] = []
    for step, lines in _by_step(finding.because[:_MOST_QUOTES]).items():
        parts.append(rich.sentence(rich.ours(label), rich.words(step, most=80, bold=True), rich.ours(":")))
        parts.append(rich.quoted("\n".join(text.one_line(line.says, 400) for line in lines), most=1300))
    return rich.rich("proof", *parts)


def _by_step(lines: Sequence[Line]) -> dict[str, list[Line]]:
    by_step: dict[str, list[Line]] = {}
    for line in lines:
        by_step.setdefault(line.step, []).append(line)
    return by_step


def _advice(said: Verdict) -> Block:
    parts = [rich.sentence(*_restart(said))]
    label, mend = mend_of(said)
    if mend:
        parts.append(rich.sentence(rich.ours(f"{label}: ", bold=True), *rich.with_code(mend, most=900)))
    if said.changed:
        parts.append(rich.sentence(rich.words(said.changed, most=500, bold=True)))
    if said.next_check:
        parts.append(
            rich.sentence(rich.ours("Next check: ", bold=True), *rich.with_code(said.next_check, most=500))
        )
    return rich.rich("advice", *parts)


def _restart(said: Verdict) -> list[Block]:
    advice = said.restart
    return [
        rich.ours("Would a restart of "),
        rich.words("the app" if advice.what in ("", "app") else advice.what, most=100),
        rich.ours(" help? "),
        rich.ours(said.restart_answer, bold=True),
        rich.ours(", because "),
        *rich.with_code(advice.why, most=500),
        rich.ours("."),
    ]


def _others(said: Verdict, rest: str) -> Block:
    """What follows from the first findings, then what stands beside them."""
    shown = said.found[1 : 1 + _MOST_FOUND]
    follow = [one for one in shown if comes_from(one, said)]
    quoted = [line.says for line in said.found[0].because[:_MOST_QUOTES]]
    others = [one for one in shown if one not in follow]
    is_guess = all(one.certainty is Certainty.POSSIBLE for one in others)
    beside = [_seen(one, quoted) for one in others]
    more = len(said.found) - 1 - len(shown)
    if more > 0:
        beside.append([rich.ours(f"and {more} {rest}")])
    parts: list[Block] = []
    for label, items in (
        ("As a consequence:", [_seen(one, quoted) for one in follow]),
        ("Also possible:" if is_guess else "Also seen:", beside),
    ):
        if items:
            parts += [rich.sentence(rich.ours(label, bold=True)), rich.bullets(items)]
    return rich.rich("others", *parts)


def _seen(finding: Finding, quoted: list[str]) -> list[Block]:
    """A cause in one line; its proof is quoted unless it stands above already, and is from then on."""
    said = [
        rich.words(finding.cause, most=60, bold=True),
        rich.ours(f" ({finding.certainty.value}): "),
        rich.words(finding.says, most=300),
    ]
    line = finding.because[0].says
    if line in quoted:
        return said
    quoted.append(line)
    return [*said, rich.ours(" — "), rich.words(line, most=240, code=True)]


def _not_offered(why: Mapping[str, str], view: View) -> Block:
    items = [
        [
            rich.words(view.titles.get(name, name), most=80, bold=True),
            rich.ours(": "),
            rich.words(says, most=700),
        ]
        for name, says in list(why.items())[:_MOST_FOUND]
    ]
    return rich.rich(
        "not-offered", rich.sentence(rich.ours("Fits, but is not offered:", bold=True)), rich.bullets(items)
    )


def _unchecked(said: Verdict) -> Block:
    gaps = said.unchecked
    shown = [
        [rich.words(gap.step, most=60, bold=True), rich.ours(": "), rich.words(gap.reason, most=220)]
        for gap in gaps[:_MOST_UNCHECKED]
    ]
    return _titled("unchecked", f"Could not check ({len(gaps)}):", shown, more=len(gaps) - len(shown))


def _ruled_out(said: Verdict) -> Block:
    ruled_out = said.ruled_out
    if said.is_healthy:
        names = ", ".join(text.name(one.cause) for one in ruled_out)
        return rich.context("ruled-out", f"ruled out: {names}"[:1800])
    shown = [
        [rich.words(one.cause, most=60, bold=True), rich.ours(": "), rich.words(one.says, most=160)]
        for one in ruled_out[:_MOST_RULED_OUT]
    ]
    more = len(ruled_out) - len(shown)
    return _titled("ruled-out", f"Ruled out ({len(ruled_out)}):", shown, more=more)


def _titled(name: str, title: str, shown: list[list[Block]], *, more: int) -> Block:
    items = [*shown, [rich.ours(f"and {more} more in the export")]] if more > 0 else shown
    return rich.rich(name, rich.sentence(rich.ours(title, bold=True)), rich.bullets(items))


def _measure(run: Run, said: Verdict) -> str:
    parts = [outcome_of(said)]
    if not said.is_healthy:
        parts += [f"`{text.name(said.cause)}`", said.certainty.value]
    if run.ended is not None:
        parts.append(f"{_read(run)} in {text.seconds(run.ended.duration_s)}")
    if run.ended_at is not None:
        parts.append(f"seen {text.date(run.ended_at)}")
    return " · ".join(parts)


def _read(run: Run) -> str:
    read = sum(step.event.gap is None for step in run.steps)
    return f"{read} of {text.count(max(len(run.started.steps), len(run.steps)), 'step')} read"


def _failure(run: Run) -> tuple[Block, ...]:
    assert run.failed is not None
    line = rich.sentence(
        rich.ours("The check failed, nothing is known of the host now: ", bold=True),
        rich.words(run.failed.why, most=600),
    )
    missing = f"{len(run.missing)} of {text.count(len(run.started.steps), 'step')} never answered"
    return (rich.rich("failed", line), rich.context("measure", f":warning: {missing}"))


def _progress(run: Run, view: View) -> list[Block]:
    total = len(run.started.steps)
    line = f"Looking … {len(run.steps)} of {total} answered"
    answered = {step.event.step for step in run.steps}
    parts = [
        f"{text.name(part.title)} {sum(step in answered for step in part.steps)}/{len(part.steps)}"
        for part in parts_of(run, view.runbook)
    ]
    blocks = [rich.rich("looking", rich.sentence(rich.ours(line, bold=True)))]
    return [*blocks, rich.context("parts", " · ".join(parts))] if parts else blocks


def _next_steps(incident: Incident, run: Run) -> tuple[Block, ...]:
    """Buttons, on the latest run only, so that nobody presses what is past."""
    if incident.run is not run:
        return ()
    row = rich.actions(
        "next",
        rich.button("again", "Run again", incident.id),
        rich.button("export", "Export timeline", incident.id),
        rich.button("note", "Add note", incident.id),
        *_explain(run),
    )
    return (row,)


def _explain(run: Run) -> list[Block]:
    if run.verdict is None or run.verdict.is_healthy or not parts(run.verdict.cause)[""]:
        return []
    return [rich.button("explain", "What is this?", run.verdict.cause)]
