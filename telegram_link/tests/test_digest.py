"""The digest: what is in it, for whom, how long it may be, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.kinds import COMPUTED
from events.models import NOTABLE, Event
from events.services.generation import event_generate
from events.tests.api_support import ask
from events.windows import Span
from telegram_link.bot.digest import digest_message
from telegram_link.bot.lines import fitted, link
from telegram_link.bot.reader import Reader
from telegram_link.messages import LONGEST_TEXT, visible_units
from telegram_link.selectors.day_events import midnights
from telegram_link.tests.sky_support import AT, BERLIN, addresses, reader, visible

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def _text(asking: Reader, *, weekly: bool = False, day: date = DAY) -> str:
    return digest_message(asking, day, weekly).text


def _slugs(text: str) -> list[str]:
    return [address.split("/")[-2] for address in addresses(text) if "/events/" in address]


def _listed(days: int, **query: Any) -> list[str]:
    start, *_between, end = midnights(DAY, reader().zone, days)
    body = ask(start=start.isoformat(), end=end.isoformat(), limit="200", **query)
    return [row["slug"] for row in body["results"] if row["all_day"] is None]


def test_a_day_is_told_with_sun_moon_events_and_the_way_to_the_site() -> None:
    text = _text(reader())
    lines = visible(text).splitlines()
    assert lines[0] == "Tuesday, November 24, 2026"
    assert lines[2:6:2] == ["☉ Sun in Sagittarius", lines[4]]
    assert lines[4].startswith("🌕 Full Moon in ")
    assert _slugs(text) == _listed(1)
    assert addresses(text)[-1].endswith("/en/")


def test_a_week_has_the_notable_events_of_seven_days() -> None:
    text = _text(reader(), weekly=True)
    assert _slugs(text) == _listed(7, min_significance=str(NOTABLE))
    assert "\n\nWednesday, November 25, 2026\n" in visible(text)


def _person(**preferences: Any) -> User:
    return User.objects.create_user("mira", spiritual_preferences=preferences)


def test_wishes_filter_the_digest_with_consent_and_are_not_told() -> None:
    wishes: dict[str, Any] = {"families": ["moon_phases"], "min_significance": 3}
    user = _person(**wishes, consent=True)
    text = _text(reader(user=user))
    assert _slugs(text) == ["moon-full-2026-11-24"]
    everything = visible(_text(reader())).splitlines()
    assert all(line in everything for line in visible(text).splitlines())


def test_without_consent_wishes_are_left_alone() -> None:
    user = _person(families=["moon_phases"], min_significance=5)
    assert _text(reader(user=user)) == _text(reader())


def test_calendars_of_the_account_are_not_told() -> None:
    user = _person(calendars=["hindu"], consent=True)
    assert _text(reader(user=user)) == _text(reader())


@pytest.mark.parametrize("weekly", [False, True])
def test_where_nothing_passes_sun_and_moon_remain(weekly: bool) -> None:
    user = _person(families=["transits"], consent=True)
    text = visible(_text(reader(user=user), weekly=weekly))
    assert "The calendar has no" in text
    assert "↑ 7:43" in text
    assert "Full Moon" in text


@pytest.mark.parametrize("count", [0, 1, 79, 80, 81, 500])
def test_what_does_not_fit_is_counted(count: int) -> None:
    rows = [
        f"<b>{at:03}</b> <a href='https://example.org/'>{'🌕' * 20}…</a>" for at in range(count)
    ]
    text = fitted(["head"], rows, ["", "tail"])
    lines = visible(text.replace("'", '"')).splitlines()
    assert visible_units(text) <= LONGEST_TEXT
    assert (lines[0], lines[-1]) == ("head", "tail")
    shown = [line for line in lines if "🌕" in line]
    left = count - len(shown)
    assert shown == [f"{at:03} {'🌕' * 20}…" for at in range(len(shown))]
    assert (f"… and {left} more" in lines) is (left > 0)
    assert left < count or count == 0


def test_the_longest_days_fit() -> None:
    for language in ("de", "hy", "ja", "ru"):
        for day in (date(2026, 8, 12), date(2028, 1, 12)):
            for weekly in (False, True):
                text = _text(reader(language), weekly=weekly, day=day)
                assert visible_units(text) <= LONGEST_TEXT


@pytest.fixture
def stored(transactional_db: None) -> None:
    """Store all of the days around, committed: then answers may be kept."""
    span = Span(datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 12, 5, tzinfo=UTC))
    event_generate(span=span, families=tuple(COMPUTED))


@pytest.mark.django_db(transaction=True)
def test_a_digest_asked_for_again_costs_one_question(stored: None) -> None:
    first = _text(reader(spot=None))
    with CaptureQueriesContext(connection) as asked:
        assert _text(reader(spot=None)) == first
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_readers_at_other_places_share_all_but_their_rise_and_set(stored: None) -> None:
    _text(reader())
    with CaptureQueriesContext(connection) as asked:
        elsewhere = _text(reader(spot=replace(BERLIN, latitude_deg=48.1)))
    assert len(asked) == 1
    assert elsewhere != _text(reader())


@pytest.mark.django_db(transaction=True)
def test_a_change_of_the_store_is_in_the_next_digest(stored: None) -> None:
    before = _text(reader())
    Event.objects.filter(slug="moon-full-2026-11-24").update(title_en="A very full Moon")
    after = _text(reader())
    assert "A very full Moon" in after
    assert "A very full Moon" not in before


def test_the_moment_of_asking_changes_nothing() -> None:
    assert _text(reader(at=AT)) == _text(reader(at=datetime(2026, 11, 24, 6, tzinfo=UTC)))


def test_an_address_ends_where_it_ends() -> None:
    said = link("Moon", "https://stars.example/?a=\"b\"&c='d'")
    assert said == ('<a href="https://stars.example/?a=&quot;b&quot;&amp;c=&#x27;d&#x27;">Moon</a>')
