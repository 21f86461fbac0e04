"""Pages over every mixture of stored and computed spans are the same list."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from events.filters import EventFilter
from events.models import Event
from events.pages import EventPage, PageRequest, event_page
from events.services.generation import event_generate
from events.windows import Span

pytestmark = pytest.mark.django_db
SPAN = Span(datetime(1949, 11, 20, tzinfo=UTC), datetime(1951, 2, 10, tzinfo=UTC))
FILTER = EventFilter(families=("moon_phases", "seasons", "staff"))


def gathering(number: int, at: datetime) -> None:
    Event.objects.create(
        key=f"staff-{number}",
        slug=f"gathering-{number}",
        event_type="staff_event",
        family="staff",
        title_en="Gathering",
        occurs_at=at,
        status="published",
    )


@pytest.fixture(params=range(6))
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Return dice with which this world was made: stored spans, gatherings, hidden events."""
    dice = random.Random(request.param)
    days = (SPAN.end - SPAN.start).days
    for _ in range(dice.randrange(3)):
        start = SPAN.start + timedelta(days=dice.randrange(days - 60))
        stored = Span(start, start + timedelta(days=dice.randrange(1, 200), hours=5))
        event_generate(span=stored, families=FILTER.families[: dice.choice([1, 2])])
    for event in dice.sample(list(Event.objects.order_by("pk")), k=Event.objects.count() // 9):
        Event.objects.filter(pk=event.pk).update(status="hidden")
    same = SPAN.start + timedelta(days=dice.randrange(days), microseconds=dice.randrange(10**6))
    for number in range(5):
        gathering(number, same)
    moon = Event.objects.filter(family="moon_phases").first()
    if moon:
        gathering(5, moon.occurs_at)
    return dice


def ask(limit: int, before: EventPage | None = None, *, backwards: bool = False) -> EventPage:
    place = (before.previous if backwards else before.next) if before else None
    return event_page(PageRequest(FILTER, SPAN, limit, "en", place, backwards))


def walk_forward(limit: int) -> list[EventPage]:
    pages = [ask(limit)]
    while pages[-1].next:
        pages.append(ask(limit, pages[-1]))
    return pages


def walk_back(limit: int, last: EventPage) -> list[EventPage]:
    pages = [last]
    while pages[-1].previous:
        pages.append(ask(limit, pages[-1], backwards=True))
    return pages[::-1]


def keys(pages: list[EventPage]) -> list[str]:
    return [event.key for page in pages for event in page.events]


def test_pages_of_any_size_in_any_direction_are_one_list(dice: random.Random) -> None:
    whole = keys(walk_forward(500))
    hidden = set(Event.objects.filter(status="hidden").values_list("key", flat=True))
    assert len(whole) == len(set(whole))
    assert not hidden & set(whole)
    for limit in (1, dice.randrange(2, 9), 40):
        forward = walk_forward(limit)
        assert keys(forward) == whole
        assert keys(walk_back(limit, forward[-1])) == whole
        assert all(len(page.events) <= limit for page in forward)


def test_a_page_is_complete_in_the_span_it_names(dice: random.Random) -> None:
    everything = [event for page in walk_forward(500) for event in page.events]
    for page in walk_forward(7):
        inside = [
            e.key for e in everything if page.complete.start < e.occurs_at < page.complete.end
        ]
        assert set(inside) <= {event.key for event in page.events}


def test_what_is_computed_is_never_more_than_a_year(dice: random.Random) -> None:
    for page in walk_forward(500):
        computed = sum((span.end - span.start for span in page.computed), timedelta())
        assert computed <= timedelta(days=366)


def test_the_list_is_the_same_whatever_is_stored(dice: random.Random) -> None:
    Event.objects.filter(status="hidden").update(status="published")
    before = keys(walk_forward(30))
    event_generate(span=SPAN, families=FILTER.families)
    assert keys(walk_forward(30)) == before


def test_what_lies_beyond_the_computed_year_waits_for_its_page() -> None:
    gathering(1, SPAN.end - timedelta(days=1))
    first, second = walk_forward(500)
    assert "staff-1" not in {event.key for event in first.events}
    assert "staff-1" in {event.key for event in second.events}
    backwards = ask(500, second, backwards=True)
    assert keys([backwards])[-1] == keys([first])[-1]
