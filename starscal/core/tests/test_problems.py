from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from starscal.core.api.problems import DETAILS, TITLES
from starscal.core.exceptions import ApplicationError, ErrorCode

# Django reads these from the routes below, as it does from the project's own.
handler400 = "starscal.core.api.handlers.bad_request"
handler403 = "starscal.core.api.handlers.permission_denied"
handler404 = "starscal.core.api.handlers.page_not_found"
handler500 = "starscal.core.api.handlers.server_error"

raised: list[Exception] = []


class Raising(APIView):
    permission_classes = (AllowAny,)

    def get(self, _request: Request) -> Response:
        raise raised[-1]

    def post(self, request: Request) -> Response:
        return Response(request.data)


def plain(request: HttpRequest) -> HttpResponse:
    raise raised[-1]


urlpatterns = [
    path("api/raising", Raising.as_view()),
    path("api/plain", plain),
    path("page", plain),
    path("", include("starscal.urls")),
]


@pytest.fixture(autouse=True)
def _routes() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield
    raised.clear()


def answer(url: str, error: Exception, **headers: str) -> Any:
    raised.append(error)
    return Client(raise_request_exception=False).get(url, headers=headers)


CASES: list[tuple[Exception, int, str]] = [
    (ApplicationError(ErrorCode.EVENT_CONFLICT, "Saved."), 409, "event.conflict"),
    (Http404(), 404, "not_found"),
    (exceptions.NotFound(), 404, "not_found"),
    (PermissionDenied(), 403, "permission.denied"),
    (exceptions.NotAuthenticated(), 401, "auth.missing_header"),
    (exceptions.ParseError(), 400, "body.invalid"),
    (exceptions.Throttled(wait=7), 429, "rate.limited"),
    (SuspiciousOperation(), 400, "request.invalid"),
    (OperationalError("gone"), 503, "service.unavailable"),
    (InterfaceError("gone"), 503, "service.unavailable"),
    (RuntimeError("secret"), 500, "internal"),
]


@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=lambda v: str(v)[:30])
def test_every_error_becomes_a_problem(error: Exception, status: int, code: str) -> None:
    response = answer("/api/raising", error)
    problem = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert problem["type"] == f"/api/v1/problems/{code}"
    assert problem["instance"] == "/api/raising"
    assert {"title", "detail", "request_id"} <= set(problem)
    assert "secret" not in response.content.decode()


PLAIN = [
    (Http404(), 404),
    (PermissionDenied(), 403),
    (SuspiciousOperation(), 400),
    (OperationalError("gone"), 503),
    (RuntimeError("secret"), 500),
]


@pytest.mark.parametrize(("error", "status"), PLAIN, ids=str)
def test_plain_views_answer_problems_under_the_api_and_pages_elsewhere(
    error: Exception, status: int
) -> None:
    response = answer("/api/plain", error)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    page = answer("/page", error)
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")
    assert "secret" not in page.content.decode()


def test_waiting_times_are_told() -> None:
    assert answer("/api/raising", exceptions.Throttled(wait=7))["Retry-After"] == "7"
    assert int(answer("/api/raising", OperationalError())["Retry-After"]) > 0
    assert int(answer("/page", OperationalError())["Retry-After"]) > 0


def test_faults_of_ours_reach_those_who_count_them() -> None:
    seen: list[Any] = []

    def note(**kwargs: Any) -> None:
        seen.append(kwargs["request"].path)

    got_request_exception.connect(note)
    try:
        answer("/api/raising", RuntimeError("secret"))
        answer("/api/raising", Http404())
    finally:
        got_request_exception.disconnect(note)
    assert seen == ["/api/raising"]


def test_fields_are_pointed_at() -> None:
    error = serializers.ValidationError({"a/b": [{"c": ["Wrong."]}]})
    problem = answer("/api/raising", error).json()
    assert problem["errors"] == [{"pointer": "/a~1b/c", "code": "invalid", "detail": "Wrong."}]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "body.invalid"),
        ("[" * 100_000, "application/json", 400, "body.invalid"),
        ("[" * 40 + "]" * 40, "application/json", 400, "body.invalid"),
        ("a=1", "text/plain", 415, "media_type.unsupported"),
        (b"\xff", "application/json", 400, "body.invalid"),
        (b'"' + b"a" * 1_100_000 + b'"', "application/json", 413, "body.too_large"),
    ],
    ids=["broken", "deep", "nested", "type", "bytes", "large"],
)
def test_bad_bodies(body: str | bytes, content_type: str, status: int, code: str) -> None:
    client = Client(raise_request_exception=False)
    response = client.post("/api/raising", body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_methods_formats_and_addresses() -> None:
    client = Client(raise_request_exception=False)
    refused = client.delete("/api/v1/events")
    assert (refused.status_code, refused.json()["code"]) == (405, "method.not_allowed")
    assert "GET" in refused["Allow"]
    assert client.post("/api/v1/openapi.json").status_code == 405
    image = client.get("/api/v1/events", headers={"Accept": "image/png"})
    assert (image.status_code, image.json()["code"]) == (406, "not_acceptable")
    assert client.post("/api/v1/nothing").json()["code"] == "not_found"
    assert client.get("/api/").json()["code"] == "not_found"


@pytest.mark.parametrize("host", ["evil.example", "a b", "[", "x:y", ""])
def test_foreign_hosts_are_refused_with_a_problem(host: str) -> None:
    response = Client(raise_request_exception=False).get("/api/v1/problems", HTTP_HOST=host)
    assert (response.status_code, response.json()["code"]) == (400, "request.invalid")


def test_too_many_parameters_are_refused_everywhere() -> None:
    query = "&".join(["a=1"] * 1500)
    client = Client(raise_request_exception=False)
    assert client.get(f"/api/v1/events?{query}").json()["code"] == "query.invalid"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_a_503(monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", free_port)
    response = Client(raise_request_exception=False).get("/api/v1/events")
    monkeypatch.undo()
    connection.close()
    assert (response.status_code, response.json()["code"]) == (503, "service.unavailable")
    assert int(response["Retry-After"]) > 0


def test_every_code_has_a_title_and_a_detail() -> None:
    assert set(TITLES) == set(DETAILS) == set(ErrorCode)
