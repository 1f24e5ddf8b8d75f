"""The real driving edge against the local Slack, with a small desk and the real ledger."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bot.devslack import DevSlack, Options
from bot.devslack.seed import APPROVER, EVERYBODY, GUEST, REQUESTER
from bot.devslack.transport import Sort
from bot.engine import Follower
from bot.errors import NotAllowed, Stale, UnknownHost
from bot.model.event import Event, IncidentOpened, Noted, Place, Voted
from bot.model.host import Fleet, SshFiles
from bot.model.incident import ApprovalStatus, Incident, fold
from bot.model.person import Actor, Standing
from bot.model.ruling import Way
from bot.model.runbook import Catalog, Group, Runbook, Step
from bot.model.stand import stand_of
from bot.model.summary import ExportFile, IncidentSummary
from bot.policy import Group as PolicyGroup
from bot.policy import Policy
from bot.ports import Ledger
from bot.slack import SlackEdge, manifest
from bot.slack.throttle import Limits
from bot.store import SqliteLedger
from bot.work import Rules
from tests.support.people import NO_TLS, PATIENCE_S, People, words_of
from tests.support.unhurried import UNHURRIED

RUNBOOK = Runbook(
    name="502",
    title="nginx answers 502",
    about="",
    groups=(Group(id="proxy", title="Proxy"), Group(id="sockets", title="Sockets")),
    steps=(
        Step(id="error_log", group="proxy", title="what nginx says", run=("tail",)),
        Step(id="config", group="proxy", title="is the configuration good", run=("nginx", "-t")),
        Step(id="listening", group="sockets", title="who listens where", run=("ss",)),
    ),
    causes=("upstream_down",),
    remedies={},
    digest="d" * 64,
)
RULES = Rules(
    fleet=Fleet(hosts={}, ssh=SshFiles(identity="/none", known_hosts="/none")),
    catalog=Catalog(runbooks={"502": RUNBOOK}, remedies={}),
    policy=Policy(groups={"oncall": PolicyGroup(name="oncall", people=frozenset(), usergroup="S0SRE")}),
)


@dataclass(frozen=True, kw_only=True)
class FakeSettings:
    """What `SlackEdge` reads of the settings."""

    slack_bot_token: SecretStr | None
    slack_app_token: SecretStr | None
    slack_signing_secret: SecretStr | None
    slack_api_url: str
    slack_mode: str = "socket"
    slack_connections: int = 2
    http_host: str = "127.0.0.1"
    http_port: int = 0
    commands: Sequence[str] = ("/502", "/runbook")


@dataclass
class FakeDesk:
    """A desk that writes down what is asked and knows one host; policy is the SRE user group."""

    ledger: Ledger
    asked: list[tuple[Actor, tuple[str, ...], Place | None]] = field(default_factory=list)
    votes: list[tuple[Actor, str, bool]] = field(default_factory=list)
    ids: int = 0
    #: Channel that is told of break-glass.
    alert: str = ""
    #: Raised by the next call instead of its answer.
    trouble: Exception | None = None
    #: While cleared, whoever asks or votes waits; set at the start.
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def ask(
        self,
        actor: Actor,
        *,
        runbook: str,
        hosts: Sequence[str],
        place: Place | None,
        words: str,
        request: str = "",
    ) -> tuple[str, ...]:
        await self.gate.wait()
        self._check(actor)
        unknown = [host for host in hosts if not host.startswith("web-0")]
        if unknown:
            raise UnknownHost(f"no host {unknown[0]!r} in the fleet; did you mean 'web-01'?")
        self.asked.append((actor, tuple(hosts), place))
        return tuple([await self._open(actor, runbook, host, place) for host in hosts])

    async def vote(
        self,
        actor: Actor,
        approval: str,
        *,
        is_yes: bool,
        reason: str = "",
        break_glass: str = "",
        signature: str = "",
    ) -> str:
        await self.gate.wait()
        self._check(actor)
        incident = await self.ledger.incident_of(approval)
        assert incident is not None
        found = (await self.state(incident)).approval(approval)
        assert found is not None
        if found.status is not ApprovalStatus.OPEN:
            raise Stale("it is decided already")
        if is_yes and not break_glass and "S0SRE" not in actor.usergroups:
            raise NotAllowed("rule restart: only group oncall may approve")
        self.votes.append((actor, approval, is_yes))
        voted = Voted(
            approval=approval,
            by=actor.account,
            person=actor.person,
            is_yes=is_yes,
            digest=found.proposed.digest,
            reason=break_glass or reason,
            way=Way.BREAK_GLASS if break_glass else Way.RULE,
            is_enough=bool(break_glass),
            alert=self.alert if break_glass else "",
            review_by=await self.ledger.now() + timedelta(days=1) if break_glass else None,
        )
        await self.ledger.append(incident, [voted])
        return incident

    async def again(self, actor: Actor, incident: str, *, request: str = "") -> None:
        await self.note(actor, incident, "asked for another look")

    async def note(self, actor: Actor, incident: str, text: str, *, request: str = "") -> None:
        self._check(actor)
        await self.ledger.append(incident, [Noted(by=actor.account, person=actor.person, text=text)])

    async def export(self, actor: Actor, incident: str, form: str) -> ExportFile:
        self._check(actor)
        return ExportFile(
            name=f"{incident}.{form}", content=b"# timeline\n", sha256="a" * 64, head="7:" + "b" * 64
        )

    async def status(self, *, limit: int = 10) -> tuple[IncidentSummary, ...]:
        states = [await self.state(one) for one in await self.ledger.incidents(limit=limit)]
        return tuple(
            IncidentSummary(
                incident=one.id,
                runbook=one.opened.runbook,
                host=one.opened.host,
                at=one.opened_at,
                person=one.opened.person,
                says=one.status.value,
                stand=stand_of(one),
            )
            for one in states
            if one.opened and one.opened_at
        )

    async def incident_at(self, channel: str, ts: str) -> str | None:
        for one in await self.ledger.incidents():
            root = (await self.state(one)).shown.get("root")
            if root and (root.channel, root.ts) == (channel, ts):
                return one
        return None

    async def state(self, incident: str) -> Incident:
        return fold(await self.ledger.entries(incident))

    def _check(self, actor: Actor) -> None:
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        if actor.standing is not Standing.MEMBER:
            raise NotAllowed(f"only members may ask; you are: {actor.standing.value}")

    async def _open(self, actor: Actor, runbook: str, host: str, place: Place | None) -> str:
        self.ids += 1
        opened = IncidentOpened(
            runbook=runbook, host=host, by=actor.account, person=actor.person, place=place, words=host
        )
        await self.ledger.append(f"inc-{self.ids}", [opened], after_seq=0)
        return f"inc-{self.ids}"


@dataclass
class Office:
    """Local Slack, edge, desk, ledger and the people at the page."""

    slack: DevSlack
    edge: SlackEdge
    desk: FakeDesk
    ledger: SqliteLedger
    people: People
    settings: FakeSettings
    #: What the edge sees of the ledger; a test may put something forgetful here before a restart.
    seen: Ledger

    async def append(self, incident: str, *events: Event) -> None:
        """Events as a worker writes them."""
        await self.ledger.append(incident, list(events))
        self.edge.chat.changed(incident)

    async def shown(self, incident: str, *keys: str) -> Incident:
        """The incident once all these messages stand in Slack."""
        while True:
            state = await self.desk.state(incident)
            if all(key in state.shown for key in keys):
                return state
            # The ledger has no way to wait for an event; looking again is as good for a test.
            await asyncio.sleep(0.02)

    async def message(self, incident: str, key: str) -> dict[str, Any]:
        """The message of that key as it stands."""
        stands = (await self.desk.state(incident)).shown[key]
        return next(one for one in await self.people.messages() if one["ts"] == stands.ts)

    async def until_words(self, incident: str, key: str, words: str) -> None:
        """Return when the message of that key says so."""
        ts = (await self.shown(incident, key)).shown[key].ts
        await self.people.until(
            lambda seen: [one for one in seen if one["ts"] == ts and words in words_of(one)]
        )

    async def send_click(self, message: dict[str, Any], action: str, value: str, *, user: str) -> None:
        """A click as Slack would deliver it, also of a button that the message no longer has."""
        body = {
            "type": "block_actions",
            "user": {"id": user, "team_id": "T0LOCAL"},
            "team": {"id": "T0LOCAL"},
            "channel": {"id": message["channel"]},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]},
            "message": {"ts": message["ts"], "thread_ts": message["thread_ts"]},
            "trigger_id": self.slack.parts.triggers.issue(user),
            "actions": [
                {"action_id": action, "block_id": "decide", "value": value, "action_ts": str(time.time())}
            ],
        }
        await self.slack.parts.delivery.interaction(Sort.INTERACTIVE, body)

    async def act(self, path: str, **body: Any) -> dict[str, Any]:
        """A call of the page, e.g. `fault`; refused ones fail the test."""
        async with self._page() as client:
            answer = dict((await client.post(f"local/{path}", json=body)).json())
        assert answer["ok"], answer
        return answer

    def _page(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.slack.page_url, trust_env=False, verify=NO_TLS, timeout=PATIENCE_S
        )

    async def submit(self, view: dict[str, Any], values: dict[str, Any], *, user: str) -> None:
        """Send a form."""
        await self.act("view/submit", user=user, view_id=view["id"], values=values)

    async def shortcut(self, name: str, ts: str) -> None:
        """A message shortcut of the requester's."""
        await self.act("shortcut", user=REQUESTER.id, callback_id=name, channel="C0INCIDENTS", message_ts=ts)

    async def view_of(self, user: str) -> dict[str, Any]:
        """The modal the person has open."""
        while True:
            seq = self.slack.parts.feed.seq
            async with self._page() as client:
                views = (await client.get("local/state", params={"user": user})).json()["views"]
            if views:
                return dict(views[-1])
            await self.slack.parts.feed.wait(seq)

    async def told(self, user: str, text: str) -> str:
        """The ephemeral sentence with this text that the person got."""

        def wanted(messages: list[dict[str, object]]) -> object:
            return next((m for m in messages if m["ephemeral_to"] == user and text in str(m["text"])), None)

        found = await self.people.until(wanted, user=user)
        return str(found["text"])

    async def until_served(self) -> None:
        """Return when the bot has done all that came so far."""
        while True:
            if self.edge.serving == 0:
                return
            await asyncio.sleep(0.02)

    def hear(self, incidents: Sequence[str]) -> None:
        """What whoever follows the ledger tells the edge."""
        self.edge.chat.hear(incidents)

    async def stop_edge(self) -> None:
        """The one that is there by now."""
        await self.edge.stop()

    async def restart(self) -> None:
        """A new process of the bot on the same ledger and Slack."""
        await self.edge.stop()
        self.edge = SlackEdge(self.desk, self.seen, RULES, self.settings)
        await self.edge.start()
        if self.edge.door is not None:
            self.slack.deliver_to(self.edge.door.url)


Make = Callable[..., "Office"]


@asynccontextmanager
async def office(
    folder: Path, mode: str = "socket", *, limits: Limits | None = None, **given: object
) -> AsyncIterator[Office]:
    """Everything up, in Socket Mode or over signed HTTP."""
    options = UNHURRIED | {"seed": EVERYBODY, "manifest": manifest()} | given
    slack = DevSlack(Options(**options))
    async with AsyncExitStack() as closing:
        ledger = await closing.enter_async_context(await SqliteLedger.open(folder / "ledger.db"))
        closing.push_async_callback(slack.stop)
        await slack.start()
        desk = FakeDesk(ledger)
        settings = FakeSettings(
            slack_bot_token=SecretStr(slack.bot_token),
            slack_app_token=SecretStr(slack.app_token),
            slack_signing_secret=SecretStr(slack.signing_secret),
            slack_api_url=slack.api_url,
            slack_mode=mode,
        )
        edge = SlackEdge(desk, ledger, RULES, settings, limits=limits)
        people = People(slack.page_url)
        closing.push_async_callback(people.aclose)
        made = Office(slack, edge, desk, ledger, people, settings, ledger)
        closing.push_async_callback(made.stop_edge)
        follower = Follower(ledger, ledger.listen)
        follower.tell(made.hear)
        closing.push_async_callback(follower.stop)
        await follower.start()
        await edge.start()
        if edge.door is not None:
            slack.deliver_to(edge.door.url)
        yield made


__all__ = ["APPROVER", "GUEST", "REQUESTER", "RULES", "RUNBOOK", "FakeDesk", "Office", "office"]
