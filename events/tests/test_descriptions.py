"""What descriptions say: something true of the one event, that of no other kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest
from django.utils.functional import Promise
from django.utils.translation import override

from astronomy import provider
from astronomy.calendar_names import CHINESE_FESTIVALS, FEASTS, HINDU_FESTIVALS, TERMS
from astronomy.calendars import churches, hindu_festivals
from astronomy.finders import FAMILIES as FOUND
from astronomy.finders.meteor_showers import SHOWERS
from astronomy.occurrence import Occurrence
from astronomy.stars import STARS
from events.details import detail_notes, detail_types, detail_unit
from events.facts import Facts
from events.kinds import COMPUTED, COMPUTED_KINDS, KINDS, texts_for
from events.kinds.cultural import FEAST_KINDS
from events.kinds.definitions import DEFINITIONS
from events.texts import ingresses, meteor_showers, watching
from events.texts.paragraphs import paragraph

AT = datetime(2027, 1, 1, tzinfo=UTC)
# Sentences that are true of several kinds and are said of each.
SHARED = {
    "Every 18.6 years these extremes are widest: a major lunar standstill.",
    "Its day lasts from midnight to midnight in China.",
    "It is safe to watch with the naked eye wherever the Moon is above the horizon.",
    "Look for them after sunset or before sunrise; those near the Sun are lost in its glare.",
    (
        "Only a new or full Moon within about 18 days of the Sun's own passage of a node brings an "
        "eclipse."
    ),
    "Half of the Moon's disc is lit.",
}
SENTENCE_END = re.compile(r"(?<=[.!?]) ")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def told(kind: str, *bodies: str, **details: Any) -> str:
    return texts_for(Facts(kind, bodies, details, AT))["description"]


def all_differ(texts: Iterable[str]) -> bool:
    counted = Counter(texts)
    return len(counted) > 1 and set(counted.values()) == {1}


def test_no_two_kinds_are_told_in_one_sentence() -> None:
    said = Counter(
        sentence
        for kind in COMPUTED_KINDS.values()
        for sentence in SENTENCE_END.split(str(kind.about))
    )
    assert {sentence for sentence, count in said.items() if count > 1} <= SHARED


def test_every_word_of_a_kind_passes_through_gettext() -> None:
    words: list[tuple[str, object]] = [
        (f"{details.__name__}.{name}", note)
        for details in detail_types()
        for name, note in detail_notes(details).items()
    ]
    words += [
        (name, detail_unit(name)) for details in detail_types() for name in get_type_hints(details)
    ]
    for code, kind in COMPUTED_KINDS.items():
        words += [(code, kind.name), (code, kind.about), (code, kind.significance.rule)]
    for code, definition in DEFINITIONS.items():
        words += [(code, definition.text), (code, definition.frame), (code, definition.scale)]
    plain = {(where, word) for where, word in words if isinstance(word, str)}
    assert {word for _where, word in plain} <= {f"{level}." for level in range(1, 6)}
    assert all(isinstance(word, str | Promise | None) for _where, word in words)


def test_each_solar_term_festival_and_tithi_has_a_sentence_of_its_own() -> None:
    assert all_differ(
        told("solar_term", "sun", term=term, longitude_deg=15.0 * at)
        for at, term in enumerate(TERMS)
    )
    assert all_differ(told("hindu_festival", festival=name) for name in HINDU_FESTIVALS)
    assert set(hindu_festivals.FESTIVALS) <= set(HINDU_FESTIVALS)
    assert all_differ(told(kind, chinese_year=2027) for kind in CHINESE_FESTIVALS)
    assert all_differ(told(kind, nakshatra=1) for kind in ("ekadashi", "purnima", "amavasya"))


def test_each_feast_of_each_church_has_a_sentence_of_its_own() -> None:
    said = {
        (kind, feast): told(kind, feast=feast)
        for kind in FEAST_KINDS
        for feast in churches.FEASTS[kind.removesuffix("_feast")]
        if feast not in {"easter", "vardavar"}
    }
    assert all_differ(said.values())
    assert {feast for _kind, feast in said} | {"easter", "vardavar"} == set(FEASTS)


def test_every_body_that_takes_part_can_be_told() -> None:
    paired = set(FOUND["conjunctions"].bodies) | set(FOUND["occultations"].bodies)
    assert paired - {"moon"} == set(watching.LOOKS)
    assert set(STARS) < set(watching.LOOKS)
    assert set(FOUND["ingresses"].bodies) == set(ingresses.STAYS)


def test_every_shower_tells_its_radiant_its_speed_and_the_comet() -> None:
    assert set(SHOWERS) == set(meteor_showers.SHOWERS)
    assert {one.radiant_constellation for one in SHOWERS.values()} == set(meteor_showers.RADIANTS)


@pytest.fixture(scope="module")
def year() -> list[Occurrence]:
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    return provider.occurrences_between(start=start, end=end, families=tuple(COMPUTED))


def described(year: list[Occurrence], kind: str) -> dict[str, str]:
    return {one.key: texts_for(Facts.of(one))["description"] for one in year if one.kind == kind}


def test_the_perseids_are_told_with_their_facts(year: list[Occurrence]) -> None:
    text = described(year, "meteor_shower_peak")["meteor-showers-earth-per-2027"]
    for fact in ("110 meteors", "109P/Swift-Tuttle", "Cassiopeia", "59 km", "northern hemisphere"):
        assert fact in text


@pytest.mark.parametrize(
    "kind",
    ["solar_eclipse", "transit", "inferior_conjunction", "greatest_elongation_east"],
)
def test_whoever_looks_near_the_sun_is_warned(kind: str) -> None:
    details = {
        "type": "partial", "magnitude": 0.5, "greatest_lat_deg": 1.0, "greatest_lon_deg": 2.0,
        "duration_s": 18000.0, "planet_distance_au": 0.6, "separation_deg": 2.0,
        "elongation_deg": 27.0,
    }  # fmt: skip
    text = told(kind, "mercury", **details)
    assert re.search("solar filter|never point|only once the Sun has set", text)


def test_no_description_is_long_winded_or_unfinished(year: list[Occurrence]) -> None:
    for one in year:
        text = texts_for(Facts.of(one))["description"]
        assert "%" not in re.sub(r"[0-9]%", "", text)
        assert "  " not in text
        assert len(text) <= 700, (one.key, text)


@pytest.mark.parametrize(
    ("from_sun_deg", "side", "words"),
    [
        pytest.param(8.0, "east", "too near to the Sun", id="glare"),
        pytest.param(25.0, "east", "west soon after sunset", id="dusk"),
        pytest.param(80.0, "east", "in the evening", id="evening"),
        pytest.param(170.0, "west", "most of the night", id="night"),
        pytest.param(80.0, "west", "before dawn", id="morning"),
        pytest.param(25.0, "west", "east shortly before sunrise", id="dawn"),
    ],
)
def test_a_conjunction_says_when_to_look(from_sun_deg: float, side: str, words: str) -> None:
    text = told(
        "closest_approach", "venus", "jupiter",
        separation_deg=0.6, sun_elongation_deg=from_sun_deg, side=side,
    )  # fmt: skip
    assert words in text
    assert ("telescope" in text) is (from_sun_deg > watching.GLARE_DEG)


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("station_retrograde", "mercury", "after sunset"),
        ("station_retrograde", "jupiter", "second half of the night"),
        ("station_direct", "venus", "before sunrise"),
        ("station_direct", "neptune", "small telescope"),
    ],
)
def test_a_station_says_where_the_planet_stands(kind: str, body: str, words: str) -> None:
    assert words in told(kind, body)


def lunations(year: list[Occurrence], kind: str, words: str = "") -> set[int]:
    """Return the lunations of the events of a kind that are told with some words."""
    return {
        one.details["lunation_number"]
        for one in year
        if one.kind == kind and words in texts_for(Facts.of(one))["description"]
    }


@pytest.mark.parametrize(
    ("phase", "eclipse", "words", "count"),
    [
        ("new_moon", "solar_eclipse", "a solar eclipse", 2),
        (
            "full_moon",
            "lunar_eclipse",
            "a lunar eclipse",
            2,
        ),  # that of July grazes, and is left out
    ],
)
def test_a_phase_tells_of_its_eclipse(
    year: list[Occurrence], phase: str, eclipse: str, words: str, count: int
) -> None:
    told_of = lunations(year, phase, words)
    assert told_of <= lunations(year, eclipse)
    assert len(told_of) == count
    assert not lunations(year, phase, "too far for an eclipse") & lunations(year, eclipse)


def test_a_full_moon_is_called_what_the_rule_calls_it(year: list[Occurrence]) -> None:
    small, large = (
        lunations(year, "full_moon", f"a {name}.") for name in ("micromoon", "supermoon")
    )
    assert small <= lunations(year, "micromoon")
    assert large <= lunations(year, "supermoon")
    assert small
    assert not lunations(year, "new_moon", "supermoon")


@pytest.mark.parametrize(
    ("away_km", "words"),
    [
        (356_410.0, "356,400 km away, nearer than on average: its disc looks 8% wider."),
        (406_700.0, "406,700 km away, farther than on average: its disc looks 5% narrower."),
        (384_400.0, "This time it is 384,400 km away."),
    ],
)
def test_a_full_moon_says_how_wide_it_looks(away_km: float, words: str) -> None:
    places = {"moon_latitude_deg": 4.0, "moon_longitude_deg": 10.0}
    assert words in told("full_moon", "moon", moon_distance_km=away_km, **places)


@pytest.mark.parametrize(
    ("longitude_deg", "words"),
    [(92.0, "in the northern hemisphere it crosses the sky high"),
     (250.0, "in the southern hemisphere it crosses the sky high"), (10.0, "")],
)  # fmt: skip
def test_a_moon_far_from_the_equator_says_where_it_stands_high(
    longitude_deg: float, words: str
) -> None:
    places = {"moon_latitude_deg": 4.0, "moon_longitude_deg": longitude_deg}
    text = told("last_quarter", "moon", moon_distance_km=384_400.0, **places)
    assert words in text
    assert ("crosses the sky" in text) is bool(words)


def test_a_new_moon_says_on_which_side_it_passes() -> None:
    places = {"moon_distance_km": 384_400.0, "moon_longitude_deg": 10.0}
    assert "4.2° north of the Sun" in told("new_moon", "moon", moon_latitude_deg=4.21, **places)
    assert "2.0° south of the Sun" in told("new_moon", "moon", moon_latitude_deg=-1.97, **places)
    assert "eclipse" not in told("new_moon", "moon", moon_latitude_deg=1.5, **places)


def test_a_node_says_where_it_is_and_how_the_moon_goes_on() -> None:
    text = told("ascending_node", "moon", moon_longitude_deg=359.7)
    assert "at 0° of ecliptic longitude and stays north" in text
    assert "stays south" in told("descending_node", "moon", moon_longitude_deg=12.0)


@pytest.mark.parametrize(
    ("kind", "pair", "longitudes_deg", "words"),
    [
        ("aspect_sextile", ("sun", "moon"), (350.4, 50.4), "Sun 350°, Moon 50°."),
        ("aspect_sextile", ("sun", "moon"), (350.4, 50.4), "look for it in the evening"),
        ("aspect_square", ("sun", "mars"), (100.0, 10.0), "look for it in the morning"),
        ("aspect_trine", ("mars", "neptune"), (0.0, 120.0), "a star chart"),
        ("aspect_opposition", ("sun", "jupiter"), (10.0, 190.0), "highest around midnight"),
        ("aspect_conjunction", ("sun", "saturn"), (10.0, 10.0), "lost in the glare"),
        ("aspect_conjunction", ("venus", "saturn"), (10.0, 10.0), "they are 3.5° apart"),
    ],
)
def test_an_aspect_says_where_both_stand_and_when_to_look(
    kind: str, pair: tuple[str, str], longitudes_deg: tuple[float, float], words: str
) -> None:
    places = {"longitudes_deg": [*longitudes_deg], "latitudes_deg": [1.2, -2.3]}
    text = told(kind, *pair, **places)
    assert words in text
    assert ("yellowish" in text) is (pair == ("venus", "saturn"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Aspect: Moon in square with the Sun"),
        ("es", "Aspecto: la Luna en cuadratura con el Sol"),
        ("fr", "Aspect\u202f: la Lune en carré avec le Soleil"),
        ("pt-br", "Aspecto: a Lua em quadratura com o Sol"),
        ("de", "Aspekt: Mond mit der Sonne im Quadrat"),
    ],
)
def test_an_article_within_a_title_has_no_capital(language: str, words: str) -> None:
    facts = Facts("aspect_square", ("moon", "sun"), {"longitudes_deg": [10.4, 100.4]}, AT)
    with override(language):
        assert texts_for(facts)["title"] == words


def test_the_earth_is_so_many_million_kilometres_away() -> None:
    assert "nearest to the Sun: 147.1 million km." in told(
        "perihelion", "earth", distance_au=0.98332
    )


def test_a_leap_month_bears_the_name_of_the_month_before() -> None:
    months = {
        leap: texts_for(
            Facts("chinese_month", (), {"month": 6, "leap": leap, "length_days": 29}, AT)
        )
        for leap in (False, True)
    }
    assert months[False]["title"] == "Chinese calendar: sixth month"
    assert months[True]["title"] == "Chinese calendar: leap sixth month"
    assert "29 days" in months[True]["description"]
    assert "leap month, which bears" in months[True]["description"]


@pytest.mark.parametrize(("year_", "animal"), [(1900, "Rat"), (2024, "Dragon"), (2027, "Goat")])
def test_a_new_year_names_its_animal(year_: int, animal: str) -> None:
    assert f": {animal}." in told("chinese_new_year", chinese_year=year_)


def test_sentences_stand_together_as_the_language_writes_them() -> None:
    sentences = ("One.", "", "Two.")
    with override("en"):
        assert paragraph(*sentences) == "One. Two."
    with override("ja"):
        assert paragraph(*sentences) == "One.Two."


def test_kinds_are_told_by_their_own_text() -> None:
    assert all(kind.about for kind in KINDS.values())
