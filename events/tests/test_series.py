"""Events of staff that come again: each time is an event like any other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from events import selectors_series
from events.models import Event, TextState
from events.models.series import EventSeries
from events.recurrence import local_day
from events.selectors_series import occurrences_of
from events.series_words import series_words
from events.services.curation import (
    EventEdit,
    event_cancel,
    event_create,
    event_publish,
    event_update,
)
from events.services.generation import event_generate
from events.services.series import (
    SeriesRule,
    series_create,
    series_end,
    series_extend_due,
    series_publish,
)
from events.services.series_editing import series_update
from events.tests.desk_support import member
from events.windows import Span
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_active
from starscal.core.models import AuditEntry, OutboxMessage

MessagesSince = Callable[[], list[OutboxMessage]]
BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 7, 3, 19, tzinfo=BERLIN)  # a Friday
WEEKLY = SeriesRule("weekly", "Europe/Berlin", count=5)
YEAR = Span(datetime(2026, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))


@pytest.fixture
def fire(curator: User, at: datetime) -> Event:
    """Return a draft of a gathering of two hours on a Friday evening."""
    edit = EventEdit(
        fields={
            "link": "https://fire.example/", "significance": 4, "begins_at": EVENING,
            "ends_at": EVENING + timedelta(hours=2),
        },
        texts={"title_en": "Fire", "title_de": "Feuer", "description_en": "Songs."},
    )  # fmt: skip
    return event_create(actor=curator, occurs_at=EVENING, edit=edit, at=at)


@pytest.fixture
def begin(fire: Event, curator: User, at: datetime) -> Callable[[SeriesRule], EventSeries]:
    def begun(rule: SeriesRule) -> EventSeries:
        return series_create(event_id=fire.pk, actor=curator, rule=rule, at=at)

    return begun


Begin = Callable[[SeriesRule], EventSeries]


def clocks(events: list[Event]) -> list[str]:
    return [f"{event.occurs_at.astimezone(BERLIN):%m-%d %H:%M}" for event in events]


def refused(work: Callable[[], object]) -> ApplicationError:
    with pytest.raises(ApplicationError) as caught:
        work()
    return caught.value


def test_each_time_is_an_event_of_its_own(begin: Begin, fire: Event, curator: User) -> None:
    events = occurrences_of(begin(WEEKLY))
    assert clocks(events) == [f"07-{day:02} 19:00" for day in (3, 10, 17, 24, 31)]
    assert events[0].pk == fire.pk
    last = events[-1]
    assert (last.link, last.significance, last.status) == ("https://fire.example/", 4, "draft")
    assert (last.text("title", "de"), last.text("description", "en")) == ("Feuer", "Songs.")
    assert last.ends_at == last.occurs_at + timedelta(hours=2)
    assert last.slug.startswith("fire-2026-07-31-")
    assert last.key == f"staff-{last.series_id}-4"
    state = TextState.objects.get(event=last, field="title", language="de")
    assert (state.source, state.editor) == ("human", curator)
    assert AuditEntry.objects.filter(action="event.create", object_id=str(last.pk)).exists()


def test_drafts_say_nothing_and_published_ones_announce(
    begin: Begin, fire: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    begin(WEEKLY)
    assert messages() == []
    assert series_publish(event_id=fire.pk, actor=curator, at=at) == 5
    assert series_publish(event_id=fire.pk, actor=curator, at=at) == 0
    said = messages()
    assert [message.kind for message in said] == ["event.published"] * 5
    assert {message.body["facts"]["series"] for message in said} == {
        str(Event.objects.get(pk=fire.pk).series_id)
    }


def test_a_public_event_repeats_in_public(
    begin: Begin, fire: Event, curator: User, messages: MessagesSince
) -> None:
    event_publish(event_id=fire.pk, actor=curator)
    series = begin(WEEKLY)
    kinds = [message.kind for message in messages()]
    assert sorted(kinds) == [*["event.published"] * 5, "event.updated"]
    assert {event.status for event in occurrences_of(series)} == {"published"}


def test_who_may_not_publish_repeats_in_drafts(fire: Event, curator: User, at: datetime) -> None:
    event_publish(event_id=fire.pk, actor=curator)
    author = member("Curator")
    series = series_create(event_id=fire.pk, actor=author, rule=WEEKLY, at=at)
    assert [event.status for event in occurrences_of(series)] == ["published", *["draft"] * 4]


@pytest.mark.parametrize("group", ["Publisher", "Translator-de", "Auditor"])
def test_other_groups_begin_no_series(fire: Event, at: datetime, group: str) -> None:
    actor = member(group)
    told = refused(lambda: series_create(event_id=fire.pk, actor=actor, rule=WEEKLY, at=at))
    assert told.code == ErrorCode.PERMISSION_DENIED
    assert not EventSeries.objects.exists()


@pytest.mark.parametrize("group", ["Curator", "Translator-de", "Auditor"])
def test_publishers_publish_and_end(begin: Begin, fire: Event, at: datetime, group: str) -> None:
    begin(WEEKLY)
    actor = member(group)
    for work in (
        lambda: series_publish(event_id=fire.pk, actor=actor, at=at),
        lambda: series_end(event_id=fire.pk, actor=actor, reason="Rain", at=at),
    ):
        assert refused(work).code == ErrorCode.PERMISSION_DENIED


def test_the_end_is_a_day_where_it_takes_place(begin: Begin) -> None:
    series = begin(SeriesRule("weekly", "Europe/Berlin", until=date(2026, 7, 24)))
    assert [local_day(e.occurs_at, "Europe/Berlin").day for e in occurrences_of(series)] == [
        3, 10, 17, 24,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (SeriesRule("weekly", "Mars/Olympus", count=5), "time zone"),
        (SeriesRule("daily", "UTC", count=5), "not a valid choice"),
        (SeriesRule("weekly", "UTC", count=201), "less than or equal to 200"),
        (SeriesRule("weekly", "UTC", count=1), "greater than or equal to 2"),
        (SeriesRule("weekly", "UTC", every=0), "greater than or equal to 1"),
        (SeriesRule("weekly", "UTC", every=53), "less than or equal to 52"),
        (SeriesRule("weekly", "UTC", until=date(2031, 1, 1)), "at most 200 times"),
        (SeriesRule("weekly", "UTC", until=date(2032, 1, 1)), "within five years"),
        (SeriesRule("weekly", "UTC", until=date(2026, 7, 3)), "after the first"),
        (SeriesRule("weekly", "UTC", until=date(2026, 8, 1), count=3), "not both"),
        (SeriesRule("sky", "UTC", kind="staff_event", count=3), "Choose a kind"),
        (SeriesRule("sky", "UTC", kind="full_moon", offset=timedelta(days=3)), "two days"),
        (SeriesRule("sky", "UTC", kind="western_easter", count=3), "choose another kind"),
        (SeriesRule("monthly_last", "UTC", count=3), "last such weekday"),
    ],
)
def test_other_rules_are_refused_in_words(begin: Begin, rule: SeriesRule, words: str) -> None:
    told = refused(lambda: begin(rule))
    assert told.code == ErrorCode.VALIDATION_INVALID
    assert words in str(told.message)
    assert not EventSeries.objects.exists()


def test_a_fifth_weekday_is_told_to_be_the_last(curator: User, at: datetime) -> None:
    edit = EventEdit(texts={"title_en": "Fire"})
    fifth = datetime(2026, 7, 31, 18, tzinfo=UTC)
    event = event_create(actor=curator, occurs_at=fifth, edit=edit, at=at)
    rule = SeriesRule("monthly_weekday", "UTC", count=3)
    told = refused(lambda: series_create(event_id=event.pk, actor=curator, rule=rule, at=at))
    assert "choose the last one" in str(told.message)


def test_computed_past_and_repeating_events_do_not_begin_one(
    begin: Begin, full_moon: Event, fire: Event, curator: User, at: datetime
) -> None:
    def start(event: Event, now: datetime) -> ApplicationError:
        return refused(lambda: series_create(event_id=event.pk, actor=curator, rule=WEEKLY, at=now))

    assert start(full_moon, at).code == ErrorCode.EVENT_STATE
    assert start(fire, EVENING).code == ErrorCode.EVENT_STATE
    begin(WEEKLY)
    assert "repeats already" in str(start(fire, at).message)


@pytest.mark.parametrize("year", [2032, 9999])
def test_an_event_in_the_far_future_does_not_begin_one(
    curator: User, at: datetime, year: int
) -> None:
    edit = EventEdit(texts={"title_en": "Fire"})
    far = datetime(year, 7, 3, 19, tzinfo=UTC)
    event = event_create(actor=curator, occurs_at=far, edit=edit, at=at)
    told = refused(lambda: series_create(event_id=event.pk, actor=curator, rule=WEEKLY, at=at))
    assert told.code == ErrorCode.VALIDATION_INVALID
    assert "within five years" in str(told.message)


def test_two_hundred_times_are_stored_and_no_more(begin: Begin) -> None:
    assert len(occurrences_of(begin(SeriesRule("weekly", "UTC", count=200)))) == 200


# With the sky


@pytest.fixture
def moons(db: None) -> list[Event]:
    """Store the phases of a year and return its full moons from July on."""
    event_generate(span=YEAR, families=("moon_phases",))
    rows = Event.objects.filter(event_type="full_moon", occurs_at__gte=EVENING)
    return list(rows.order_by("occurs_at"))


HOUR_BEFORE = SeriesRule("sky", "Europe/Berlin", kind="full_moon", offset=timedelta(hours=-1))


def test_a_meditation_an_hour_before_every_full_moon(begin: Begin, moons: list[Event]) -> None:
    events = occurrences_of(begin(HOUR_BEFORE))
    assert [e.occurs_at for e in events] == [moon.occurs_at - timedelta(hours=1) for moon in moons]
    assert len(events) == 11
    assert all(e.ends_at == e.occurs_at + timedelta(hours=2) for e in events)


def test_it_grows_with_what_is_stored_and_once(
    begin: Begin, moons: list[Event], at: datetime
) -> None:
    series = begin(SeriesRule("sky", "UTC", kind="full_moon", count=14))
    assert len(occurrences_of(series)) == len(moons)
    assert series_extend_due(at=at) == 0
    more = Span(YEAR.end, datetime(2028, 6, 1, tzinfo=UTC))
    event_generate(span=more, families=("moon_phases",))
    assert series_extend_due(at=at) == 14 - len(moons)
    assert series_extend_due(at=at) == 0
    names = [event.series_slot for event in occurrences_of(series)]
    assert len(set(names)) == 14


def test_it_follows_its_moon_unless_somebody_set_its_time(
    begin: Begin, moons: list[Event], curator: User, at: datetime
) -> None:
    series = begin(HOUR_BEFORE)
    first, second, third, *_rest = occurrences_of(series)
    own = EventEdit(fields={"occurs_at": second.occurs_at + timedelta(hours=3)}, revision=1)
    event_update(event_id=second.pk, actor=curator, edit=own, at=at)
    for moon in moons:
        Event.objects.filter(pk=moon.pk).update(occurs_at=moon.occurs_at + timedelta(minutes=5))
    assert series_extend_due(at=at) == len(moons) - 1
    assert series_extend_due(at=at) == 0
    after = {event.pk: event.occurs_at for event in occurrences_of(series)}
    assert after[first.pk] == first.occurs_at + timedelta(minutes=5)
    assert after[second.pk] == second.occurs_at + timedelta(hours=3)
    assert after[third.pk] == third.occurs_at + timedelta(minutes=5)


def test_an_endless_one_of_the_sky_goes_on_however_often_it_was(
    begin: Begin, moons: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors_series, "OCCURRENCES_MOST", 2)
    monkeypatch.setattr(selectors_series, "YEARS_MOST", 1)
    series = begin(HOUR_BEFORE)
    for moon in moons:
        series_extend_due(at=moon.occurs_at)
    assert len(occurrences_of(series)) == len(moons)


def test_hidden_moons_bring_nothing(begin: Begin, moons: list[Event]) -> None:
    Event.objects.filter(pk=moons[2].pk).update(status="hidden")
    assert len(occurrences_of(begin(HOUR_BEFORE))) == len(moons) - 1


def test_an_endless_one_is_kept_a_year_ahead(
    begin: Begin, fire: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    series = begin(SeriesRule("weekly", "Europe/Berlin"))
    assert len(occurrences_of(series)) == 52
    series_publish(event_id=fire.pk, actor=curator, at=at)
    seen = len(messages())
    later = at + timedelta(days=70)
    assert series_extend_due(at=later) == 10
    assert series_extend_due(at=later) == 0
    assert [message.kind for message in messages()[seen:]] == ["event.published"] * 10


def test_a_number_of_times_is_reached_however_long_it_takes(begin: Begin) -> None:
    series = begin(SeriesRule("yearly", "Europe/Berlin", count=8))
    assert len(occurrences_of(series)) == 6
    assert series_extend_due(at=EVENING + timedelta(days=5 * 366)) == 1
    assert series_extend_due(at=EVENING + timedelta(days=9 * 366)) == 1
    assert [e.occurs_at.year for e in occurrences_of(series)] == [*range(2026, 2034)]


def test_a_series_that_fails_does_not_stop_the_others(
    begin: Begin, curator: User, at: datetime
) -> None:
    begun = begin(SeriesRule("weekly", "Europe/Berlin"))
    edit = EventEdit(texts={"title_en": "Songs"})
    event = event_create(actor=curator, occurs_at=EVENING, edit=edit, at=at)
    rule = SeriesRule("weekly", "UTC")
    broken = series_create(event_id=event.pk, actor=curator, rule=rule, at=at)
    EventSeries.objects.filter(pk=broken.pk).update(timezone="Mars/Olympus")
    assert series_extend_due(at=at + timedelta(days=70)) == 10
    assert len(occurrences_of(begun)) == 62


# Editing


def save(event: Event, curator: User, at: datetime, *, everyone: bool, **columns: object) -> int:
    """Save columns of an event alone, or for all that come; return how many others changed."""
    texts = {n: str(v) for n, v in columns.items() if n.startswith(("title", "description"))}
    fields = {n: v for n, v in columns.items() if n not in texts}
    revision = Event.objects.get(pk=event.pk).revision
    edit = EventEdit(fields, texts, revision)
    if everyone:
        return series_update(event_id=event.pk, actor=curator, edit=edit, at=at).others
    event_update(event_id=event.pk, actor=curator, edit=edit, at=at)
    return 0


def test_an_edit_of_one_stays_with_it(begin: Begin, curator: User, at: datetime) -> None:
    series = begin(WEEKLY)
    second = occurrences_of(series)[1]
    save(second, curator, at, everyone=False, title_de="Lagerfeuer")
    titles = [event.text("title", "de") for event in occurrences_of(series)]
    assert titles == ["Feuer", "Lagerfeuer", "Feuer", "Feuer", "Feuer"]
    assert occurrences_of(series)[1].series_own == ["title_de"]


def test_an_edit_of_all_leaves_what_was_edited_by_itself(
    begin: Begin, curator: User, at: datetime, messages: MessagesSince
) -> None:
    series = begin(WEEKLY)
    _first, second, _third, fourth, _fifth = occurrences_of(series)
    series_publish(event_id=second.pk, actor=curator, at=at)
    save(fourth, curator, at, everyone=False, title_de="Mit Gästen")
    seen = len(messages())
    link = "https://new.example/"
    assert save(second, curator, at, everyone=True, title_de="Glut", link=link) == 3
    events = occurrences_of(series)
    titles = [event.text("title", "de") for event in events]
    assert titles == ["Feuer", "Glut", "Glut", "Mit Gästen", "Glut"]
    assert [event.link == link for event in events] == [False, True, True, True, True]
    assert [message.kind for message in messages()[seen:]] == ["event.updated"] * 4
    assert save(second, curator, at, everyone=True, title_de="Glut", link=link) == 0


def test_all_take_over_what_one_had_by_itself(begin: Begin, curator: User, at: datetime) -> None:
    series = begin(WEEKLY)
    second = occurrences_of(series)[1]
    save(second, curator, at, everyone=False, title_de="Glut")
    assert save(second, curator, at, everyone=True, title_de="Asche") == 3
    assert occurrences_of(series)[1].series_own == []


def test_a_new_time_of_day_holds_across_the_change_of_clocks(
    begin: Begin, curator: User, at: datetime
) -> None:
    series = begin(SeriesRule("monthly_day", "Europe/Berlin", count=6))
    second = occurrences_of(series)[1]
    later = second.occurs_at + timedelta(minutes=30)
    ends = later + timedelta(hours=1)
    assert save(second, curator, at, everyone=True, occurs_at=later, ends_at=ends) == 4
    events = occurrences_of(series)
    assert clocks(events) == ["07-03 19:00", *(f"{m:02}-03 19:30" for m in (8, 9, 10, 11, 12))]
    assert all(e.ends_at == e.occurs_at + timedelta(hours=1) for e in events[1:])


def test_what_is_added_later_has_the_new_time(begin: Begin, curator: User, at: datetime) -> None:
    series = begin(SeriesRule("weekly", "Europe/Berlin"))
    second = occurrences_of(series)[1]
    later = second.occurs_at + timedelta(hours=1)
    save(second, curator, at, everyone=True, occurs_at=later)
    series_extend_due(at=at + timedelta(days=70))
    assert {clock[-5:] for clock in clocks(occurrences_of(series)[1:])} == {"20:00"}


def test_what_is_added_later_is_not_as_a_cancelled_one(
    begin: Begin, curator: User, at: datetime
) -> None:
    series = begin(SeriesRule("weekly", "Europe/Berlin"))
    _first, second, *_rest, last = occurrences_of(series)
    event_publish(event_id=last.pk, actor=curator)
    event_cancel(event_id=last.pk, actor=curator, reason="Rain")
    save(second, curator, at, everyone=True, title_de="Glut")
    series_extend_due(at=at + timedelta(days=70))
    assert occurrences_of(series)[-1].text("title", "de") == "Glut"


def test_what_is_added_later_is_not_as_one_that_is_over(
    begin: Begin, curator: User, at: datetime
) -> None:
    series = begin(SeriesRule("weekly", "Europe/Berlin", every=13))
    later = EVENING + timedelta(days=1)
    _first, second, *_rest = coming = occurrences_of(series)
    save(second, curator, later, everyone=True, title_de="Glut")
    for event in coming[1:]:
        link = f"https://fire.example/{event.series_slot}"
        save(event, curator, later, everyone=False, link=link)
    assert series_extend_due(at=later + timedelta(days=80)) == 1
    assert occurrences_of(series)[-1].text("title", "de") == "Glut"


def test_another_day_is_for_one_alone(begin: Begin, curator: User, at: datetime) -> None:
    second = occurrences_of(begin(WEEKLY))[1]
    day = second.occurs_at + timedelta(days=1)
    told = refused(lambda: save(second, curator, at, everyone=True, occurs_at=day))
    assert "not to another day" in str(told.message)
    assert Event.objects.get(pk=second.pk).occurs_at == second.occurs_at
    save(second, curator, at, everyone=False, occurs_at=day)


def test_a_new_distance_from_the_sky_is_for_what_comes(
    begin: Begin, moons: list[Event], curator: User, at: datetime
) -> None:
    series = begin(HOUR_BEFORE)
    third = occurrences_of(series)[2]
    save(third, curator, at, everyone=True, occurs_at=third.occurs_at - timedelta(minutes=30))
    series_extend_due(at=at)
    events = occurrences_of(series)
    distances = [m.occurs_at - e.occurs_at for m, e in zip(moons, events, strict=True)]
    assert distances == [timedelta(hours=1)] * 2 + [timedelta(minutes=90)] * 9


def test_the_others_keep_their_day_when_one_that_was_moved_sets_the_time(
    begin: Begin, curator: User, at: datetime
) -> None:
    series = begin(WEEKLY)
    second = occurrences_of(series)[1]
    night = second.occurs_at - timedelta(hours=17)
    save(second, curator, at, everyone=False, occurs_at=night)
    save(second, curator, at, everyone=True, occurs_at=night + timedelta(hours=18))
    times = [f"07-{day} 20:00" for day in (10, 17, 24, 31)]
    assert clocks(occurrences_of(series)) == ["07-03 19:00", *times]
    series.refresh_from_db()
    assert f"{series.starts_at.astimezone(BERLIN):%m-%d %H:%M}" == "07-03 20:00"


def test_a_new_beginning_moves_no_others_to_the_time_of_one(
    begin: Begin, curator: User, at: datetime
) -> None:
    series = begin(WEEKLY)
    second = occurrences_of(series)[1]
    later = second.occurs_at + timedelta(hours=1)
    save(second, curator, at, everyone=False, occurs_at=later)
    begins = later - timedelta(minutes=10)
    assert save(second, curator, at, everyone=True, begins_at=begins) == 3
    third = occurrences_of(series)[2]
    assert clocks([third]) == ["07-17 19:00"]
    assert third.begins_at == third.occurs_at - timedelta(minutes=10)


def test_the_distance_from_the_sky_is_counted_from_its_event(
    begin: Begin, moons: list[Event], curator: User, at: datetime
) -> None:
    series = begin(HOUR_BEFORE)
    first = occurrences_of(series)[0]
    away = first.occurs_at + timedelta(hours=5)
    save(first, curator, at, everyone=False, occurs_at=away)
    wanted = moons[0].occurs_at - timedelta(hours=3)
    save(first, curator, at, everyone=True, occurs_at=wanted)
    expected = [moon.occurs_at - timedelta(hours=3) for moon in moons]
    assert [event.occurs_at for event in occurrences_of(series)] == expected
    assert series_extend_due(at=at) == 0
    assert [event.occurs_at for event in occurrences_of(series)] == expected


def test_the_first_one_follows_its_moon_at_a_new_distance(
    begin: Begin, moons: list[Event], curator: User, at: datetime
) -> None:
    series = begin(HOUR_BEFORE)
    first = occurrences_of(series)[0]
    sooner = first.occurs_at - timedelta(hours=3)
    save(first, curator, at, everyone=True, occurs_at=sooner)
    for moon in moons:
        Event.objects.filter(pk=moon.pk).update(occurs_at=moon.occurs_at - timedelta(minutes=5))
    assert series_extend_due(at=at) == len(moons)
    assert occurrences_of(series)[0].occurs_at == sooner - timedelta(minutes=5)


def test_a_translator_says_it_for_all_in_one_language(
    begin: Begin, fire: Event, at: datetime
) -> None:
    series = begin(WEEKLY)
    translator = member("Translator-hy")
    assert save(fire, translator, at, everyone=True, title_hy="Կրակ") == 4
    assert {event.text("title", "hy") for event in occurrences_of(series)} == {"Կրակ"}
    told = refused(lambda: save(fire, translator, at, everyone=True, title_de="Glut"))
    assert told.code == ErrorCode.PERMISSION_DENIED


def test_an_event_that_does_not_repeat_has_nothing_to_spread(
    fire: Event, curator: User, at: datetime
) -> None:
    told = refused(lambda: save(fire, curator, at, everyone=True, title_de="Glut"))
    assert told.code == ErrorCode.EVENT_STATE


def test_ending_cancels_what_is_public_and_hides_drafts(
    begin: Begin, fire: Event, curator: User, at: datetime, messages: MessagesSince
) -> None:
    series = begin(SeriesRule("weekly", "Europe/Berlin"))
    for event in occurrences_of(series)[:3]:
        event_publish(event_id=event.pk, actor=curator)
    seen, after_first = len(messages()), EVENING + timedelta(days=1)
    ended = series_end(event_id=fire.pk, actor=curator, reason="No wood.", at=after_first)
    assert ended == 51
    statuses = [event.status for event in occurrences_of(series)]
    assert statuses == ["published", "cancelled", "cancelled", *["hidden"] * 49]
    assert [message.kind for message in messages()[seen:]] == ["event.cancelled"] * 2
    assert series_extend_due(at=after_first + timedelta(days=70)) == 0
    assert series_end(event_id=fire.pk, actor=curator, reason="", at=after_first) == 0


# Words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (SeriesRule("weekly", "UTC", count=2), "Every week: Friday."),
        (SeriesRule("weekly", "UTC", every=2, count=2), "Every 2 weeks: Friday."),
        (SeriesRule("monthly_day", "UTC", count=2), "Every month: day 3."),
        (SeriesRule("monthly_weekday", "UTC", count=2), "Every month: Friday (1)."),
        (
            SeriesRule("yearly", "UTC", until=date(2029, 7, 3)),
            "Every year: July 3. Until July 3, 2029.",
        ),
    ],
)
def test_a_rule_in_words(begin: Begin, rule: SeriesRule, words: str) -> None:
    with language_active("en"):
        assert series_words(begin(rule)) == words


def test_a_rule_of_the_sky_in_words(begin: Begin, moons: list[Event]) -> None:
    with language_active("en"):
        assert series_words(begin(HOUR_BEFORE)) == "With each event of this kind: Full Moon."
