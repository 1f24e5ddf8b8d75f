"""The export as a use case: read the ledger, write the story, note that it left."""

import hashlib
from dataclasses import replace
from typing import Protocol, runtime_checkable

from bot.model.event import Exported
from bot.model.person import Actor
from bot.model.summary import ExportFile
from bot.ports import Ledger
from bot.story.tell import Sealed, Story, digests_of, timeline
from bot.story.write import export, file_name


@runtime_checkable
class KnowsSalts(Protocol):
    """A ledger that can prove its evidence texts."""

    async def salt(self, digest: str) -> str | None:
        """The salt of a kept text, hex; None when it was erased."""
        ...


@runtime_checkable
class KnowsProofs(Protocol):
    """A ledger that has its heads signed."""

    async def proof(self, incident: str, seq: int, digest: str) -> Sealed | None:
        """A signed checkpoint that names this entry; None when nothing is signed."""
        ...


async def story_of(ledger: Ledger, incident: str) -> Story:
    """The incident's story with the evidence that was not erased.

    Raises BadRequest when there is no such incident, LedgerUnavailable.
    """
    entries = await ledger.entries(incident)
    texts, salts = {}, {}
    for digest in digests_of(entries):
        text = await ledger.evidence(digest)
        salt = await ledger.salt(digest) if isinstance(ledger, KnowsSalts) else None
        if text is not None:
            texts[digest] = text
        if salt is not None:
            salts[digest] = salt
    return timeline(entries, texts, salts=salts)


async def export_incident(ledger: Ledger, actor: Actor, incident: str, form: str) -> ExportFile:
    """Write the timeline as `md`, `json`, `html` or `csv`, and append that it was.

    Who may is the caller's question. Raises BadRequest (no such incident or form), LedgerUnavailable.
    """
    story = await story_of(ledger, incident)
    if form == "json" and isinstance(ledger, KnowsProofs):
        sealed = await ledger.proof(incident, story.head.seq, story.head.hash)
        story = replace(story, checkpoints=(sealed,) if sealed else ())
    content = export(story, form)
    digest = hashlib.sha256(content).hexdigest()
    head = f"{story.head.seq}:{story.head.hash}"
    exported = Exported(by=actor.account, person=actor.person, form=form, sha256=digest, head=head)
    await ledger.append(incident, [exported])
    return ExportFile(name=file_name(story, form), content=content, sha256=digest, head=head)
