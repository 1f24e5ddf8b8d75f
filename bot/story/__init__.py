"""An incident's ledger as a story: the post-mortem's timeline, and its exports."""

from bot.story.moment import who
from bot.story.tell import Sealed, Story, timeline
from bot.story.usecase import export_incident, story_of
from bot.story.write import FORMS, export

__all__ = ["FORMS", "Sealed", "Story", "export", "export_incident", "story_of", "timeline", "who"]
