"""What this process counts and times; import an object and increment it.

``REGISTRY`` holds what a web process knows of itself. ``SHARED`` holds what any process counts,
the relay and the worker too, which have no HTTP port: their figures travel with their heartbeat
and appear at `/metrics` under a `process` label. Every label is bounded: route templates, never
paths; known methods, languages and close codes; the rest is "other".
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.metrics_core import Metric

disable_created_metrics()  # type: ignore[no-untyped-call]  # untyped in the package

REGISTRY = CollectorRegistry()
SHARED = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
QUERIES = (0, 1, 2, 5, 10, 20, 50, 100)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CLOSE_CODES = frozenset(
    {1000, 1001, 1002, 1006, 1007, 1009, 1011, 4400, 4401, 4403, 4404, 4408, 4409, 4410, 4413, 4429}
)
GROUPS_SHOWN = 100

# Requests
http_requests_total = Counter(
    "starscal_http_requests",
    "Requests answered.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
http_request_seconds = Histogram(
    "starscal_http_request_seconds",
    "Time until the answer began.",
    ["method", "route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
http_request_queries = Histogram(
    "starscal_http_request_queries",
    "Database queries of a request.",
    ["route"],
    buckets=QUERIES,
    registry=REGISTRY,
)
http_query_seconds_total = Counter(
    "starscal_http_query_seconds",
    "Time requests waited for the database.",
    ["route"],
    registry=REGISTRY,
)
language_answers_total = Counter(
    "starscal_language_answers", "Answers by language.", ["language"], registry=REGISTRY
)
list_answers_total = Counter(
    "starscal_list_answers", "Lists made anew or kept from before.", ["how"], registry=REGISTRY
)

# People
registrations_total = Counter(
    "starscal_registrations", "Registrations by step.", ["step"], registry=REGISTRY
)
password_hashes_total = Counter(
    "starscal_password_hashes", "Passwords that were hashed or compared.", registry=REGISTRY
)
profile_writes_total = Counter(
    "starscal_profile_writes", "Profiles changed by their owners.", registry=REGISTRY
)

# Live push
live_sockets = Gauge("starscal_live_sockets", "Sockets open now.", registry=REGISTRY)
live_streams = Gauge(
    "starscal_live_streams", "Streams of Server-Sent Events open now.", registry=REGISTRY
)
live_deliveries_total = Counter(
    "starscal_live_deliveries", "Frames given to sockets.", registry=REGISTRY
)
live_gap_fills_total = Counter(
    "starscal_live_gap_fills", "Gaps the hub filled from the database.", registry=REGISTRY
)
live_resets_total = Counter(
    "starscal_live_resets", "Clients told to load a snapshot.", registry=REGISTRY
)
live_closes_total = Counter(
    "starscal_live_closes", "Sockets closed, by code.", ["code"], registry=REGISTRY
)
hub_restarts_total = Counter(
    "starscal_hub_restarts", "Times a task of the hub was restarted.", ["task"], registry=REGISTRY
)
live_voids_total = Counter(
    "starscal_live_voids", "Messages that could not be rendered; stays at zero.", registry=REGISTRY
)
live_replay_failures_total = Counter(
    "starscal_live_replay_failures", "Replays that waited for PostgreSQL.", registry=REGISTRY
)

# Any process
relay_messages_total = Counter(
    "starscal_relay_messages", "Messages relayed to the groups.", registry=SHARED
)
relay_errors_total = Counter(
    "starscal_relay_errors", "Times the relay lost a server.", ["error"], registry=SHARED
)
relay_lag_seconds = Gauge(
    "starscal_relay_lag_seconds",
    "Age of the oldest message of the last batch relayed.",
    registry=SHARED,
)
tasks_total = Counter(
    "starscal_tasks", "Tasks run, by outcome.", ["task", "state"], registry=SHARED
)
task_seconds_total = Counter(
    "starscal_task_seconds", "Time spent in tasks.", ["task"], registry=SHARED
)
mails_total = Counter(
    "starscal_mails", "Letters, by kind and outcome.", ["kind", "outcome"], registry=SHARED
)
telegram_updates_total = Counter(
    "starscal_telegram_updates",
    "Updates from Telegram, by what became of them.",
    ["outcome"],
    registry=SHARED,
)
telegram_memberships_total = Counter(
    "starscal_telegram_memberships",
    "Checks of who is a member of the channel: fresh in the database, asked, kept, failed.",
    ["how"],
    registry=SHARED,
)
telegram_calls_total = Counter(
    "starscal_telegram_calls",
    "Calls of the Bot API, by what came of them.",
    ["method", "outcome"],
    registry=SHARED,
)
telegram_notifications_total = Counter(
    "starscal_telegram_notifications",
    "Notifications whose call came back, by what became of them.",
    ["kind", "outcome"],
    registry=SHARED,
)
telegram_queue = Gauge(
    "starscal_telegram_queue", "Notifications that wait.", ["kind"], registry=SHARED
)
telegram_queue_oldest_seconds = Gauge(
    "starscal_telegram_queue_oldest_seconds",
    "For how long the oldest notification has been due.",
    ["kind"],
    registry=SHARED,
)
telegram_silence_seconds = Gauge(
    "starscal_telegram_silence_seconds", "For how long Telegram wants no call.", registry=SHARED
)
started_at_seconds = Gauge(
    "starscal_started_at_seconds", "When the process began, in Unix time.", registry=SHARED
)
started_at_seconds.set_to_current_time()
errors_total = Counter(
    "starscal_errors", "Unhandled exceptions by group.", ["group", "where"], registry=SHARED
)

build_info = Gauge(
    "starscal_build_info",
    "Always 1; the labels say what runs.",
    ["release", "python", "django"],
    registry=REGISTRY,
)
build_info.labels(settings.RELEASE, platform.python_version(), django.get_version()).set(1)

_groups_seen: set[str] = set()


def live_close_count(code: int | None) -> None:
    """Count a closed socket; a code that a client made up counts as "other"."""
    live_closes_total.labels(str(code) if code in CLOSE_CODES else "other").inc()


def error_count(group: str, where: str) -> None:
    """Count an error; past a hundred groups in one process the rest is "other"."""
    if group not in _groups_seen and len(_groups_seen) >= GROUPS_SHOWN:
        group = "other"
    _groups_seen.add(group)
    errors_total.labels(group, where).inc()


@dataclass(frozen=True, slots=True)
class FamilyFigures:
    """A metric with its samples, as another process left it."""

    name: str
    documentation: str
    kind: str
    samples: list[tuple[str, dict[str, str], float]]

    @classmethod
    def from_list(cls, raw: list[Any]) -> FamilyFigures:
        name, documentation, kind, samples = raw
        return cls(name, documentation, kind, [(s[0], s[1], s[2]) for s in samples])

    def as_list(self) -> list[Any]:
        return [self.name, self.documentation, self.kind, self.samples]


def process_figures() -> list[FamilyFigures]:
    """Return what this process counted in ``SHARED``."""
    return [
        FamilyFigures(
            family.name,
            family.documentation,
            family.type,
            [(sample.name, dict(sample.labels), sample.value) for sample in family.samples],
        )
        for family in SHARED.collect()
    ]


def merged_figures(by_process: dict[str, list[FamilyFigures]]) -> Iterator[Metric]:
    """Return the families of several processes, one family once, with a `process` label."""
    families: dict[str, Metric] = {}
    for process, figures in by_process.items():
        for figure in figures:
            family = families.setdefault(
                figure.name, Metric(figure.name, figure.documentation, figure.kind)
            )
            for name, labels, value in figure.samples:
                family.add_sample(name, {**labels, "process": process}, value)
    yield from families.values()
