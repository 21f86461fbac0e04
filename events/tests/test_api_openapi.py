from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from events.api.operations import EXAMPLE, LIST_EXAMPLE
from events.kinds import COMPUTED
from events.tests.api_support import EVENTS, ask, get
from starscal.core.api.views import openapi_document

DOCUMENTS = {"/api/v1/openapi.json", "/api/v1/docs/", "/api/v1/asyncapi.json", "/api/v1/docs/live/"}
COMMITTED = settings.BASE_DIR / "openapi.json"


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(openapi_document())


def check(document: Any, name: str, body: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)


def test_the_document_is_valid_openapi(document: Any) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


def test_the_committed_document_is_up_to_date(document: Any) -> None:
    hint = "Run: python manage.py openapi"
    assert json.loads(COMMITTED.read_text()) == document, hint


def test_it_is_served(document: Any) -> None:
    assert get("/api/v1/openapi.json").json() == document
    page = get("/api/v1/docs/").content.decode()
    assert "/api/v1/openapi.json" in page
    assert "https://" not in page


def routes(resolver: Any = None, prefix: str = "/") -> list[str]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            found.append(re.sub(r"<\w+:(\w+)>", r"{\1}", path))
    return found


def test_every_route_of_the_api_is_documented(document: Any) -> None:
    real = {path for path in routes() if path.startswith("/api/") and "^" not in path}
    told = {path for path in document["paths"] if path.startswith("/api/")}
    assert real - DOCUMENTS == told


def test_every_operation_is_explained(document: Any) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["operationId"]
            assert operation["description"]
            assert {"405", "406", "503"} <= set(operation["responses"])
            for parameter in operation.get("parameters", []):
                assert parameter["description"]


def test_the_examples_fit_their_schemas(document: Any) -> None:
    check(document, "Event", EXAMPLE)
    check(document, "EventList", LIST_EXAMPLE)


@pytest.mark.django_db
@pytest.mark.parametrize("family", list(COMPUTED))
def test_answers_fit_their_schemas(document: Any, family: str) -> None:
    body = ask(start="1999-01-01", end="2001-01-01", family=family, tz="Asia/Tokyo")
    assert body["results"]
    check(document, "EventList", body)
    check(document, "Event", ask(f"{EVENTS}/{body['results'][0]['key']}"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", [f"{EVENTS}?limit=0", f"{EVENTS}/nothing", "/api/v1/nothing"])
def test_problems_fit_their_schema(document: Any, path: str) -> None:
    check(document, "Problem", get(path).json())


def test_kinds_of_problem_fit_their_schema(document: Any) -> None:
    body = get("/api/v1/problems").json()
    check(document, "ProblemKindList", body)
    for kind in body["results"]:
        assert get(kind["type"]).json() == kind
