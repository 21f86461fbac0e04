from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient, Client
from pytest_django import Settings

from starscal.core import metrics
from starscal.core.context import request_id
from starscal.core.request_context import HEADER


@pytest.fixture(autouse=True)
def views(settings: Settings) -> None:
    settings.ROOT_URLCONF = "starscal.core.tests.urls_for_tests"


@pytest.fixture
async def async_db(transactional_db: None) -> AsyncIterator[None]:
    """Close the connection of the thread that synchronous views run in beside an event loop."""
    yield
    await sync_to_async(connections.close_all)()


def access_lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [
        record.msg
        for record in caplog.records
        if record.name == "starscal.access" and isinstance(record.msg, dict)
    ]


def requests_counted(**labels: str) -> float:
    return metrics.REGISTRY.get_sample_value("starscal_http_requests_total", labels) or 0.0


@pytest.mark.parametrize("wanted", ["a", "Az09._-", "x" * 64])
def test_a_safe_id_is_kept_and_answered(client: Client, wanted: str) -> None:
    answer = client.get("/ask-async", headers={HEADER: wanted})
    assert answer.headers[HEADER] == wanted
    assert answer.content.decode() == wanted


@pytest.mark.parametrize("wanted", ["", "x" * 65, "a b", "a\tb", "<b>", "é", "a/b", "a;b"])
def test_an_unsafe_id_is_replaced(client: Client, wanted: str) -> None:
    answer = client.get("/ask-async", headers={HEADER: wanted})
    assert answer.headers[HEADER] != wanted
    assert len(answer.headers[HEADER]) == 32


async def test_the_id_reaches_a_synchronous_view_from_the_event_loop(
    async_client: AsyncClient, async_db: None
) -> None:
    answer = await async_client.get("/ask", headers={HEADER: "from-loop"})
    assert answer.content.decode() == answer.headers[HEADER] == "from-loop"
    assert request_id() == ""


def test_the_id_ends_with_the_request(client: Client) -> None:
    client.get("/ask-async", headers={HEADER: "one"})
    assert request_id() == ""


@pytest.mark.django_db
def test_the_access_line_tells_what_it_cost(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/ask?email=ann@mail.example", headers={HEADER: "req-7"})
    (line,) = access_lines(caplog)
    assert line["event"] == "request"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/ask", 200)
    assert (line["queries"], line["request_id"]) == (2, "req-7")
    assert line["duration_ms"] >= line["query_ms"] > 0
    assert "ann" not in str(line)


async def test_queries_are_counted_across_threads(
    async_client: AsyncClient, caplog: pytest.LogCaptureFixture, async_db: None
) -> None:
    await async_client.get("/ask")
    assert access_lines(caplog)[0]["queries"] == 2


def test_a_secret_in_the_path_is_not_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/feeds/s3cr3t.ics")
    assert access_lines(caplog)[0]["path"] == "/feeds/[removed].ics"


def test_probes_write_no_line_while_all_is_well(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/livez")
    assert access_lines(caplog) == []


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        pytest.param("/feeds/1.ics", "feeds/<str:token>.ics", "2xx", id="template"),
        pytest.param("/invented/by/a/visitor", "unmatched", "4xx", id="unmatched"),
        pytest.param("/static/none.css", "static", "4xx", id="static"),
    ],
)
def test_requests_are_counted_by_template(
    client: Client, path: str, route: str, status: str
) -> None:
    before = requests_counted(method="GET", route=route, status=status)
    client.get(path)
    assert requests_counted(method="GET", route=route, status=status) == before + 1


def test_an_invented_method_is_other(client: Client) -> None:
    before = requests_counted(method="OTHER", route="ask-async", status="2xx")
    client.generic("INVENTED", "/ask-async")
    assert requests_counted(method="OTHER", route="ask-async", status="2xx") == before + 1


@pytest.mark.django_db
def test_languages_of_answers_are_counted(client: Client) -> None:
    def counted() -> float:
        labels = {"language": "hy"}
        return metrics.REGISTRY.get_sample_value("starscal_language_answers_total", labels) or 0.0

    before = counted()
    client.get("/ask")
    assert counted() == before + 1
