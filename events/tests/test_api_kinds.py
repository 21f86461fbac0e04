from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from astronomy.finders import FAMILIES
from events.kinds import EVENT_TYPES
from events.tests.api_support import ask, get
from starscal.core.api.views import openapi_document

KINDS = "/api/v1/kinds"


def check(name: str, body: Any) -> None:
    components = json.loads(openapi_document())["components"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    Draft202012Validator(schema).validate(body)


def test_the_list_has_every_kind_that_an_event_may_have() -> None:
    body = ask(KINDS)
    assert [kind["code"] for kind in body["results"]] == list(EVENT_TYPES)
    check("KindList", body)


@pytest.mark.parametrize("code", EVENT_TYPES)
def test_each_kind_answers_to_its_code(code: str) -> None:
    body = ask(f"{KINDS}/{code}")
    assert body["code"] == code
    assert all(body[name] for name in ("name", "description", "family_name", "significance"))
    check("KindPayload", body)


def test_a_kind_tells_what_exactly_is_computed() -> None:
    body = ask(f"{KINDS}/full_moon")
    family = FAMILIES["moon_phases"]
    assert body["definition"] == {
        "id": family.definition_id,
        "text": family.text,
        "frame": family.frame,
        "scale": family.scale,
        "source": family.source,
    }
    units = {field["name"]: field["unit"] for field in body["details"]}
    assert units == {
        "elongation_deg": "degree",
        "lunation_number": None,
        "moon_longitude_deg": "degree",
        "moon_latitude_deg": "degree",
        "moon_distance_km": "kilometre",
    }
    assert body["significance"] == "3."


def test_gatherings_are_no_matter_of_computation() -> None:
    body = ask(f"{KINDS}/staff_event")
    assert (body["definition"], body["details"]) == (None, [])


def test_words_come_in_the_readers_language() -> None:
    body = ask(f"{KINDS}/full_moon", lang="de")
    assert (body["name"], body["lang_used"], body["fallback"]) == ("Vollmond", "de", False)
    header = ask(f"{KINDS}/full_moon", headers={"Accept-Language": "pt"})
    assert (header["name"], header["lang_used"]) == ("Lua cheia", "pt-br")
    unknown = ask(f"{KINDS}/full_moon", lang="tlh")
    assert (unknown["name"], unknown["lang_used"], unknown["fallback"]) == (
        "Full Moon", "en", True,
    )  # fmt: skip


@pytest.mark.parametrize("path", [KINDS, f"{KINDS}/lunar_eclipse"])
def test_the_same_again_is_not_sent_again(path: str) -> None:
    first = get(path, lang="ja")
    assert first["Content-Language"] == "ja"
    assert get(path, lang="ja", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert get(path, lang="ru")["ETag"] != first["ETag"]


def test_bad_questions_are_told_what_is_allowed() -> None:
    assert get(f"{KINDS}/comet").json()["code"] == "not_found"
    assert get(f"{KINDS}/comet").status_code == 404
    refused = get(KINDS, tz="UTC")
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter.unknown")
    assert get(f"{KINDS}/full_moon", color="red").status_code == 400
    assert "lang" in refused.json()["detail"]
