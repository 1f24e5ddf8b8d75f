"""What is counted, from the events that this process commits, so that nothing is counted twice."""

from collections.abc import Callable, Iterable, Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.errors import LedgerError
from bot.health.labels import SLACK_METHODS, Known, among, gap_kind
from bot.model.event import (
    ActionEnded,
    ApprovalClosed,
    Claimed,
    Event,
    IncidentOpened,
    Proposed,
    RunEnded,
    RunFailed,
    StepEnded,
)

# A second series for each counter, which tells when it was made: nobody asks for that.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no annotation here
_NAME = "runbook_bot"
_FAST_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SLOW_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)
_LEDGER_ERRORS = frozenset(error.__name__ for error in LedgerError.__subclasses__())
#: What became of a call to Slack.
ANSWERED, RATE_LIMITED, FAILED, AWAY = "answered", "rate_limited", "failed", "away"


class Metrics:
    """All counters of one process, with a registry of their own."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._incidents = _counter(registry, "incidents", "Incidents opened here.", "runbook")
        self._runs = _counter(registry, "runs", "Checklists that ended here.", "outcome", "cause")
        self._run_s = _histogram(registry, "run_seconds", "How long checklists took.", _SLOW_S)
        self._step_s = _histogram(registry, "step_seconds", "How long steps took.", _SLOW_S, "step")
        self._gaps = _counter(registry, "gaps", "Steps that gave nothing.", "kind")
        self._approvals = _counter(registry, "approvals", "What became of offered remedies.", "outcome")
        self._actions = _counter(registry, "actions", "Remedies that were sent to a host.", "outcome")
        self._append_s = _histogram(registry, "ledger_append_seconds", "Commits to the ledger.", _FAST_S)
        self._refusals = _counter(registry, "ledger_refusals", "Appends that did not happen.", "error")
        self._calls = _counter(registry, "slack_calls", "Calls to Slack.", "method", "status")
        self._call_s = _histogram(registry, "slack_call_seconds", "How long Slack took.", _FAST_S)
        self._depth = Gauge(
            "queue_depth", "What waits to be done.", ["queue"], namespace=_NAME, registry=registry
        )
        self._sockets = Gauge(
            "slack_connections", "Socket Mode connections that are up.", namespace=_NAME, registry=registry
        )
        self._claims = Gauge("claims", "Claims that are held.", namespace=_NAME, registry=registry)
        self._takeovers = _Told("takeovers", "Claims taken over from a silent process.", registry)

    def text(self) -> bytes:
        """Everything in Prometheus' text format 0.0.4."""
        return generate_latest(self._registry)

    def watch_queue(self, queue: str, depth: Callable[[], int]) -> None:
        """Ask for the depth of a queue, `incidents` or `slack`, whenever the metrics are read."""
        self._depth.labels(queue).set_function(depth)

    def watch_connections(self, up: Callable[[], int]) -> None:
        """Ask how many connections are up whenever the metrics are read."""
        self._sockets.set_function(up)

    def watch_claims(self, held: Callable[[], int], takeovers: Callable[[], int]) -> None:
        """Ask for the claims held now and for those taken over so far whenever the metrics are read."""
        self._claims.set_function(held)
        self._takeovers.watch(takeovers)

    def appended(self, events: Sequence[Event], seconds: float) -> None:
        """Count what was committed, and how long that took."""
        self._append_s.observe(seconds)
        for event in events:
            self._count(event)

    def not_appended(self, error: LedgerError) -> None:
        """Count an append that the ledger refused or could not do."""
        self._refusals.labels(among(type(error).__name__, _LEDGER_ERRORS)).inc()

    def called_slack(self, method: str, status: str, seconds: float) -> None:
        """Count a call of a Web API method and what became of it."""
        self._calls.labels(among(method, SLACK_METHODS), status).inc()
        self._call_s.observe(seconds)

    def _count(self, event: Event) -> None:
        match event:
            case IncidentOpened():
                self._incidents.labels(among(event.runbook, self._known.runbooks)).inc()
            case StepEnded():
                self._count_step(event)
            case RunEnded():
                cause = among(event.verdict.cause, self._known.causes)
                self._runs.labels(_outcome(cause), cause).inc()
                self._run_s.observe(event.duration_s)
            case RunFailed():
                self._runs.labels("failed", "none").inc()
            case Proposed():
                self._approvals.labels("offered").inc()
            case ApprovalClosed():
                self._approvals.labels(event.how.name.lower()).inc()
            case Claimed():
                self._approvals.labels("approved").inc()
            case ActionEnded():
                self._actions.labels(event.outcome.name.lower()).inc()
            case _:
                pass  # votes, notes and what is shown stand in the ledger; nobody alerts on them

    def _count_step(self, event: StepEnded) -> None:
        self._step_s.labels(among(event.step, self._known.steps)).observe(event.duration_s)
        if event.gap is not None:
            self._gaps.labels(gap_kind(event.gap)).inc()


class _Told(Collector):
    """A counter that somebody else counts."""

    def __init__(self, name: str, says: str, registry: CollectorRegistry) -> None:
        self._name, self._says = f"{_NAME}_{name}", says
        self._count: Callable[[], int] = lambda: 0
        registry.register(self)

    def watch(self, count: Callable[[], int]) -> None:
        self._count = count

    def collect(self) -> Iterable[CounterMetricFamily]:
        """See `prometheus_client.registry.Collector`."""
        yield CounterMetricFamily(self._name, self._says, value=self._count())


def _outcome(cause: str) -> str:
    return cause if cause in {"healthy", "unknown"} else "trouble"


def _counter(registry: CollectorRegistry, name: str, says: str, *labels: str) -> Counter:
    return Counter(name, says, labels, namespace=_NAME, registry=registry)


def _histogram(
    registry: CollectorRegistry, name: str, says: str, buckets: Sequence[float], *labels: str
) -> Histogram:
    return Histogram(name, says, labels, namespace=_NAME, registry=registry, buckets=buckets)
