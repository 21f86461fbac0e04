"""Answer the machines that watch over an installation; their texts are for them alone."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from starscal.core import metrics
from starscal.core.health import Finding, health_findings
from starscal.core.heartbeat import PROCESSES, heartbeat_read

FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via")


def livez(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; asks nobody else."""
    del request
    return _unstored(HttpResponse("ok\n", content_type="text/plain; charset=utf-8"))


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether everything that serving needs is there: 200, or 503 with what is not."""
    del request
    findings = health_findings()
    ready = all(finding.ok for finding in findings.values())
    body = {
        "status": "ok" if ready else "failing",
        "release": settings.RELEASE,
        "checks": {name: _check_body(finding) for name, finding in findings.items()},
    }
    return _unstored(JsonResponse(body, status=200 if ready else 503))


def metrics_text(request: HttpRequest) -> HttpResponse:
    """Show the figures to a scraper of our own network, or to one that has the token."""
    if not may_scrape(request):
        text = "Ask from a private address without a proxy, or with the METRICS_TOKEN as bearer.\n"
        return _unstored(HttpResponse(text, status=403, content_type="text/plain; charset=utf-8"))
    return _unstored(HttpResponse(generate_latest(Scrape()), content_type=CONTENT_TYPE_LATEST))


# The three are answered by RequestContextMiddleware, ahead of everything else.
OPERATIONS: Mapping[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/livez": livez,
    "/readyz": readyz,
    "/metrics": metrics_text,
}


def may_scrape(request: HttpRequest) -> bool:
    """Say whether a request may read the metrics.

    A proxy beside us has a private address too, so what it passed on needs the token.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        peer = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return peer.is_loopback or peer.is_private


class Scrape(Collector):
    """Everything `/metrics` shows; what cannot be had is left out and said so."""

    def collect(self) -> Iterator[Metric]:
        yield from metrics.REGISTRY.collect()
        yield from _processes()
        yield from _health()
        yield _pool()


def _processes() -> Iterator[Metric]:
    figures = {"web": metrics.process_figures()}
    reached = GaugeMetricFamily(
        "starscal_process_age_seconds", "Since the last sign of life.", labels=["process"]
    )
    redis_answers = GaugeMetricFamily(
        "starscal_process_figures_up", "Whether Redis had the figures of other processes.", value=1
    )
    try:
        for name in PROCESSES:
            seen = heartbeat_read(name)
            if seen is not None:
                figures[name] = seen.figures
                reached.add_metric([name], seen.age_s)
    except RedisError:
        redis_answers = GaugeMetricFamily(redis_answers.name, redis_answers.documentation, value=0)
    yield from metrics.merged_figures(figures)
    yield reached
    yield redis_answers


def _health() -> Iterator[Metric]:
    up = GaugeMetricFamily(
        "starscal_check_up", "Whether a check of readiness holds.", labels=["check"]
    )
    figure = GaugeMetricFamily(
        "starscal_check_figure", "What a check of readiness measured.", labels=["check", "unit"]
    )
    findings = health_findings()
    for name, finding in findings.items():
        up.add_metric([name], float(finding.ok))
        if finding.figure is not None:
            figure.add_metric([name, finding.unit], finding.figure)
    yield up
    yield figure
    lag = findings.get("relay_lag")
    if lag is not None and lag.figure is not None:
        yield GaugeMetricFamily(
            "starscal_outbox_lag_seconds",
            "Age of the oldest message not relayed.",
            value=lag.figure,
        )


def _pool() -> Metric:
    family = GaugeMetricFamily("starscal_db_pool", "The pool of connections.", labels=["stat"])
    pool = getattr(connection, "pool", None)
    for name, value in (pool.get_stats() if pool is not None else {}).items():
        family.add_metric([name], value)
    return family


def _check_body(finding: Finding) -> dict[str, object]:
    return {
        "status": "ok" if finding.ok else "failing",
        "figure": finding.figure,
        "unit": finding.unit,
        "reason": finding.reason,
    }


def _unstored(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
