"""An incident as Slack messages. Pure: the same incident and view give the same messages."""

from bot.model.incident import Incident, Run
from bot.slack.blocks.after import change, note, result
from bot.slack.blocks.alert import alerts, is_alarm
from bot.slack.blocks.card import card
from bot.slack.blocks.fit import fitted
from bot.slack.blocks.groups import group_of, groups
from bot.slack.blocks.message import Block, Message, Upload, Urgency, View
from bot.slack.blocks.output import full_output, upload
from bot.slack.blocks.root import root
from bot.slack.blocks.verdict import verdict
from bot.slack.blocks.views import glass_view, note_view, output_view, reason_view, sign_view

__all__ = [
    "Block",
    "Message",
    "Upload",
    "Urgency",
    "View",
    "full_output",
    "glass_view",
    "group_of",
    "is_alarm",
    "messages",
    "note_view",
    "output_view",
    "reason_view",
    "sign_view",
    "wanted_texts",
]


def messages(incident: Incident, view: View) -> tuple[Message | Upload, ...]:
    """All that should stand in Slack now, in the order of the thread; the root comes first.

    Empty when the incident was never opened. Each message passes Slack's limits whatever hosts and
    people said, and mentions nobody.
    """
    if incident.opened is None:
        return ()
    made: list[Message | Upload | None] = [root(incident)]
    for run in incident.runs:
        made += _of_run(incident, run, view)
    made += alerts(incident)
    made += [note(said.event, said.at, number) for number, said in enumerate(incident.notes, 1)]
    return tuple(fitted(one) if isinstance(one, Message) else one for one in made if one is not None)


def wanted_texts(incident: Incident) -> tuple[str, ...]:
    """Digests of the evidence that messages may quote: every finished run's, and the actions' own."""
    steps = [step.event for run in incident.runs if run.is_over for step in run.steps]
    found = [step.evidence for step in steps if step.evidence]
    acted = [one.outcome for one in incident.approvals if one.outcome]
    return tuple(dict.fromkeys([*found, *(one.evidence for one in acted if one.evidence)]))


def _of_run(incident: Incident, run: Run, view: View) -> list[Message | Upload | None]:
    if run.is_precheck:
        # The look just before an action is the bot's own caution: its outcome shows on the card.
        return []
    made: list[Message | Upload | None] = [change(incident, run, view) or verdict(incident, run, view)]
    offered = [one for one in incident.approvals if one.proposed.run == run.number]
    made += [card(incident, approval) for approval in offered]
    made += groups(incident, run, view)
    made.append(upload(incident, run))
    made += [result(approval, view) for approval in offered]
    return made
