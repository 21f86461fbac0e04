from __future__ import annotations

import random
from urllib.parse import quote

import pytest

from events.api.parameters import CALENDAR, LIST
from events.tests.api_support import EVENTS, get

pytestmark = pytest.mark.django_db

BIDI = "\u202e"  # turns the direction of what follows
FORMATS = [f"{EVENTS}{more}" for more in (".ics", ".csv", ".atom", "/next", "/now")]
REFUSED = [
    ("colour=red", "parameter.unknown", "colour", "known ones are: event_type"),
    ("start=yesterday", "parameter.invalid", "start", "2026-08-12"),
    ("start=2026-02-30", "parameter.invalid", "start", "2026-08-12"),
    ("start=20260101", "parameter.invalid", "start", "2026-08-12"),
    ("start=", "parameter.invalid", "start", "2026-08-12"),
    ("start=2026-01-01T00:00:00%2B99:00", "parameter.invalid", "start", "offset"),
    ("start=0001-01-01T00:00:00%2B14:00", "parameter.invalid", "start", "offset"),
    ("start=١٩٥٠-01-01", "parameter.invalid", "start", "2026-08-12"),
    ("tz=Mars/Olympus", "parameter.invalid", "tz", "IANA"),
    ("tz=../../etc/passwd", "parameter.invalid", "tz", "IANA"),
    ("tz=", "parameter.invalid", "tz", "IANA"),
    ("start=1899-12-31", "range.outside", "start", "1900-01-01 to 2101-01-01"),
    ("end=2101-01-02", "range.outside", "end", "1900-01-01 to 2101-01-01"),
    ("start=1900-01-01T00:00:00%2B00:01", "range.outside", "start", "1900-01-01"),
    ("start=2027-01-02&end=2027-01-02", "range.inverted", "end", "2027-01-02T00:00:00Z"),
    ("end=1950-01-01", "range.inverted", "end", "without a start, the range begins now"),
    ("limit=1000000000", "parameter.invalid", "limit", "from 1 to 200"),
    ("limit=0", "parameter.invalid", "limit", "from 1 to 200"),
    ("limit=-1", "parameter.invalid", "limit", "from 1 to 200"),
    ("limit=1e2", "parameter.invalid", "limit", "from 1 to 200"),
    ("limit=٣", "parameter.invalid", "limit", "from 1 to 200"),
    ("limit=" + "9" * 5000, "parameter.invalid", "limit", "from 1 to 200"),
    ("visible_from=91,0", "parameter.invalid", "visible_from", "from -90 to 90"),
    ("visible_from=0,181", "parameter.invalid", "visible_from", "from -180 to 180"),
    ("visible_from=0,0,1000000", "parameter.invalid", "visible_from", "from -500 to 9000"),
    ("visible_from=nan,nan", "parameter.invalid", "visible_from", "52.52,13.405,34"),
    ("visible_from=1e1,0", "parameter.invalid", "visible_from", "52.52,13.405,34"),
    ("visible_from=٣,0", "parameter.invalid", "visible_from", "52.52,13.405,34"),
    ("visible_from=", "parameter.invalid", "visible_from", "52.52,13.405,34"),
    ("visible_from=52", "parameter.invalid", "visible_from", "52.52,13.405,34"),
    ("visible_from=1,2,3,4", "parameter.invalid", "visible_from", "52.52,13.405,34"),
    ("visible_from=0,0&visible_from=1,1", "parameter.invalid", "visible_from", "once"),
    ("min_resonance=nan", "parameter.invalid", "min_resonance", "from 0 to 1"),
    ("min_resonance=1.01", "parameter.invalid", "min_resonance", "from 0 to 1"),
    ("min_resonance=1_0", "parameter.invalid", "min_resonance", "from 0 to 1"),
    ("event_type=red_moon", "parameter.invalid", "event_type", "new_moon, first_quarter"),
    ("family=comets", "parameter.invalid", "family", "moon_phases, seasons"),
    ("family=seasons,", "parameter.invalid", "family", "moon_phases, seasons"),
    ("limit=1&limit=2", "parameter.invalid", "limit", "once"),
    ("start=2027-01-01&start=2028-01-01", "parameter.invalid", "start", "once"),
    ("cursor=abc", "cursor.invalid", "cursor", "same filters"),
    ("cursor=" + "A" * 5000, "cursor.invalid", "cursor", "same filters"),
    ("cursor=%F0%9F%8C%95", "cursor.invalid", "cursor", "same filters"),
]


@pytest.mark.parametrize(("query", "code", "parameter", "says"), REFUSED, ids=lambda v: v[:24])
def test_bad_parameters_say_what_is_allowed(
    query: str, code: str, parameter: str, says: str
) -> None:
    response = get(f"{EVENTS}?{query}")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (400, code)
    assert response["Content-Type"] == "application/problem+json"
    assert problem["errors"][0]["parameter"] == parameter
    assert says in problem["errors"][0]["detail"]


UNREADABLE = ["q=%00", "q=%ff", "%ff=1", "q=%ED%A0%80", "q=" + "a" * 9000, "&".join(["a=1"] * 101)]


@pytest.mark.parametrize("query", UNREADABLE, ids=lambda v: v[:12])
@pytest.mark.parametrize("path", [EVENTS, *FORMATS, f"{EVENTS}/moon-new-2027-01-07"])
def test_unreadable_queries_are_refused(path: str, query: str) -> None:
    response = get(f"{path}?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "query.invalid")


def test_all_that_is_wrong_is_told_at_once() -> None:
    problem = get(f"{EVENTS}?start=x&limit=0&colour=red").json()
    assert {error["parameter"] for error in problem["errors"]} == {"start", "limit", "colour"}


def test_a_refusal_speaks_the_language_that_was_asked_for() -> None:
    response = get(f"{EVENTS}?limit=0&lang=ru")
    assert response["Content-Language"] == "ru"


def test_echoed_values_are_short_and_harmless() -> None:
    detail = get(f"{EVENTS}?start={quote(BIDI + '<' * 500)}").json()["detail"]
    assert len(detail) < 300
    assert BIDI not in detail


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=5", "parameter.unknown"),
        ("start=2027-01-01&end=2029-01-01", "range.outside"),
        ("end=1950-01-01", "range.inverted"),
    ],
)
def test_the_calendar_refuses_what_it_does_not_know(query: str, code: str) -> None:
    response = get(f"{EVENTS}.ics?{query}")
    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize("reference", ["nothing", "a" * 5000, "%00", "%ff", "{}", "a b", "..%2f"])
def test_events_that_do_not_exist_are_not_found(reference: str) -> None:
    response = get(f"{EVENTS}/{reference}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


PIECES = [
    *LIST, "%00", "%ff", "%", "&", "=", ";", "+", BIDI, "\U0001f315", "2026-01-01", "9999-12-31",
    "T24:00", "Z", "nan", "1e400", "-1", "0", "999999999999999999999", "de", "zh-CN", "new_moon",
    ",", "seasons", "Europe/Berlin", "[", "]", "'", '"', "<", "\\", "..", "%ED%A0%80", "cursor=",
]  # fmt: skip


def random_query(dice: random.Random) -> str:
    pairs = []
    for _ in range(dice.randrange(6)):
        name = dice.choice([*CALENDAR, dice.choice(PIECES)])
        value = "".join(dice.choices(PIECES, k=dice.randrange(4)))
        pairs.append(f"{name}={value}" if dice.random() < 0.5 else f"{name}={quote(value)}")
    return "&".join(pairs)


@pytest.mark.parametrize(
    ("seed", "queries"),
    [(0, 15), *(pytest.param(seed, 60, marks=pytest.mark.slow) for seed in range(1, 5))],
)
def test_random_queries_are_answered_or_refused(seed: int, queries: int) -> None:
    dice = random.Random(seed)
    for _ in range(queries):
        path = dice.choice([EVENTS, *FORMATS, f"{EVENTS}/{dice.choice(PIECES)}"])
        query = random_query(dice)
        languages = "".join(dice.choices(PIECES, k=2)).encode("ascii", "ignore").decode()
        response = get(f"{path}?{query}", headers={"Accept-Language": languages})
        assert response.status_code in {200, 400, 404}, f"{path}?{query}"
        if response.status_code != 200:
            assert response["Content-Type"] == "application/problem+json"
