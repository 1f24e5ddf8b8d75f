"""The people, channels and groups that a local workspace starts with."""

from dataclasses import dataclass, replace
from enum import Enum

TEAM = "T0LOCAL"
OTHER_TEAM = "T0PARTNER"
SECOND_TEAM = "T0SECOND"


class Kind(Enum):
    """What somebody is; decides what `users.info` says of them."""

    MEMBER = "member"
    GUEST = "guest"
    #: From another company through Slack Connect.
    STRANGER = "stranger"
    #: From a second workspace of the same company.
    ELSEWHERE = "elsewhere"
    BOT = "bot"
    #: The bot user of the app under test.
    APP = "app"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in the workspace."""

    id: str
    name: str
    real_name: str
    kind: Kind = Kind.MEMBER
    team: str = TEAM
    tz: str = "Etc/UTC"
    tz_offset_s: int = 0

    @property
    def may_act(self) -> bool:
        """True for people who can type and click."""
        return self.kind in {Kind.MEMBER, Kind.GUEST, Kind.STRANGER, Kind.ELSEWHERE}


@dataclass(frozen=True, kw_only=True)
class Room:
    """A channel."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    is_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class Circle:
    """A user group."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A whole workspace at its start. The first person is who the page begins as."""

    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    circles: tuple[Circle, ...]


APP_USER = "U0BOT"
REQUESTER = Person(
    id="U0REQUESTER", name="requester", real_name="Requester", tz="Europe/Berlin", tz_offset_s=3600
)
APPROVER = Person(
    id="U0APPROVER", name="approver", real_name="Approver", tz="America/New_York", tz_offset_s=-18000
)
GUEST = Person(id="U0GUEST", name="guest", real_name="Guest", kind=Kind.GUEST)
STRANGER = Person(id="U0STRANGER", name="stranger", real_name="Stranger", kind=Kind.STRANGER, team=OTHER_TEAM)
ELSEWHERE = Person(
    id="U0ELSEWHERE", name="elsewhere", real_name="Elsewhere", kind=Kind.ELSEWHERE, team=SECOND_TEAM
)
OTHER_BOT = Person(id="U0OTHERBOT", name="otherbot", real_name="Other bot", kind=Kind.BOT)
GONE = Person(id="U0GONE", name="gone", real_name="Gone", kind=Kind.DEACTIVATED)
APP = Person(id=APP_USER, name="runbook", real_name="Runbook bot", kind=Kind.APP)
SRE = Circle(id="S0SRE", handle="sre", name="SRE", users=(APPROVER.id,))

#: What the page shows in a demo: ask as one, approve as the other, try it as a guest.
DEMO = Seed(
    people=(REQUESTER, APPROVER, GUEST, APP),
    rooms=(
        Room(id="C0INCIDENTS", name="incidents", members=(REQUESTER.id, APPROVER.id, GUEST.id, APP.id)),
        Room(id="C0NOBOT", name="without-bot", members=(REQUESTER.id, APPROVER.id)),
    ),
    circles=(SRE,),
)

#: Every kind of person and channel, for tests.
EVERYBODY = Seed(
    people=(REQUESTER, APPROVER, GUEST, STRANGER, ELSEWHERE, OTHER_BOT, GONE, APP),
    rooms=(
        *DEMO.rooms,
        Room(id="C0SECRET", name="secret", members=(REQUESTER.id,), is_private=True),
        Room(
            id="C0SHARED",
            name="shared",
            members=(REQUESTER.id, APPROVER.id, STRANGER.id, ELSEWHERE.id, APP.id),
            is_shared=True,
        ),
    ),
    circles=(SRE, Circle(id="S0OPS", handle="ops", name="Ops", users=(REQUESTER.id, GONE.id))),
)


def with_app_named(seed: Seed, name: str) -> Seed:
    """The same workspace with another handle for the app under test, as its manifest gives it."""
    people = tuple(replace(one, name=name) if one.kind is Kind.APP else one for one in seed.people)
    return replace(seed, people=people)
