"""Numbers for Prometheus. No name of a repo or person is in them: anybody may read them."""

import re
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from evalmark.verdict import Answer

HOUR: Final = 3600
BUCKETS: Final = (1, 5, 15, 60, 300, 900, HOUR, 4 * HOUR, 12 * HOUR)
_COUNTED = re.compile(rf"(\d{{1,6}}) ({'|'.join(Answer)})(?=[,;]|$)")


class Metrics:
    """The numbers of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._webhooks = Counter(
            "evalmark_webhooks", "Requests to the webhook.", ("kind", "outcome"), registry=self._registry
        )
        self._jobs = Counter(
            "evalmark_verifications",
            "Pull requests looked at, by what came of it.",
            ("outcome",),
            registry=self._registry,
        )
        self._verdicts = Counter("evalmark_verdicts", "Verdicts on claims.", ("verdict",), registry=self._registry)
        self._commands = Counter(
            "evalmark_commands", "Commands in comments.", ("command", "outcome"), registry=self._registry
        )
        self._answers = Counter(
            "evalmark_answers",
            "Answers of the API and the dashboard: kept, not-modified, made or refused.",
            ("how", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "evalmark_verification_seconds", "How long one took.", buckets=BUCKETS, registry=self._registry
        )

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """A number that is asked for when somebody reads the metrics."""
        Gauge(name, what, registry=self._registry).set_function(value)

    def webhook(self, kind: str, outcome: str) -> None:
        """A request to the webhook. `kind` is one of few: it is never the sender's word."""
        self._webhooks.labels(kind, outcome).inc()

    def command(self, command: str, outcome: str) -> None:
        """A command in a comment."""
        self._commands.labels(command, outcome).inc()

    def answer(self, how: str, status: int) -> None:
        """An answer of the API or the dashboard."""
        self._answers.labels(how, status).inc()

    def job(self, outcome: str) -> None:
        """What came of looking at a pull request."""
        self._jobs.labels(outcome).inc()

    def verified(self, words: str, seconds: float) -> None:
        """A verification that came to its end: `1 mismatch, 2 verified; answered`."""
        self._seconds.observe(seconds)
        for count, verdict in _COUNTED.findall(words.partition(";")[0]):
            self._verdicts.labels(verdict).inc(int(count))

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self._registry)
