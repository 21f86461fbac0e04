from __future__ import annotations

import gzip

import pytest

from events.tests.api_support import EVENTS, get

pytestmark = pytest.mark.django_db
PATHS = {
    "list": f"{EVENTS}?start=1950-01-01&limit=20",
    "list-from-now": f"{EVENTS}?family=seasons",
    "detail": f"{EVENTS}/moon-phases-moon-37105-000",
    "calendar": f"{EVENTS}.ics?start=1950-01-01&end=1950-03-01",
    "table": f"{EVENTS}.csv?start=1950-01-01&end=1950-03-01",
    "feed": f"{EVENTS}.atom?start=1950-01-01&limit=20",
    "openapi": "/api/v1/openapi.json",
    "problems": "/api/v1/problems",
}


@pytest.fixture(params=PATHS.values(), ids=list(PATHS))
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("encoding", ["gzip", "identity", "gzip;q=0", "br, *"])
def test_the_same_again_costs_nothing(path: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    first = get(path, headers=headers)
    assert first.status_code == 200
    assert not first["ETag"].startswith("W/")
    again = get(path, headers=headers | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
        assert again[name] == first[name]


def test_the_compressed_form_has_a_tag_of_its_own(path: str) -> None:
    plain = get(path)
    zipped = get(path, headers={"Accept-Encoding": "gzip"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert zipped["ETag"] != plain["ETag"]
    other = get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": plain["ETag"]})
    assert other.status_code == 200


def test_answers_are_fit_for_shared_caches(path: str) -> None:
    response = get(path)
    assert response["Cache-Control"].startswith("public, max-age=")
    varies = {name.strip().lower() for name in response["Vary"].split(",")}
    assert {"accept-language", "accept-encoding"} <= varies
    assert "cookie" not in varies
    assert "Set-Cookie" not in response


def test_languages_and_zones_have_tags_of_their_own() -> None:
    path = PATHS["detail"]
    tags = {get(f"{path}{more}")["ETag"] for more in ("", "?lang=de", "?lang=fr", "?tz=Asia/Tokyo")}
    assert len(tags) == 4


def test_errors_are_not_kept() -> None:
    assert get(f"{EVENTS}?limit=0")["Cache-Control"] == "no-store"


def test_head_is_get_without_body() -> None:
    from django.test import Client

    response = Client().head(PATHS["detail"])
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"] == get(PATHS["detail"])["ETag"]
