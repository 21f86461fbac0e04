"""What the tests of the API share."""

from __future__ import annotations

from typing import Any

from django.test import Client

EVENTS = "/api/v1/events"


def ask(path: str = EVENTS, *, status: int = 200, headers: Any = None, **query: Any) -> Any:
    """Return the decoded body of an answer with the expected status."""
    response = Client().get(path, query, headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def keys(body: Any) -> list[str]:
    return [row["key"] for row in body["results"]]


def get(path: str = EVENTS, *, headers: Any = None, **query: Any) -> Any:
    """Return the answer itself; an error of ours is an answer too, not an exception."""
    return Client(raise_request_exception=False).get(path, query, headers=headers)
