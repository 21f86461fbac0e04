"""Ask web processes for their figures and read them."""

from __future__ import annotations

import http.client
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from prometheus_client.parser import text_string_to_metric_families

TIMEOUT_S: Final = 4.0
PROBES: Final = frozenset({"livez", "readyz", "metrics", "static", "unmatched"})
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure."""

    name: str
    labels: Labels
    value: float


@dataclass(frozen=True)
class WebProcess:
    """What a web process says of itself; no samples if it does not answer, with the reason."""

    url: str
    samples: list[Sample] = field(default_factory=list)
    checks: dict[str, dict[str, Any]] = field(default_factory=dict)
    silence: str = ""

    def total(self, name: str, **labels: str) -> float:
        """Return the sum of a figure over its samples with these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def by(self, name: str, label: str) -> dict[str, float]:
        """Return a figure by one of its labels."""
        found: dict[str, float] = defaultdict(float)
        for sample in self.samples:
            if sample.name == name:
                found[sample.labels.get(label, "")] += sample.value
        return dict(found)


def web_process(url: str, token: str = "") -> WebProcess:
    """Ask a web process for its figures and for its health."""
    try:
        status, text = _get(f"{url}/metrics", token)
        if status != http.client.OK:
            return WebProcess(url, silence=f"/metrics answers {status}")
        _status, health = _get(f"{url}/readyz", token)
        return WebProcess(url, list(_samples(text)), json.loads(health)["checks"])
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        return WebProcess(url, silence=str(error) or type(error).__name__)


def _get(url: str, token: str) -> tuple[int, str]:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    line = kinds[parts.scheme](parts.hostname or "localhost", parts.port, timeout=TIMEOUT_S)
    try:
        line.request(
            "GET", parts.path, headers={"Authorization": f"Bearer {token}"} if token else {}
        )
        answer = line.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        line.close()


def _samples(text: str) -> Iterable[Sample]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            yield Sample(sample.name, sample.labels, sample.value)


def quantile_s(processes: Iterable[WebProcess], share: float) -> float | None:
    """Return a quantile of the time until an answer began, over processes and routes.

    The histograms of the processes are added; inside a bucket the times are taken as even. None
    without requests, infinity past the last bucket.
    """
    buckets: dict[float, float] = defaultdict(float)
    for process in processes:
        for sample in process.samples:
            if sample.name != "starscal_http_request_seconds_bucket":
                continue
            if sample.labels["route"] not in PROBES:
                buckets[float(sample.labels["le"])] += sample.value
    return quantile_of(dict(buckets), share)


def quantile_of(buckets: Mapping[float, float], share: float) -> float | None:
    """Return a quantile of cumulative counts by upper bound."""
    bounds = sorted(buckets)
    if not bounds or not buckets[bounds[-1]]:
        return None
    wanted = share * buckets[bounds[-1]]
    low, below = 0.0, 0.0
    for bound in bounds:
        count = buckets[bound]
        if count >= wanted and count > below:
            if bound == float("inf"):
                return bound
            return low + (bound - low) * (wanted - below) / (count - below)
        low, below = bound, count
    return float("inf")
