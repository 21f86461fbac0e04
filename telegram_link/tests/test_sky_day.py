"""/today, /sun and /moon against published tables and against the API."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from astronomy.verification.tables import Row, moment, read_table
from events.tests.api_support import ask
from telegram_link.bot import moon, sun, today
from telegram_link.bot.reader import Spot
from telegram_link.selectors.day_events import midnights
from telegram_link.selectors.skies import BETWEEN, moon_shape
from telegram_link.tests.sky_support import (
    AT,
    BERLIN,
    TROMSO,
    addresses,
    pressed,
    reader,
    told,
    visible,
)

pytestmark = pytest.mark.django_db

ARROWS = {"rise": "↑", "set": "↓"}
PASSAGE = re.compile(r"([↑↓]) (\d\d:\d\d)")
# German writes a time as 07:41 and a date as 04.01.2030, so that a test can read them.
MINUTE = re.compile(r"(\d\d\.\d\d\.\d{4}), (\d\d:\d\d)")
OBSERVED = timedelta(seconds=90)  # a table of whole minutes, and a text that leaves out seconds


def _passages(line: str) -> list[tuple[str, str]]:
    return [(arrow, time) for arrow, time in PASSAGE.findall(line)]


def _published(body: str, lat: str, lon: str, day: str) -> list[Row]:
    return [
        row
        for row in read_table("rise_set")
        if (row["body"], row["lat_deg"], row["lon_deg"]) == (body, lat, lon)
        and row["utc"].startswith(day)
    ]


@pytest.mark.parametrize("day", ["2019-01-05", "2019-03-20", "2019-06-21", "2019-10-09"])
@pytest.mark.parametrize(
    ("body", "lat", "lon", "line"),
    [
        ("Sun", "29", "-81", 4),
        ("Sun", "60", "0", 4),
        ("Sun", "-60", "-150", 4),
        ("Moon", "29", "-81", 6),
    ],
)
def test_rise_and_set_are_those_of_the_naval_observatory(
    day: str, body: str, lat: str, lon: str, line: int
) -> None:
    """US Naval Observatory, rise and set of Sun and Moon (rise_set.csv): whole minutes, UT."""
    asking = reader("de", zone="UTC", spot=Spot(float(lat), float(lon)))
    text = visible(told(today.COMMAND, asking, day).text)
    shown = sorted(_passages(text.splitlines()[line - 1]), key=lambda each: each[1])
    published = _published(body, lat, lon, day)
    assert [arrow for arrow, _time in shown] == [ARROWS[row["event"]] for row in published]
    for (_arrow, time), row in zip(shown, published, strict=True):
        seen = datetime.fromisoformat(f"{day}T{time}:30+00:00")
        assert abs(seen - moment(row["utc"].rstrip("Z"))) <= OBSERVED


def test_today_says_of_sun_and_moon_what_the_api_says() -> None:
    place: dict[str, Any] = {
        "lat": "52.52",
        "lon": "13.405",
        "date": "2026-11-23",
        "tz": "Europe/Berlin",
    }
    (sun_day,) = ask("/api/v1/sky/sun", **place)["days"]
    (moon_day,) = ask("/api/v1/sky/moon", **place)["days"]
    text = visible(told(today.COMMAND, reader("de")).text)
    _sun, sun_times, moon_line, moon_times = text.splitlines()[2:6]
    assert dict(_passages(sun_times)) == _of_api(sun_day)
    assert dict(_passages(moon_times)) == _of_api(moon_day)
    lit = round(moon_day["illuminated_fraction"] * 100)
    assert f"{lit}\N{NO-BREAK SPACE}%" in moon_line


def _of_api(day: Any) -> dict[str, str]:
    return {ARROWS[name]: day[name][11:16] for name in ARROWS}


def test_the_buttons_lead_to_the_days_beside() -> None:
    asking = reader()
    message = told(today.COMMAND, asking)
    assert visible(message.text).startswith("Monday, November 23, 2026")
    assert visible(pressed(today.COMMAND, asking, message).text).startswith("Sunday, November 22")
    assert visible(pressed(today.COMMAND, asking, message, 1).text).startswith("Tuesday, November")


def test_a_day_lists_the_events_that_the_api_gives() -> None:
    start, end = (at.isoformat() for at in midnights(AT.date(), reader().zone))
    body = ask(start=start, end=end, limit="100")
    text = told(today.COMMAND, reader()).text
    slugs = [row["slug"] for row in body["results"] if row["all_day"] is None]
    assert len(slugs) >= 3
    assert [address.split("/")[-2] for address in addresses(text)] == slugs


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"])
def test_a_feast_stands_on_its_own_date_in_every_zone(zone: str) -> None:
    """Easter 2024 is on March 31 (US Naval Observatory, The Date of Easter: feasts.csv)."""
    assert {"day": "2024-03-31", "kind": "western_easter"} in read_table("feasts")
    asking = reader(zone=zone, spot=None)
    days = [
        visible(told(today.COMMAND, asking, f"2024-{day}").text).splitlines()
        for day in ("03-30", "03-31", "04-01")
    ]
    assert ["• Western Easter" in lines for lines in days] == [False, True, False]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("yesterday", "is not a date. Write it as 2026-08-12."),
        ("2026-02-30", "is not a date. Write it as 2026-08-12."),
        ("<b>&", "“<b>&” is not a date."),
        ("1899-12-31", "Days can be computed from 1900-01-01 to 2100-12-31."),
        ("9999-12-31", "Days can be computed from 1900-01-01 to 2100-12-31."),
        ("0001-01-01", "Days can be computed from 1900-01-01 to 2100-12-31."),
    ],
)
def test_what_is_no_day_is_answered_with_what_is(written: str, sentence: str) -> None:
    assert sentence in visible(told(today.COMMAND, reader(zone="Asia/Tokyo"), written).text)


@pytest.mark.parametrize(
    ("day", "words", "missing"),
    [
        ("2026-06-21", "above the horizon all day", "always_up"),
        ("2026-12-21", "below the horizon all day", "always_down"),
    ],
)
def test_polar_day_and_night_are_said_as_the_api_says(day: str, words: str, missing: str) -> None:
    at = datetime.fromisoformat(f"{day}T12:00Z")
    place: dict[str, Any] = {"lat": "69.65", "lon": "18.96", "date": day, "tz": "Europe/Oslo"}
    (of_api,) = ask("/api/v1/sky/sun", **place)["days"]
    assert of_api["missing"]["rise"] == missing
    asking = reader(at=at, zone="Europe/Oslo", spot=TROMSO)
    assert words in visible(told(sun.COMMAND, asking).text)
    assert words in visible(told(today.COMMAND, asking).text)


def test_the_sun_of_a_place_is_that_of_the_api() -> None:
    place: dict[str, Any] = {
        "lat": "52.52",
        "lon": "13.405",
        "date": "2026-11-23",
        "tz": "Europe/Berlin",
    }
    (day,) = ask("/api/v1/sky/sun", **place)["days"]
    text = visible(told(sun.COMMAND, reader("de")).text)
    for name in ("rise", "transit", "set", "civil_dawn", "nautical_dusk", "astronomical_dawn"):
        assert day[name][11:16] in text
    hours, minutes = divmod(round(day["day_length_s"] / 60), 60)
    assert f"{hours} h {minutes} min" in visible(told(sun.COMMAND, reader()).text)


def test_without_a_place_the_sun_says_what_holds_everywhere() -> None:
    """US Naval Observatory: the December solstice of 2026 is on the 21st at 20:50 UT."""
    text = visible(told(sun.COMMAND, reader(zone="UTC", spot=None)).text)
    assert "Sun in Sagittarius" in text
    assert "Dec 21, 2026, 8:50\N{NARROW NO-BREAK SPACE}PM\nDecember solstice\n" in text
    assert "/place" in text
    assert "Sunrise" not in text


@pytest.mark.parametrize(
    ("spot", "name"), [(BERLIN, "Winter solstice"), (Spot(-33.87, 151.21), "Summer solstice")]
)
def test_a_solstice_has_the_name_of_the_season_that_begins(spot: Spot, name: str) -> None:
    assert f"December solstice · {name}" in visible(told(sun.COMMAND, reader(spot=spot)).text)


def test_the_next_phases_are_those_of_the_naval_observatory() -> None:
    """US Naval Observatory, Phases of the Moon (moon_phases.csv): whole minutes, UT."""
    rows = [row for row in read_table("moon_phases") if row["utc"].startswith("2030-01")]
    at = datetime(2030, 1, 1, tzinfo=UTC)
    text = visible(told(moon.COMMAND, reader("de", at=at, zone="UTC")).text)
    shown = [
        datetime.strptime(f"{day} {time}:30+0000", "%d.%m.%Y %H:%M:%S%z")
        for day, time in MINUTE.findall(text)[1:]
    ]
    assert len(shown) == len(rows) == 4
    for seen, row in zip(shown, rows, strict=True):
        assert abs(seen - moment(row["utc"].rstrip("Z"))) <= OBSERVED
    assert [sign for sign in text if sign in "🌑🌓🌕🌗"][-4:] == ["🌑", "🌓", "🌕", "🌗"]


def test_the_moon_has_the_name_of_a_phase_on_its_day_and_a_shape_between() -> None:
    """US Naval Observatory, Phases of the Moon (moon_phases.csv), all of 2030."""
    rows = [row for row in read_table("moon_phases") if row["utc"].startswith("2030")]
    phases = {row["utc"][:10]: row["phase"] for row in rows}
    following = {"new_moon": 0, "first_quarter": 1, "full_moon": 2, "last_quarter": 3}
    for row in rows:
        day = moment(row["utc"].rstrip("Z")).date()
        for each in (day, day + timedelta(days=1)):
            start, end = midnights(each, reader(zone="UTC").zone)
            shape = moon_shape(at=start, start=start, end=end).shape
            expected = BETWEEN[following[row["phase"]]]
            assert shape == phases.get(each.isoformat(), expected)


def test_the_moon_of_a_phase_stands_in_the_sign_of_the_phase() -> None:
    """The Moon enters Gemini at 11:09 UT and is full at 14:53: at noon it was in another sign."""
    text = told(today.COMMAND, reader(), "2026-11-24").text
    assert "🌕 Full Moon in Gemini · " in text
    (event,) = [line for line in text.splitlines() if line.endswith(">Full Moon in Gemini</a></b>")]
    assert "moon-full-2026-11-24" in event


def test_notable_events_stand_out_among_the_days_others() -> None:
    lines = told(today.COMMAND, reader(), "2026-11-24").text.splitlines()
    bold = [line for line in lines if line.startswith("<b>") and "href" in line]
    assert [line.split("/events/")[1].split("-2026")[0] for line in bold] == [
        "moon-pleiades-closest-approach", "supermoon", "moon-full",
    ]  # fmt: skip


def test_the_moon_is_lit_on_the_other_side_in_the_south() -> None:
    north, south = (
        told(moon.COMMAND, reader(spot=Spot(lat, 0.0))).text[0] for lat in (50.0, -50.0)
    )
    assert (north, south) == ("🌔", "🌖")


def test_the_age_of_the_moon_is_counted_in_days() -> None:
    """US Naval Observatory: new Moon on 2026 November 9 at 07:02 UT."""
    assert "New Moon in Scorpio · 14 days ago" in visible(told(moon.COMMAND, reader()).text)


def test_the_day_of_another_calendar_stands_under_the_date() -> None:
    assert "Chinese calendar · day 15 of month 10, year of the Horse" in visible(
        told(today.COMMAND, reader(calendar="chinese")).text
    )
    assert "calendar ·" not in visible(told(today.COMMAND, reader(calendar="none")).text)
