"""What readers see in their language: no error and no title in English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from inspect import Parameter, isfunction, signature
from types import FunctionType

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override, pgettext
from rest_framework import exceptions, serializers

from astronomy import calendar_names
from events.facts import Facts
from events.kinds import FAMILIES, KINDS, texts_for
from events.live import refusals
from events.texts.bodies import OF, SUBJECT, WITH
from events.texts.meteor_showers import SHOWERS
from events.texts.signs import IN_SIGN
from starscal.core.api.problems import DETAILS as PROBLEM_DETAILS
from starscal.core.api.problems import TITLES
from starscal.core.catalogues.library import library_messages
from starscal.core.catalogues.message import PLACEHOLDER, Message
from starscal.core.catalogues.rules import SAME_AS_ENGLISH as SAME_TOML
from starscal.core.catalogues.rules import same_as_english
from starscal.core.formats import duration_text

FOREIGN = [code for code, _name in settings.LANGUAGES if code != "en"]
CALENDAR_NAMES = [
    name
    for names in (
        calendar_names.TERMS, calendar_names.ANIMALS, calendar_names.CHINESE_FESTIVALS,
        calendar_names.HINDU_MONTHS, calendar_names.TITHIS, calendar_names.PAKSHAS,
        calendar_names.NAKSHATRAS, calendar_names.HINDU_FESTIVALS,
        calendar_names.ARMENIAN_MONTHS, calendar_names.FEASTS,
    )
    for name in names.values()
]  # fmt: skip
WORD = re.compile(r"[A-Za-z]{2}")
PLANETS = ("mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune", "pluto")
AT = datetime(2027, 1, 1, tzinfo=UTC)
BODIES = ("mercury", "venus")
DETAILS = {
    "magnitude": 0.5, "umbral_magnitude": 0.5, "total_duration_s": 3725,
    "central_duration_s": 125.0, "moon_longitude_deg": 65.0, "term": "guyu", "sign": "gemini",
    "retrograde": False, "constellation": "oph", "separation_deg": 1.2, "sun_elongation_deg": 30.0,
    "side": "east", "shower": "PER", "zhr": 100, "moon_elongation_deg": 30.0, "span_deg": 9.5,
    "month": 4, "leap": True, "festival": "navaratri", "feast": "palm_sunday",
    "planet_distance_au": 0.61, "distance_au": 0.39, "distance_km": 384400.0, "length_days": 29,
    "moon_declination_deg": 28.4, "elongation_deg": 27.1, "longitude_deg": 30.0, "nakshatra": 3,
    "greatest_lat_deg": 12.3, "greatest_lon_deg": -45.6, "moon_zenith_lat_deg": -12.3,
    "moon_zenith_lon_deg": 45.6, "centre_lat_deg": 12.3, "centre_lon_deg": -45.6,
    "duration_s": 18732.0, "velocity_km_s": 59.0, "radiant_dec_deg": 58.0, "chinese_year": 2027,
    "radiant_constellation": "per", "parent_body": "109P/Swift-Tuttle",
    "moon_latitude_deg": 2.3, "moon_distance_km": 357_800.0, "longitudes_deg": [10.4, 70.4],
    "latitudes_deg": [0.3, -1.2],
}  # fmt: skip
TYPES = {
    "solar_eclipse": ("total", "annular", "hybrid", "partial"),
    "lunar_eclipse": ("total", "partial", "penumbral"),
}
CASES = [(kind, type_) for kind in KINDS for type_ in TYPES.get(kind, ("",))]
FULL_MOON_IN_GEMINI = {
    "en": "Full Moon in Gemini",
    "zh-hans": "双子座满月",
    "es": "Luna llena en Géminis",
    "hi": "मिथुन राशि में पूर्णिमा",
    "pt-br": "Lua cheia em Gêmeos",
    "de": "Vollmond in den Zwillingen",
    "fr": "Pleine Lune en Gémeaux",
    "ja": "双子座の満月",
    "ru": "Полнолуние в Близнецах",
    "hy": "Լիալուսին Երկվորյակներում",
}


def in_language(message: Message, code: str) -> Iterator[str]:
    with override(code):
        if message.plural:
            yield from (ngettext(message.text, message.plural, n) for n in (1, 2, 5))
        elif message.context:
            yield pgettext(message.context, message.text)
        else:
            yield gettext(message.text)


@pytest.mark.parametrize("code", FOREIGN)
def test_no_text_of_a_library_stays_english(code: str) -> None:
    alike = same_as_english(code) | same_in_libraries(code)
    english = [
        message.text
        for message in library_messages().values()
        if message.text not in alike
        and re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", message.text))
        if {message.text, message.plural}.intersection(in_language(message, code))
    ]
    assert english == []


@pytest.mark.parametrize("code", FOREIGN)
def test_every_name_is_translated(code: str) -> None:
    names = [*SHOWERS.values(), *SUBJECT.values(), *WITH.values(), *OF.values(), *CALENDAR_NAMES]
    assert len(names) > 230
    assert unspoken(names, code) == []


@pytest.mark.parametrize("code", FOREIGN)
def test_every_problem_is_translated(code: str) -> None:
    assert unspoken([*TITLES.values(), *PROBLEM_DETAILS.values()], code) == []


@pytest.mark.parametrize("code", FOREIGN)
def test_every_live_refusal_is_translated(code: str) -> None:
    made = [
        make(
            *[
                2 if each.annotation == "int" else "x"
                for each in signature(make).parameters.values()
            ]
        )
        for name, make in vars(refusals).items()
        if isfunction(make) and make.__module__ == refusals.__name__ and name != "bad_frame"
    ]
    assert len(made) > 15
    with override("en"):
        english = [refusal.frame()["detail"] for refusal in made]
    with override(code):
        spoken = [refusal.frame()["detail"] for refusal in made]
    assert [text for text, other in zip(english, spoken, strict=True) if text == other] == []


@pytest.mark.parametrize("code", FOREIGN)
def test_every_kind_is_called_after_every_body(code: str) -> None:
    facts = [
        Facts(kind, (body, "venus" if body != "venus" else "mars"), {**DETAILS, "type": type_}, AT)
        for kind, type_ in CASES
        for body in PLANETS
    ]
    with override("en"):
        english = [KINDS[each.kind].title(each) for each in facts]
    with override(code):
        titles = [KINDS[each.kind].title(each) for each in facts]
    same = same_as_english(code)
    alike = {text for text, title in zip(english, titles, strict=True) if text == title}
    assert alike - same == set()


def parameters_of(make: FunctionType) -> Iterable[Parameter]:
    return signature(make).parameters.values()


def unspoken(texts: Iterable[str | Promise], code: str) -> list[str]:
    """Return the texts that read in a language as in English and are not listed as such."""
    wanted = list(texts)
    with override("en"):
        english = [f"{text}" for text in wanted]
    with override(code):
        spoken = [f"{text}" for text in wanted]
    same = same_as_english(code)
    return [
        text
        for text, other in zip(english, spoken, strict=True)
        if text == other and text not in same
    ]


def same_in_libraries(code: str) -> frozenset[str]:
    """Return what the libraries' own catalogues rightly leave as in English."""
    listed = tomllib.loads(SAME_TOML.read_text(encoding="utf-8"))["libraries"]
    return frozenset([*listed["every"], *listed.get(code, [])])


@pytest.mark.parametrize("code", FOREIGN)
def test_refusals_speak_the_language(code: str) -> None:
    with override(code):
        throttled = str(exceptions.Throttled(wait=5).detail)
        with pytest.raises(ValidationError) as weak:
            validate_password("abc")
        form = serializers.IntegerField()
        with pytest.raises(serializers.ValidationError) as number:
            form.run_validation("moon")
    texts = [throttled, *weak.value.messages, *map(str, number.value.args[0])]
    words = ("throttled", "available", "password", "integer", "must", "required")
    assert not [text for text in texts for word in words if word in text.lower().split()]


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize(("kind", "type_"), CASES)
def test_every_title_and_description_is_translated(kind: str, type_: str, code: str) -> None:
    facts = Facts(kind, BODIES, {**DETAILS, "type": type_}, AT)
    with override("en"):
        english = texts_for(facts)
    with override(code):
        words = texts_for(facts)
    same = same_as_english(code)
    assert all(words[field] and words[field] not in {english[field]} - same for field in english)
    assert "%(" not in "".join(words.values())
    # A description is made of whole sentences: none of them may be left in English.
    assert not [one for one in english["description"].split(". ") if one in words["description"]]


@pytest.mark.parametrize("code", FOREIGN)
def test_every_kind_family_and_sign_has_a_name(code: str) -> None:
    names = [*(kind.name for kind in KINDS.values()), *FAMILIES.values(), *IN_SIGN]
    with override("en"):
        english = [str(name) for name in names]
    with override(code):
        same = set(english).intersection(str(name) for name in names)
    assert same <= same_as_english(code)


@pytest.mark.parametrize(("code", "title"), FULL_MOON_IN_GEMINI.items())
def test_full_moon_in_gemini(code: str, title: str) -> None:
    with override(code):
        facts = Facts("full_moon", ("moon",), DETAILS, AT)
        assert texts_for(facts)["title"] == title


@pytest.mark.parametrize(("sign", "phrase"), [(4, "во Льве"), (1, "в Тельце"), (11, "в Рыбах")])
def test_russian_signs_stand_in_the_locative(sign: int, phrase: str) -> None:
    with override("ru"):
        assert str(IN_SIGN[sign]) == phrase


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "1 h 2 min"), ("zh-hans", "1 小时 2 分钟"), ("ja", "1時間2分"), ("ru", "1 ч 2 мин")],
)
def test_durations_take_the_units_of_the_language(code: str, text: str) -> None:
    with override(code):
        assert duration_text(3725) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 событие"), (3, "3 события"), (5, "5 событий"), (21, "21 событие")],
)
def test_russian_counts_have_their_forms(count: int, text: str) -> None:
    with override("ru"):
        counted = ngettext(
            "%(count)d event is published.", "%(count)d events are published.", count
        )
    assert (counted % {"count": count}).endswith(f"{text}.")
