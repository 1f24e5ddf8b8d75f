"""The workspace's state in memory: people, channels, groups, messages, files, views."""

from dataclasses import dataclass, field

from bot.devslack.feed import Feed
from bot.devslack.ids import Ids
from bot.devslack.message import File, Message
from bot.devslack.seed import APP_USER, Circle, Person, Room, Seed
from bot.devslack.wire import Payload

BOT_ID = "B0BOT"
APP_ID = "A0RUNBOOK"


@dataclass(kw_only=True)
class Channel:
    """A channel whose membership can change."""

    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_shared: bool = False
    is_im: bool = False

    @property
    def has_bot(self) -> bool:
        """True when the app under test is in it."""
        return APP_USER in self.members

    def for_page(self) -> Payload:
        """The page's Channel."""
        return {
            "id": self.id,
            "name": self.name,
            "is_private": self.is_private,
            "is_shared": self.is_shared,
            "members": list(self.members),
            "has_bot": self.has_bot,
        }


@dataclass(kw_only=True)
class Group:
    """A user group whose members can change."""

    id: str
    handle: str
    name: str
    users: list[str]


@dataclass(kw_only=True)
class View:
    """An open modal, or a home view."""

    user: str
    payload: Payload
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Slack's view id."""
        return str(self.payload["id"])

    def for_page(self) -> Payload:
        """The page's View."""
        return self.payload | {"user": self.user, "errors": self.errors}


class World:
    """Changes go through its methods, so that pages hear of them."""

    def __init__(self, seed: Seed, ids: Ids, feed: Feed) -> None:
        self.ids = ids
        self.feed = feed
        self._seed = seed
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        #: Parent -> replies, for the count that every new reply shows.
        self._threads: dict[tuple[str, str], list[Message]] = {}
        self.files: dict[str, File] = {}
        #: User -> open modals, the lowest first.
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.reset()

    def reset(self) -> None:
        """Back to the seed."""
        self.people = {person.id: person for person in self._seed.people}
        self.channels = {room.id: _channel(room) for room in self._seed.rooms}
        self.groups = {circle.id: _group(circle) for circle in self._seed.circles}
        for state in (self.messages, self._threads, self.files, self.views, self.homes):
            state.clear()
        self.feed.tell({"type": "reset"})

    @property
    def first_person(self) -> str:
        """Whom the page begins as."""
        return self._seed.people[0].id

    def add(self, message: Message) -> None:
        """A new message; its parent is shown again with the new count."""
        self.messages[message.channel, message.ts] = message
        self.show(message, "added")
        parent = self.parent_of(message)
        if parent is not None and message.ephemeral_to is None:
            self._threads.setdefault((parent.channel, parent.ts), []).append(message)
            parent.status = ""
            self.show(parent, "changed")

    def show(self, message: Message, change: str = "changed") -> None:
        """Tell pages how the message looks now."""
        shown = message.for_page(self.replies(message))
        self.feed.tell({"type": "message", "change": change, "message": shown}, self._audience(message))

    def remove(self, message: Message) -> None:
        """Delete it; the parent is shown again."""
        self.messages.pop((message.channel, message.ts), None)
        thread = self._threads.get((message.channel, message.thread_ts or ""), [])
        if message in thread:
            thread.remove(message)
        self.feed.tell(
            {"type": "message_deleted", "channel": message.channel, "ts": message.ts}, self._audience(message)
        )
        parent = self.parent_of(message)
        if parent is not None:
            self.show(parent)

    def find(self, channel: str, ts: str) -> Message | None:
        """A message by its place; ephemeral ones too."""
        return self.messages.get((channel, ts))

    def parent_of(self, message: Message) -> Message | None:
        """The thread's first message; None for a message of the channel."""
        return self.messages.get((message.channel, message.thread_ts)) if message.thread_ts else None

    def replies(self, parent: Message) -> list[Message]:
        """Replies in the order they came; ephemeral ones are left out."""
        return self._threads.get((parent.channel, parent.ts), [])

    def in_channel(self, channel: str) -> list[Message]:
        """Messages of a channel with replies, oldest first, without ephemeral ones."""
        found = [item for item in self.messages.values() if item.channel == channel and not item.ephemeral_to]
        return sorted(found, key=lambda message: message.ts)

    def seen_by(self, user: str) -> list[Message]:
        """All that this person sees, oldest first."""
        found = [message for message in self.messages.values() if user in self._audience(message)]
        return sorted(found, key=lambda message: message.ts)

    def add_file(self, file: File) -> None:
        """Keep a file whose upload was announced."""
        self.files[file.id] = file

    def share(self, file: File) -> None:
        """Tell pages of a file that now stands in a channel."""
        channel = self.channels[str(file.channel)]
        self.feed.tell({"type": "file", "file": file.for_page()}, frozenset(channel.members))

    def move(self, channel: Channel, to: str) -> None:
        """Give a channel another id; pages look at everything anew."""
        old, channel.id = channel.id, to
        for message in self.messages.values():
            message.channel = to if message.channel == old else message.channel
        for file in self.files.values():
            file.channel = to if file.channel == old else file.channel
        self.channels = {item.id: item for item in self.channels.values()}
        self.messages = {(item.channel, item.ts): item for item in self.messages.values()}
        self._threads = {
            (to if at == old else at, ts): replies for (at, ts), replies in self._threads.items()
        }
        self.feed.tell({"type": "reset"})

    def show_views(self, user: str) -> None:
        """Tell this person's pages the stack of modals."""
        views = [view.for_page() for view in self.views.get(user, [])]
        self.feed.tell({"type": "views", "views": views}, frozenset({user}))

    def show_channels(self) -> None:
        """Tell pages who is in which channel."""
        self.feed.tell({"type": "channels", "channels": [item.for_page() for item in self.channels.values()]})

    def im_with(self, user: str) -> Channel:
        """The direct-message channel between the bot and somebody; made at the first use."""
        channel_id = f"D0{user[2:]}"
        if channel_id not in self.channels:
            name = self.people[user].name
            self.channels[channel_id] = Channel(
                id=channel_id, name=name, members=[user, APP_USER], is_private=True, is_im=True
            )
            self.show_channels()
        return self.channels[channel_id]

    def _audience(self, message: Message) -> frozenset[str]:
        if message.ephemeral_to is not None:
            return frozenset({message.ephemeral_to})
        return frozenset(self.channels[message.channel].members)


def _channel(room: Room) -> Channel:
    return Channel(
        id=room.id,
        name=room.name,
        members=list(room.members),
        is_private=room.is_private,
        is_shared=room.is_shared,
    )


def _group(circle: Circle) -> Group:
    return Group(id=circle.id, handle=circle.handle, name=circle.name, users=list(circle.users))
