"""/next, /planets and /eclipses against published values and against the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from astronomy.verification.tables import read_table
from events.models import NOTABLE
from events.tests.api_support import EVENTS, ask
from telegram_link.bot import eclipses, planets
from telegram_link.bot import next as next_events
from telegram_link.bot.reader import Spot
from telegram_link.selectors.skies import PLANETS, place_of, planet_nights, planets_now
from telegram_link.tests.sky_support import AT, BERLIN, addresses, pressed, reader, told, visible

pytestmark = pytest.mark.django_db


def _slugs(text: str) -> list[str]:
    return [address.split("/")[-2] for address in addresses(text)]


def _ahead(count: int, **query: Any) -> list[str]:
    """Return the first slugs of the list of the API from the tests' now on."""
    found: list[str] = []
    body = ask(start=AT.isoformat(), end="2100-01-01", limit="100", **query)
    while len(found) < count:
        found += [row["slug"] for row in body["results"]]
        following = body["next"]
        if following is None:
            break
        body = ask(following)
    return found[:count]


def test_next_is_what_the_list_of_the_site_has_next() -> None:
    text = told(next_events.COMMAND, reader()).text
    expected = _ahead(8, min_significance=str(NOTABLE))
    assert _slugs(text) == expected
    assert "full-2026-11-24" in text


def test_more_goes_on_where_the_list_ended_and_back_to_its_beginning() -> None:
    asking = reader()
    first = told(next_events.COMMAND, asking)
    second = pressed(next_events.COMMAND, asking, first)
    third = pressed(next_events.COMMAND, asking, second, 1)
    shown = [slug for page in (first, second, third) for slug in _slugs(page.text)]
    assert shown == _ahead(len(shown), min_significance=str(NOTABLE))
    assert pressed(next_events.COMMAND, asking, second) == first


@pytest.mark.parametrize(
    ("language", "words", "query"),
    [
        ("en", "eclipse", {"family": "solar_eclipses,lunar_eclipses"}),
        ("en", "solar_eclipses", {"family": "solar_eclipses"}),
        ("de", "mondfinsternisse", {"family": "lunar_eclipses"}),
        ("ru", "Затмен", {"family": "solar_eclipses,lunar_eclipses"}),
        ("ja", "日食", {"family": "solar_eclipses"}),
        ("de", "Mars", {"body": "mars"}),
        ("es", "Luna", {"body": "moon"}),
        ("fr", "le soleil", {"body": "sun"}),
        ("en", "perigee", {"family": "lunar_apsides"}),
    ],
)
def test_next_is_narrowed_by_names_in_the_readers_language_and_by_codes(
    language: str, words: str, query: dict[str, str]
) -> None:
    shown = _slugs(told(next_events.COMMAND, reader(language), words).text)
    expected = _ahead(len(shown), **query, min_significance=str(NOTABLE))
    assert shown == expected
    assert shown


def test_a_name_too_long_for_a_button_has_a_next_page_too() -> None:
    asking = reader("ru")
    first = told(next_events.COMMAND, asking, "Вступления в знаки и созвездия")
    second = pressed(next_events.COMMAND, asking, first)
    shown = _slugs(first.text) + _slugs(second.text)
    assert shown == _ahead(len(shown), family="ingresses", min_significance=str(NOTABLE))
    assert len(shown) > len(_slugs(first.text))


def test_what_is_never_notable_is_shown_when_it_is_named() -> None:
    shown = _slugs(told(next_events.COMMAND, reader(), "stations").text)
    assert shown == _ahead(len(shown), family="stations")
    assert shown


def test_an_unknown_name_is_answered_with_the_names_there_are() -> None:
    text = told(next_events.COMMAND, reader(), "<b>ufo</b>").text
    assert "&lt;b&gt;ufo&lt;/b&gt;" in text
    assert "Moon phases, Equinoxes and solstices, Solar terms, Solar eclipses" in visible(text)
    assert "<code>Moon phases</code>" in text


@pytest.mark.parametrize("data", ["zz:", "ffffffffffffffff:", "-1:", ":ufo", "6632ce2908d78"])
def test_a_forged_button_shows_what_comes_next(data: str) -> None:
    assert next_events.COMMAND.pressed is not None
    answer = next_events.COMMAND.pressed(reader(), data)
    assert answer.edited is not None
    assert "What comes next in the sky" in answer.edited.text


def test_the_end_of_the_calendar_is_no_error() -> None:
    at = datetime(2100, 12, 31, 23, 59, tzinfo=UTC)
    text = visible(told(next_events.COMMAND, reader(at=at)).text)
    assert "There is no such event." in text


@pytest.mark.parametrize(
    ("at", "backwards"),
    [
        # NASA/JPL Horizons has these stations of Mercury and Mars within a day: 2026-10-24 and
        # 2026-11-13, 2027-01-10 and 2027-04-01 (Observer's Handbook 2026 and 2027, RASC).
        ("2026-11-05", {"mercury": ("October 24, 2026", "November 13, 2026")}),
        ("2027-02-19", {"mars": ("January 10, 2027", "April 1, 2027")}),
    ],
)
def test_a_planet_that_moves_backwards_is_said_to(
    at: str, backwards: dict[str, tuple[str, str]]
) -> None:
    asking = reader(at=datetime.fromisoformat(f"{at}T12:00Z"), zone="UTC")
    text = visible(told(planets.COMMAND, asking).text)
    for body, (start, end) in backwards.items():
        block = next(part for part in text.split("\n\n") if body.capitalize() in part)
        assert f"Retrograde from {start} to {end}" in block


def test_planets_stand_where_the_api_has_them() -> None:
    body = ask(
        "/api/v1/sky/positions",
        at=AT.isoformat(),
        bodies=",".join(PLANETS),
        frame="ecliptic_date",
    )
    (of_api,) = body["results"]
    for planet in planets_now(AT):
        place = of_api["bodies"][planet.body]
        assert planet.longitude_deg == pytest.approx(place["longitude_deg"], abs=1e-6)
        assert planet.magnitude == pytest.approx(place["magnitude"], abs=0.005)


def test_planets_are_up_and_seen_as_the_api_has_rise_set_and_twilight() -> None:
    place: dict[str, Any] = {"lat": "52.52", "lon": "13.405", "tz": "UTC"}
    days = ask(
        "/api/v1/sky/rise-set", **place, start="2026-11-23", days="2", bodies=",".join(PLANETS)
    )["days"]
    sun = ask("/api/v1/sky/sun", **place, start="2026-11-23", days="2")["days"]
    dusk, dawn = (_instant(sun[at][name]) for at, name in ((0, "civil_dusk"), (1, "civil_dawn")))
    noons = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (23, 24)]
    nights = planet_nights(place_of(52.52, 13.405, 0.0), noons[0], noons[1])
    for body in PLANETS:
        edges = [
            _instant(sky[name])
            for day in days
            for sky in day["bodies"]
            if sky["body"] == body
            for name in ("rise", "set")
            if sky[name] and noons[0] < _instant(sky[name]) < noons[1]
        ]
        up = {edge for span in nights[body].up for edge in span} - set(noons)
        assert _rounded(up) == _rounded(edges)
        for start, end in nights[body].seen:
            assert _rounded([start, end]) <= _rounded([*edges, dusk, dawn])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _rounded(moments: Any) -> set[int]:
    return {round(moment.timestamp() / 2.0) for moment in moments}


def test_what_no_eye_sees_alone_is_said_to_take_an_instrument() -> None:
    """Visible to the eye are the planets up to Saturn; Uranus is at the edge of it."""
    text = visible(told(planets.COMMAND, reader()).text)
    assert text.count("a star chart.") == 2
    assert "Neptune takes a small telescope and a star chart." in text


def test_without_a_place_planets_are_told_by_their_distance_from_the_sun() -> None:
    text = visible(told(planets.COMMAND, reader(spot=None)).text)
    blocks = {part.split()[1]: part for part in text.split("\n\n") if part[0] in "☿♀♂♃♄♅♆"}
    assert "In the morning sky" in blocks["Venus"]
    assert "In the evening sky" in blocks["Saturn"]
    assert "Up for most of the night" in blocks["Uranus"]  # two days before its opposition
    assert "/place" in text


def test_the_eclipses_are_those_of_nasas_canon() -> None:
    """NASA, Five Millennium Canon of Solar Eclipses (solar_eclipses.csv): types of 2027."""
    rows = [row for row in read_table("solar_eclipses") if row["greatest_td"].startswith("2027")]
    assert [row["kind"] for row in rows] == ["annular", "total"]
    asking = reader(zone="UTC", spot=None)
    first = told(eclipses.COMMAND, asking)
    assert visible(first.text).startswith("Annular solar eclipse\nSaturday, February 6, 2027\n")
    last = pressed(eclipses.COMMAND, asking, first, 2)
    assert visible(last.text).startswith("Total solar eclipse\nMonday, August 2, 2027\n")
    assert (first.figure_of, last.figure_of) == (
        "solar-eclipses-sun-moon-37440-131",
        "solar-eclipses-sun-moon-37446-136",
    )


# NASA, "2024 Total Solar Eclipse: Where & When": from the beginning to the end, UTC.
@pytest.mark.parametrize(
    ("spot", "span"),
    [
        (Spot(32.78, -96.80), ("17:23", "20:02")),
        (Spot(41.50, -81.69), ("17:59", "20:29")),
    ],
)
def test_an_eclipse_is_seen_from_a_city_when_nasa_says(spot: Spot, span: tuple[str, str]) -> None:
    at = datetime(2024, 4, 1, tzinfo=UTC)
    text = visible(told(eclipses.COMMAND, reader("de", at=at, zone="UTC", spot=spot)).text)
    shown = next(line for line in text.splitlines() if " – " in line)
    for published, minute in zip(span, shown[-13:].split(" – "), strict=True):
        apart = _instant(f"{at.date()}T{minute}Z") - _instant(f"{at.date()}T{published}Z")
        assert abs(apart.total_seconds()) <= 60


@pytest.mark.parametrize(
    ("reference", "at"),
    [
        ("solar-eclipse-2027-08-02", "2027-08-01"),
        ("solar-eclipse-2027-02-06", "2027-02-01"),
        ("lunar-eclipse-2028-12-31", "2028-12-30"),
        ("lunar-eclipse-2027-02-20", "2027-02-19"),
    ],
)
def test_what_a_place_sees_is_what_the_api_says(reference: str, at: str) -> None:
    seen = ask(f"{EVENTS}/{reference}/circumstances", lat="52.52", lon="13.405")
    asking = reader("de", at=datetime.fromisoformat(f"{at}T00:00Z"), zone="UTC")
    text = visible(told(eclipses.COMMAND, asking).text)
    assert ("Visible from your place" in text or "–" in text) is seen["visible"]
    spans = [edge[11:16] for span in seen["visible_spans_utc"] for edge in span]
    contacts = seen["circumstances"]["contacts"] if "lunar" in reference else []
    for minute in [*spans, *(each["utc"][11:16] for each in contacts if each["visible"])]:
        assert minute in text


@pytest.mark.parametrize(
    ("at", "spot", "warned"),
    [
        ("2027-08-01", BERLIN, True),
        ("2027-08-01", None, True),
        ("2027-02-01", BERLIN, False),  # not seen from there
        ("2028-12-30", BERLIN, False),  # of the Moon
    ],
)
def test_whoever_may_see_a_solar_eclipse_is_warned(
    at: str, spot: Spot | None, warned: bool
) -> None:
    asking = reader(at=datetime.fromisoformat(f"{at}T00:00Z"), spot=spot)
    text = visible(told(eclipses.COMMAND, asking).text)
    assert ("certified solar filter" in text) is warned


@pytest.mark.parametrize("data", ["", "no-such-event", "moon-full-2026-11-24", "'; --", "ü" * 30])
def test_a_forged_button_shows_the_next_eclipse(data: str) -> None:
    assert eclipses.COMMAND.pressed is not None
    answer = eclipses.COMMAND.pressed(reader(), data)
    assert answer == eclipses.COMMAND.answer(reader(), "")
