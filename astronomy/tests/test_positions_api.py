"""The API of positions: what it answers, what it refuses, how it is kept by caches."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from astronomy import provider
from astronomy.tests.test_ephemeris import excerpt_path
from starscal.core.api.views import openapi_document

__all__ = ["excerpt_path"]

SKY = "/api/v1/sky"
POSITIONS, STATE, SEGMENTS = f"{SKY}/positions", f"{SKY}/state", f"{SKY}/segments"
AT = "2026-08-12T17:45:00Z"
YEAR = {"start": "2026-01-01", "end": "2027-01-01"}
HERE = Path(__file__).parent


def get(path: str, *, headers: Any = None, **query: Any) -> Any:
    return Client(raise_request_exception=False).get(path, query, headers=headers)


def ask(path: str, *, status: int = 200, **query: Any) -> Any:
    response = get(path, **query)
    assert response.status_code == status, response.content[:500]
    return response.json()


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads(openapi_document())


def check(document: Any, name: str, body: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(body)


@pytest.mark.parametrize(
    ("query", "origin", "fields"),
    [
        ({}, "geocentric", {"subpoint_lat_deg", "magnitude", "constellation"}),
        ({"correction": "geometric"}, "geocentric", {"subpoint_lat_deg"}),
        ({"origin": "heliocentric"}, "heliocentric", {"vector_au"}),
        ({"lat": "28.6", "lon": "77.2"}, "topocentric", {"altitude_deg", "azimuth_deg"}),
        ({"lat": "-90", "lon": "0", "refraction": "true"}, "topocentric", {"altitude_deg"}),
    ],
    ids=["geocentric", "geometric", "heliocentric", "topocentric", "refracted"],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["ecliptic_j2000", "equatorial_date"])
def test_positions_of_every_origin_and_frame(
    document: Any, query: dict[str, Any], origin: str, fields: set[str], frame: str
) -> None:
    body = ask(POSITIONS, at=AT, frame=frame, **query)
    check(document, "PositionList", body)
    assert (body["origin"], body["frame"], body["handedness"]) == (origin, frame, "right")
    (row,) = body["results"]
    assert row["at"] == "2026-08-12T17:45:00.000Z"
    assert len(row["bodies"]) == 10
    assert all(fields <= set(found) for found in row["bodies"].values())
    assert ("last_deg" in row) == (origin == "topocentric")


def test_positions_by_default_are_those_of_now(document: Any) -> None:
    response = get(POSITIONS)
    check(document, "PositionList", response.json())
    assert "immutable" not in response["Cache-Control"]


def test_a_series_is_half_open_and_its_bodies_in_order() -> None:
    body = ask(POSITIONS, start="2026-01-01", end="2026-01-02", step="6h", bodies="mars,moon,sun")
    hours = [row["at"][11:16] for row in body["results"]]
    assert hours == ["00:00", "06:00", "12:00", "18:00"]
    assert list(body["results"][0]["bodies"]) == ["sun", "moon", "mars"]


def test_a_thousand_instants_are_allowed() -> None:
    body = ask(POSITIONS, start="1900-01-01", end="1902-09-27", step="1d", bodies="moon")
    assert len(body["results"]) == 999
    assert body["results"][0]["at"].startswith("1900-01-01T00:00:00")


def _close_kernel() -> None:
    provider.ephemeris().close()
    provider.ephemeris.cache_clear()
    provider._sky.cache_clear()


@pytest.fixture
def short_kernel(excerpt_path: Path, settings: Any) -> Iterator[None]:
    """Run the process on an excerpt of a few years."""
    _close_kernel()
    settings.ASTRONOMY_KERNEL = str(excerpt_path)
    yield
    _close_kernel()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (POSITIONS, {"at": "1950-01-01"}),
        (POSITIONS, {"start": "2025-01-01", "end": "2090-01-01", "step": "365d"}),
        (STATE, {"at": "2090-01-01"}),
        (SEGMENTS, {"start": "2090-01-01", "end": "2090-02-01"}),
        ("/api/v1/sky/sun", {"lat": "0", "lon": "0", "date": "1950-01-01"}),
    ],
)
def test_outside_a_short_kernel_is_a_refusal_that_names_its_span(
    short_kernel: None, path: str, query: dict[str, Any]
) -> None:
    problem = ask(path, status=400, **query)
    assert problem["code"] == "range.outside"
    assert re.search(r"from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d", problem["detail"])


def test_refusals_speak_the_language_of_the_reader() -> None:
    for path in (POSITIONS, STATE, SEGMENTS):
        english, german = (ask(path, status=400, start="x", at="x", lang=at) for at in ("en", "de"))
        assert english["errors"][0]["detail"] != german["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("path", "query", "code", "words"),
    [
        (POSITIONS, {"body": "moon"}, "parameter.unknown", "correction"),
        (POSITIONS, {"bodies": "ceres"}, "parameter.invalid", "neptune"),
        (POSITIONS, {"bodies": "earth"}, "parameter.invalid", "neptune"),
        (POSITIONS, {"origin": "heliocentric", "bodies": "sun"}, "parameter.invalid", "earth"),
        (POSITIONS, {"frame": "galactic"}, "parameter.invalid", "equatorial_date"),
        (POSITIONS, {"origin": "lunar"}, "parameter.invalid", "heliocentric"),
        (POSITIONS, {"correction": "none"}, "parameter.invalid", "astrometric"),
        (POSITIONS, {"at": "yesterday"}, "parameter.invalid", "2026-08-12"),
        (POSITIONS, {"at": "NaN"}, "parameter.invalid", "2026-08-12"),
        (POSITIONS, {"at": "1899-12-31"}, "range.outside", "1900-01-01"),
        (POSITIONS, {"at": "2101-01-02"}, "range.outside", "2101-01-01"),
        (POSITIONS, {"lat": "91", "lon": "0"}, "parameter.invalid", "from -90 to 90"),
        (POSITIONS, {"lat": "NaN", "lon": "0"}, "parameter.invalid", "from -90 to 90"),
        (POSITIONS, {"lat": "1e1", "lon": "0"}, "parameter.invalid", "from -90 to 90"),
        (POSITIONS, {"lat": "0", "lon": "181"}, "parameter.invalid", "from -180 to 180"),
        (POSITIONS, {"lat": "0", "lon": "0", "elevation": "1000000"}, "parameter.invalid", "9000"),
        (POSITIONS, {"lat": "0"}, "parameter.invalid", "needed: a number from -180 to 180"),
        (POSITIONS, {"origin": "topocentric"}, "parameter.invalid", "needed: a number from -90"),
        (POSITIONS, {"origin": "geocentric", "lat": "1", "lon": "1"}, "parameter.invalid", "topo"),
        (POSITIONS, {"refraction": "yes"}, "parameter.invalid", "true"),
        (POSITIONS, {"refraction": "true"}, "parameter.invalid", "topocentric"),
        (POSITIONS, {"start": "2026-01-01"}, "parameter.invalid", "start and end"),
        (POSITIONS, {"step": "1d"}, "parameter.invalid", "start and end"),
        (POSITIONS, {"at": AT, "start": AT, "end": "2027-01-01"}, "parameter.invalid", "either"),
        (POSITIONS, {"start": "2026-01-02", "end": "2026-01-01"}, "range.inverted", "before"),
        (POSITIONS, {**YEAR, "step": "0s"}, "parameter.invalid", "6h"),
        (POSITIONS, {**YEAR, "step": "nan"}, "parameter.invalid", "6h"),
        (POSITIONS, {**YEAR, "step": "999999999d"}, "parameter.invalid", "6h"),
        (POSITIONS, {**YEAR, "step": "300s"}, "parameter.invalid", "1000"),
        (STATE, {"jd": "NaN"}, "parameter.invalid", "2451545.0"),
        (STATE, {"jd": "2400000"}, "range.outside", "2415020.5"),
        (STATE, {"jd": "9999999"}, "range.outside", "2488434.5"),
        (STATE, {"jd": "2451545", "at": AT}, "parameter.invalid", "either"),
        (STATE, {"jd": "2451545", "scale": "tdb"}, "parameter.invalid", "tt"),
        (STATE, {"lat": "1"}, "parameter.unknown", "jd"),
        (SEGMENTS, {}, "parameter.invalid", "start and end"),
        (SEGMENTS, {"start": "2026-01-01", "end": "2036-01-01"}, "range.outside", "400 days"),
        (SEGMENTS, {**YEAR, "bodies": "ceres"}, "parameter.invalid", "sidereal_time"),
        (SEGMENTS, {"start": "2026-01-01", "end": "2026-01-01"}, "range.inverted", "before"),
    ],
)  # fmt: skip
def test_bad_input_is_a_problem_that_says_what_is_allowed(
    document: Any, path: str, query: dict[str, str], code: str, words: str
) -> None:
    response = get(path, **query)
    problem = response.json()
    check(document, "Problem", problem)
    assert (response.status_code, problem["code"]) == (400, code)
    assert words in problem["detail"] or any(words in each["detail"] for each in problem["errors"])
    assert response["Cache-Control"] == "no-store"


def test_everything_wrong_is_told_at_once() -> None:
    body = ask(POSITIONS, status=400, lat="91", lon="500", frame="x", colour="red")
    names = {entry["parameter"] for entry in body["errors"]}
    assert names == {"lat", "lon", "frame", "colour"}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (POSITIONS, {"at": AT}),
        (POSITIONS, {"start": "2026-01-01", "end": "2026-01-03"}),
        (STATE, {"at": AT}),
        (STATE, {"jd": "2461265.25"}),
        (SEGMENTS, {"start": "2026-01-01", "end": "2026-01-03"}),
    ],
)
def test_fixed_instants_are_kept_by_caches(path: str, query: dict[str, str]) -> None:
    first = get(path, **query)
    assert first["Cache-Control"] == "public, max-age=604800, immutable"
    again = get(path, headers={"If-None-Match": first["ETag"]}, **query)
    assert again.status_code == 304
    assert again.content == b""
    assert again["Cache-Control"] == first["Cache-Control"]


def test_the_state_of_now_is_kept_a_second(document: Any) -> None:
    response = get(STATE)
    check(document, "SceneStateBody", response.json())
    assert response["Cache-Control"] == "public, max-age=1"


def test_a_state_by_instant_and_by_julian_date_is_the_same(document: Any) -> None:
    by_instant = ask(STATE, at="2026-08-12T18:00:00Z")
    check(document, "SceneStateBody", by_instant)
    by_utc = ask(STATE, jd="2461265.25")
    by_tt = ask(STATE, jd=repr(by_instant["jd_tt"]), scale="tt")
    assert by_utc == by_instant
    for code, vector in by_instant["heliocentric_au"].items():
        assert by_tt["heliocentric_au"][code] == pytest.approx(vector, abs=1e-10)
    assert set(by_instant["heliocentric_au"]) == {
        "mercury", "venus", "earth", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto"
    }  # fmt: skip
    assert by_instant["sun_au"] == [0.0, 0.0, 0.0]


def test_the_state_agrees_with_positions() -> None:
    state = ask(STATE, at=AT)
    planets = ask(POSITIONS, at=AT, origin="heliocentric")["results"][0]["bodies"]
    for code, vector in state["heliocentric_au"].items():
        assert vector == pytest.approx(planets[code]["vector_au"], abs=1e-11)
    seen = ask(POSITIONS, at=AT, frame="equatorial_date", bodies="sun,moon")["results"][0]
    degrees = 57.29577951308232
    assert state["moon_ra_rad"] * degrees == pytest.approx(seen["bodies"]["moon"]["ra_deg"])
    assert state["gast_rad"] * degrees == pytest.approx(seen["gast_deg"])
    below = seen["bodies"]["sun"]
    assert state["subsolar"]["lon_rad"] * degrees == pytest.approx(below["subpoint_lon_deg"])
    assert state["subsolar"]["lat_rad"] * degrees == pytest.approx(below["subpoint_lat_deg"])


@pytest.mark.parametrize("start", ["1900-01-01", "2016-12-01", "2100-12-01"])
def test_segments_fit_their_schema_and_cover_the_span(document: Any, start: str) -> None:
    end = f"{int(start[:4]) + 1}-01-01"
    body = ask(SEGMENTS, start=start, end=end if start != "1900-01-01" else "1900-02-01")
    check(document, "SegmentList", body)
    assert len(body["segments"]) == 13
    for segment in body["segments"]:
        assert segment["start_jd_tt"] <= body["start_jd_tt"]
        assert segment["end_jd_tt"] >= body["end_jd_tt"]


def test_a_leap_second_is_a_step_of_the_clock() -> None:
    body = ask(SEGMENTS, start="2016-12-20", end="2017-01-10", bodies="sidereal_time")
    seconds = [step["seconds"] for step in body["tt_minus_utc"]]
    assert seconds == [68.184, 69.184]  # IERS Bulletin C 52
    assert body["tt_minus_utc"][1]["from_jd_utc"] == 2_457_754.5


@pytest.mark.slow
def test_threads_get_the_same_answers() -> None:
    days = [f"2026-03-{day:02d}" for day in range(1, 29)]
    alone = [ask(POSITIONS, at=day)["results"] for day in days]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda day: ask(POSITIONS, at=day)["results"], days))
    assert together == alone


@pytest.mark.parametrize("path", [POSITIONS, STATE, SEGMENTS])
def test_only_reading_is_allowed(path: str) -> None:
    response = Client().post(path)
    assert response.status_code == 405
    assert response.json()["code"] == "method.not_allowed"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "end"), [("1962-02-01", "1962-03-15"), ("2016-12-01", "2017-02-01")]
)
def test_the_javascript_client(node: str, tmp_path: Path, start: str, end: str) -> None:
    segments = ask(SEGMENTS, start=start, end=end)
    rows = ask(
        POSITIONS, start=start, end=end, step="46873s", frame="equatorial_date", bodies="sun,moon"
    )["results"]
    states = [ask(STATE, jd=repr(row["jd_tt"]), scale="tt") for row in rows]
    vectors = tmp_path / "vectors.json"
    vectors.write_text(json.dumps({"segments": segments, "states": states, "positions": rows}))
    done = subprocess.run(
        [node, "--test", str(HERE / "segments_test.mjs")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "SEGMENTS_VECTORS": str(vectors)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
