"""Give every request an id, a line in the access log and a place in the metrics."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase

from starscal.core import metrics
from starscal.core.context import context_of, request_id, request_id_accept
from starscal.core.views import OPERATIONS

HEADER = "X-Request-ID"
SECRET_ARGUMENTS = frozenset({"token", "secret", "ticket", "uidb64", "feed_secret"})
PATH_CHARACTERS = 200
CLIENT_GONE = 499

log = structlog.stdlib.get_logger("starscal.access")


@dataclass(slots=True)
class Tally:
    """What one request cost; shared by the threads that work on it, one after the other."""

    started: float
    queries: int = 0
    query_s: float = 0.0


_TALLY: ContextVar[Tally | None] = ContextVar("tally", default=None)


def count_query(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Time a query for the request at hand; an execute wrapper of Django's connections."""
    tally = _TALLY.get()
    if tally is None:
        return execute(sql, params, many, context)
    start = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        tally.queries += 1
        tally.query_s += time.perf_counter() - start


def watch_connection(*, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Count the queries of a connection, in whichever thread it was opened."""
    if count_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(count_query)


class RequestContextMiddleware:
    """Outermost: nothing a request does happens outside its id.

    `/livez`, `/readyz` and `/metrics` are answered here, before anything looks at the host name,
    a session or a language, so that a probe by address works and a stuck database keeps no
    thread of the site busy.
    """

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
    ) -> None:
        self.get_response: Callable[[HttpRequest], Any] = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.answer_async(request) if self.is_async else self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        with context_of(request_id_accept(request.headers.get(HEADER, ""))):
            tally = begin()
            view = OPERATIONS.get(request.path_info)
            response = view(request) if view else self.get_response(request)
            return finish(request, response, tally)

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        with context_of(request_id_accept(request.headers.get(HEADER, ""))):
            tally = begin()
            view = OPERATIONS.get(request.path_info)
            try:
                response = await (
                    sync_to_async(view, thread_sensitive=False)(request)
                    if view
                    else self.get_response(request)
                )
            except BaseException:  # the client went away while we worked
                note(request, CLIENT_GONE, tally)
                raise
            return finish(request, response, tally)


def begin() -> Tally:
    tally = Tally(started=time.perf_counter())
    _TALLY.set(tally)
    return tally


def finish(request: HttpRequest, response: HttpResponseBase, tally: Tally) -> HttpResponseBase:
    """Name the request in its answer, then log and count it."""
    response.headers[HEADER] = request_id()
    language = response.headers.get("Content-Language", "")
    if language in dict(settings.LANGUAGES):
        metrics.language_answers_total.labels(language).inc()
    note(request, response.status_code, tally)
    return response


def note(request: HttpRequest, status: int, tally: Tally) -> None:
    """Write the access line and the metrics of a request."""
    _TALLY.set(None)
    seconds = time.perf_counter() - tally.started
    method = request.method if request.method in metrics.METHODS else "OTHER"
    route = route_of(request)
    metrics.http_requests_total.labels(method, route, f"{status // 100}xx").inc()
    metrics.http_request_seconds.labels(method, route).observe(seconds)
    metrics.http_request_queries.labels(route).observe(tally.queries)
    metrics.http_query_seconds_total.labels(route).inc(tally.query_s)
    quiet = request.path_info in OPERATIONS and status < 400
    (log.debug if quiet else log.info)(
        "request",
        method=method,
        path=path_shown(request),
        status=status,
        duration_ms=round(seconds * 1000, 2),
        queries=tally.queries,
        query_ms=round(tally.query_s * 1000, 2),
    )


def route_of(request: HttpRequest) -> str:
    """Return the route's template, so that no visitor can invent a metric."""
    if request.path_info in OPERATIONS:
        return request.path_info[1:]
    if request.resolver_match is not None:
        return request.resolver_match.route or "/"
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "unmatched"


def path_shown(request: HttpRequest) -> str:
    """Return the path without its query string, and without secrets that stand in it."""
    path = request.path
    match = request.resolver_match
    for name, value in match.kwargs.items() if match else ():
        if name in SECRET_ARGUMENTS and value:
            path = path.replace(str(value), "[removed]")
    return path[:PATH_CHARACTERS]
