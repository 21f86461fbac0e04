"""Queues of the desk and its front page: what waits, and how complete the texts are."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events import selectors_desk
from events.models import Event, KindSetting, TextState
from events.selectors_desk import CACHED, completeness, completeness_count, totals_by_language
from events.windows import Span
from starscal.testing.staff import staff_sign_in

QUEUES = ("desk_review", "desk_stale", "desk_waiting")


@pytest.fixture
def desk(client: Client, curator: User, summer: Span) -> Client:
    staff_sign_in(client, curator)
    cache.delete(CACHED)
    return client


def text_state(event: Event, language: str, status: str, **more: str) -> TextState:
    values = {"field": "title", "source": "human", "generated_text": "machine says", **more}
    return TextState.objects.create(event=event, language=language, status=status, **values)


def test_a_queue_shows_source_target_and_machine_side_by_side(
    desk: Client, full_moon: Event
) -> None:
    text_state(full_moon, "de", "stale")
    text_state(full_moon, "fr", "stale")
    text_state(full_moon, "de", "needs_review", field="description")
    html = desk.get(reverse("admin:desk_stale"), {"language": "de"}).content.decode()
    for words in (full_moon.text("title", "en"), full_moon.text("title", "de"), "machine says"):
        assert words in html
    assert html.count("machine says") == 1
    assert reverse("admin:events_event_change", args=[full_moon.pk]) in html
    review = desk.get(reverse("admin:desk_review"), {"language": "de"}).content.decode()
    assert review.count("machine says") == 1


@pytest.mark.parametrize("name", QUEUES)
def test_an_empty_queue_says_so(desk: Client, name: str) -> None:
    assert "Nothing waits here." in desk.get(reverse(f"admin:{name}")).content.decode()


def test_pages_follow_one_another_without_a_gap(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.desk.queues.PAGE", 3)
    monkeypatch.setattr(selectors_desk, "PAGE", 3)
    events = list(Event.objects.in_time_order()[:7])
    states = [text_state(event, "en", "stale") for event in events]
    seen, address = [], reverse("admin:desk_stale") + "?language=en&after=0"
    while address:
        context = desk.get(address).context
        seen += [row.event.pk for row in context["rows"]]
        more = context["more"]
        address = f"{reverse('admin:desk_stale')}?language=en&after={more}" if more else ""
    assert seen == [state.event_id for state in states]


def test_drafts_of_kinds_under_review_wait_in_order_of_time(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.desk.queues.PAGE", 2)
    monkeypatch.setattr(selectors_desk, "PAGE", 2)
    Event.objects.update(status="draft")
    KindSetting.objects.create(code="full_moon", needs_review=True)
    expected = list(
        Event.objects.filter(event_type="full_moon").in_time_order().values_list("pk", flat=True)
    )
    address, seen = reverse("admin:desk_waiting"), []
    context = desk.get(address).context
    seen += [row["event"].pk for row in context["rows"]]
    while more := context["more"]:
        context = desk.get(address, {"after": more}).context
        seen += [row["event"].pk for row in context["rows"]]
    assert seen == expected
    assert len(seen) == 3


@pytest.mark.parametrize(
    "after",
    ["x", "-1", "9" * 30, "2026-01-01 x", "2026-01-01T00:00:00 " + "0" * 32,
     "0001-01-01T00:00:00+23:59 " + "0" * 32, "9999-12-31T23:59:59-23:59 " + "0" * 32],
)  # fmt: skip
@pytest.mark.parametrize("name", QUEUES)
def test_a_place_that_is_none_is_refused(desk: Client, name: str, after: str) -> None:
    KindSetting.objects.create(code="full_moon", needs_review=True)
    assert desk.get(reverse(f"admin:{name}"), {"after": after}).status_code == 400


def test_a_place_may_be_told_in_the_time_of_anywhere(desk: Client) -> None:
    KindSetting.objects.create(code="full_moon", needs_review=True)
    after = "2026-01-01T00:00:00+23:59 " + "0" * 32
    assert desk.get(reverse("admin:desk_waiting"), {"after": after}).status_code == 200


def test_an_unknown_language_is_the_readers(desk: Client) -> None:
    context = desk.get(reverse("admin:desk_stale"), {"language": "tlh", "lang": "ja"}).context
    assert context["language"] == "en" or context["language"] == "ja"


def test_queues_are_for_who_may_see_events(client: Client, summer: Span) -> None:
    stranger = User.objects.create_user("stranger", password=None, is_staff=True)
    staff_sign_in(client, stranger)
    for name in QUEUES:
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert "desk-dashboard" not in client.get("/admin/").content.decode()
    stranger.user_permissions.set(Permission.objects.filter(codename="view_event"))
    for name in QUEUES:
        assert client.get(reverse(f"admin:{name}")).status_code == 200
    assert "desk-dashboard" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("name", ["desk_stale", "desk_waiting"])
def test_a_queue_asks_as_often_for_one_as_for_ten(desk: Client, name: str) -> None:
    KindSetting.objects.create(code="full_moon", needs_review=True)

    def asked(count: int) -> int:
        TextState.objects.all().delete()
        for event in Event.objects.all()[:count]:
            text_state(event, "en", "stale")
            Event.objects.filter(pk=event.pk).update(status="draft", event_type="full_moon")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(reverse(f"admin:{name}")).context["rows"]
        return len(queries)

    assert asked(1) == asked(10)


def test_completeness_counts_events_by_language_and_kind(desk: Client, full_moon: Event) -> None:
    moons = Event.objects.filter(event_type="full_moon").count()
    text_state(full_moon, "de", "stale")
    text_state(full_moon, "de", "ok", field="description")
    text_state(full_moon, "hy", "needs_review", source="imported")
    Event.objects.create(
        key="s", slug="s", event_type="staff_event", family="staff", title_en="A gathering",
        occurs_at=full_moon.occurs_at,
    )  # fmt: skip
    kinds = {kind: (total, marks) for kind, total, marks in completeness_count()}
    assert kinds["full_moon"] == (
        moons,
        {
            "de": {"own": 1, "stale": 1, "review": 0, "missing": 0},
            "hy": {"own": 0, "stale": 0, "review": 1, "missing": 0},
        },
    )
    assert kinds["staff_event"][0] == 1
    assert "en" not in kinds["staff_event"][1]
    assert kinds["staff_event"][1]["ja"]["missing"] == 1
    totals = totals_by_language(completeness())
    assert (totals["de"]["own"], totals["ja"]["missing"], totals["en"]["missing"]) == (1, 1, 0)


def test_every_computed_event_has_all_its_texts(summer: Span) -> None:
    """What the count of missing texts rests on."""
    for code in selectors_desk.LANGUAGES:
        name = f"title_{code.replace('-', '_')}"
        assert not Event.objects.filter(**{f"{name}__isnull": True}).exists()
        assert not Event.objects.filter(**{name: ""}).exists()


def test_the_front_page_counts_once_a_minute(desk: Client, full_moon: Event) -> None:
    text_state(full_moon, "de", "stale")
    assert f"{reverse('admin:desk_stale')}?language=de" in desk.get("/admin/").content.decode()
    with CaptureQueriesContext(connection) as queries:
        desk.get("/admin/")
    assert not any("events_event" in query["sql"] for query in queries)
    cache.delete(CACHED)
