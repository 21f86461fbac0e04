"""What computations did: on record with what they wrote, told to staff, kept for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events.desk.selection import EventSelection
from events.models import ComputedWindow, Event, TextState
from events.models.desk import ComputationRun, RunChange
from events.services import generation
from events.services.generation import event_generate, sky_generate
from events.services.jobs import desk_job_create, desk_job_step
from events.services.overrides import event_override
from events.services.runs import runs_prune
from events.tests.conftest import FEW_FAMILIES, SUMMER_2026
from events.version import engine_version
from events.windows import Span
from starscal.testing.staff import staff_sign_in

OLDER = "de000:older"
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


@pytest.fixture
def lost(full_moon: Event) -> Event:
    """Return a stored event that the engine does not find."""
    return Event.objects.create(
        key="moon-phases-moon-999999-180", slug="lost", event_type="full_moon", title_en="Lost",
        family="moon_phases", origin="computed", occurs_at=full_moon.occurs_at,
    )  # fmt: skip


def generate() -> None:
    event_generate(span=SUMMER_2026, families=FEW_FAMILIES)


def made_older(event: Event, **columns: Any) -> None:
    """Have an event be what an older engine would have stored."""
    values = {"facts_hash": "older", "template_hash": "older", **columns}
    Event.objects.filter(pk=event.pk).update(**values)
    ComputedWindow.objects.update(version=OLDER)


def changed(event: Event, **columns: Any) -> RunChange:
    made_older(event, **columns)
    generate()
    return RunChange.objects.select_related("run").get()


def page_of(desk: Client, event: Event) -> str:
    return desk.get(reverse("admin:events_event_changes", args=[event.pk])).content.decode()


# On record


def test_a_first_computation_is_on_record_with_its_numbers_alone(summer: Span) -> None:
    run = ComputationRun.objects.get()
    assert (run.created, run.changed, run.gone) == (Event.objects.count(), 0, 0)
    assert (run.starts_at, run.ends_at) == summer
    assert run.families == sorted(FEW_FAMILIES)
    assert run.version == engine_version()
    assert not RunChange.objects.exists()


def test_a_run_that_writes_nothing_leaves_no_record(summer: Span) -> None:
    generate()
    assert ComputationRun.objects.count() == 1


def test_a_run_by_a_new_version_that_finds_the_same_is_on_record(summer: Span) -> None:
    ComputedWindow.objects.update(version=OLDER)
    generate()
    run = ComputationRun.objects.latest("pk")
    assert (run.created, run.changed) == (0, 0)
    assert run.unchanged == Event.objects.count()


def test_what_differs_is_kept_and_nothing_else(full_moon: Event) -> None:
    data = {**full_moon.astronomical_data, "moon_distance_km": 1.0}
    change = changed(
        full_moon, occurs_at=full_moon.occurs_at - SECOND, significance=1, astronomical_data=data,
        title_de="Alter Mond",
    )  # fmt: skip
    assert change.before["facts"].keys() == {"occurs_at", "significance"}
    assert change.before["data"] == {"moon_distance_km": 1.0}
    assert change.before["texts"] == {"title_de": "Alter Mond"}
    assert change.after is not None
    assert change.after["data"].keys() == {"moon_distance_km"}
    assert change.after["texts"] == {"title_de": full_moon.text("title", "de")}
    assert (change.version_before, change.run.version) == (OLDER, engine_version())
    assert (change.run.changed, change.run.unchanged) == (1, Event.objects.count() - 1)


def test_noise_of_floating_point_is_no_difference(full_moon: Event) -> None:
    data = {
        name: value + 1e-9 if isinstance(value, float) else value
        for name, value in full_moon.astronomical_data.items()
    }
    change = changed(full_moon, astronomical_data=data)
    assert (change.before, change.after) == ({}, {})


def test_what_staff_serve_hides_no_computed_difference(
    full_moon: Event, curator: User, at: datetime
) -> None:
    served, mine = full_moon.occurs_at + timedelta(hours=1), "Honigmond"
    event_override(
        event_id=full_moon.pk, actor=curator, values={"occurs_at": served}, reason="So.",
        revision=None, at=at,
    )  # fmt: skip
    TextState.objects.create(
        event=full_moon, field="title", language="de", source="human", generated_text="Alt"
    )
    was = full_moon.occurs_at - SECOND
    change = changed(full_moon, computed_occurs_at=was, title_de=mine)
    assert datetime.fromisoformat(change.before["facts"]["occurs_at"]) == was
    assert change.before["texts"]["title_de"] == "Alt"
    full_moon.refresh_from_db()
    assert (full_moon.occurs_at, full_moon.text("title", "de")) == (served, mine)


def test_what_is_found_no_more_is_told_and_kept(lost: Event) -> None:
    ComputedWindow.objects.update(version=OLDER)
    generate()
    run = ComputationRun.objects.latest("pk")
    change = RunChange.objects.get(run=run)
    assert (run.gone, change.event_id, change.after) == (1, lost.pk, None)
    assert Event.objects.filter(pk=lost.pk).exists()


def test_what_moved_over_the_edge_of_a_span_is_not_gone(lost: Event) -> None:
    edge = Span(lost.occurs_at, SUMMER_2026.end)
    ComputedWindow.objects.update(version=OLDER)
    event_generate(span=edge, families=("moon_phases",))
    assert ComputationRun.objects.latest("pk").gone == 0


def test_the_record_falls_with_what_it_tells_of(
    full_moon: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_older(full_moon, significance=1)

    def broken(**_given: Any) -> None:
        raise RuntimeError("down")

    monkeypatch.setattr(generation, "outbox_append", broken)
    with pytest.raises(RuntimeError):
        generate()
    assert not RunChange.objects.exists()
    assert ComputationRun.objects.count() == 1


def test_years_computed_at_once_are_one_run(db: None) -> None:
    span = Span(SUMMER_2026.start.replace(month=1), SUMMER_2026.start.replace(year=2029, month=1))
    list(sky_generate(gaps=[(("seasons",), span)]))
    run = ComputationRun.objects.get()
    assert (run.starts_at, run.ends_at, run.created) == (*span, 12)


def test_a_job_is_one_run(curator: User, summer: Span, at: datetime) -> None:
    for event in Event.objects.in_time_order()[:3]:
        made_older(event, significance=1, title_en="Older")
    job = desk_job_create(kind="recompute", asked=EventSelection(), actor=curator)
    assert not desk_job_step(job_id=job.pk, at=at, budget_s=60.0)
    run = ComputationRun.objects.latest("pk")
    assert (run.job_id, run.changed, run.changes.count()) == (job.pk, 3, 3)
    assert ComputationRun.objects.count() == 2


# Kept for a while


def test_the_two_newest_changes_of_an_event_are_kept(full_moon: Event, at: datetime) -> None:
    for _time in range(4):
        made_older(full_moon, significance=1)
        generate()
    newest = list(RunChange.objects.order_by("-pk").values_list("pk", flat=True)[:2])
    assert runs_prune(at=at) == 2
    assert list(RunChange.objects.order_by("-pk").values_list("pk", flat=True)) == newest
    assert runs_prune(at=at) == 0
    assert not ComputationRun.objects.filter(tidied=False).exists()


def test_runs_are_kept_for_a_year(full_moon: Event, at: datetime) -> None:
    changed(full_moon, significance=1)
    ComputationRun.objects.update(started_at=at)
    assert runs_prune(at=at + timedelta(days=365)) == 0
    assert runs_prune(at=at + timedelta(days=366)) == 1
    assert not ComputationRun.objects.exists()
    assert Event.objects.filter(pk=full_moon.pk).exists()


# Told to staff


def test_the_page_of_an_event_tells_how_far_apart(desk: Client, full_moon: Event) -> None:
    assert "No computation has changed this event" in page_of(desk, full_moon)
    milli = timedelta(milliseconds=250)
    data = {**full_moon.astronomical_data, "illuminated_fraction": 0.5}
    changed(
        full_moon, occurs_at=full_moon.occurs_at + milli, uncertainty_s=9.0, significance=1,
        astronomical_data=data, title_de="Alter Mond", event_type=full_moon.event_type,
    )  # fmt: skip
    html = page_of(desk, full_moon)
    for words in ("(\u22120.250 s)", OLDER, engine_version(), "<del>Alter", "<ins>", "50%"):
        assert words in html, words
    assert 'lang="de"' in html
    assert "Illuminated fraction" in html


def test_less_than_is_written_for_readers_is_told_in_full(desk: Client, full_moon: Event) -> None:
    real = full_moon.astronomical_data["moon_distance_km"]
    changed(
        full_moon,
        astronomical_data={**full_moon.astronomical_data, "moon_distance_km": real + 0.01},
    )
    assert str(real) in page_of(desk, full_moon)


def test_moments_of_an_eclipse_are_told_one_by_one(desk: Client, summer: Span) -> None:
    eclipse = Event.objects.get(event_type="lunar_eclipse")
    real = dict(eclipse.astronomical_data["contacts_utc"])
    moved = datetime.fromisoformat(real["p1"]) + timedelta(seconds=2)
    data = {**eclipse.astronomical_data, "contacts_utc": {**real, "p1": moved.isoformat()}}
    changed(eclipse, astronomical_data=data)
    html = page_of(desk, eclipse)
    assert "The Moon enters the penumbra." in html
    assert "(\u22122.000 s)" in html
    assert "The Moon leaves the penumbra." not in html


def test_the_form_leads_to_it_and_the_list_of_runs_to_each(desk: Client, full_moon: Event) -> None:
    change = changed(full_moon, significance=1, title_de="Alt")
    form = desk.get(reverse("admin:events_event_change", args=[full_moon.pk])).content.decode()
    address = reverse("admin:events_event_changes", args=[full_moon.pk])
    assert address in form
    runs = desk.get(reverse("admin:desk_runs"))
    assert [run["changed"] for run in runs.context["runs"]] == [1, 0]
    one = reverse("admin:desk_run", args=[change.run_id])
    assert one in runs.content.decode()
    assert reverse("admin:desk_runs") in desk.get("/admin/").content.decode()
    html = desk.get(one).content.decode()
    assert address in html
    assert "Deutsch" in html


def test_a_lost_event_says_so(desk: Client, lost: Event) -> None:
    ComputedWindow.objects.update(version=OLDER)
    generate()
    assert "no longer finds this event" in page_of(desk, lost)


def test_pages_follow_one_another(
    desk: Client, summer: Span, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("events.desk.runs", "events.selectors_runs"):
        monkeypatch.setattr(f"{module}.PAGE", 2)
    for event in Event.objects.in_time_order()[:5]:
        made_older(event, significance=1)
    generate()
    run, seen, more = ComputationRun.objects.latest("pk"), [], ""
    while True:
        context = desk.get(reverse("admin:desk_run", args=[run.pk]), {"after": more}).context
        seen += [row["event"].pk for row in context["rows"]]
        more = context["more"]
        if not more:
            break
    assert seen == list(run.changes.order_by("pk").values_list("event_id", flat=True))
    assert len(seen) == 5


@pytest.mark.parametrize("place", ["x", "-1", "9" * 30, str(2**63), "0" * 5_000])
def test_a_place_that_is_none_is_refused(desk: Client, summer: Span, place: str) -> None:
    run = ComputationRun.objects.get()
    assert desk.get(reverse("admin:desk_runs"), {"before": place}).status_code == 400
    address = reverse("admin:desk_run", args=[run.pk])
    assert desk.get(address, {"after": place}).status_code == 400


@pytest.mark.parametrize("number", [0, 7, 10**30])
def test_a_run_that_there_is_not_is_not_found(desk: Client, number: int) -> None:
    assert desk.get(reverse("admin:desk_run", args=[number])).status_code == 404


def test_the_pages_are_for_who_may_see_events(client: Client, full_moon: Event) -> None:
    run = ComputationRun.objects.get()
    pages = [
        reverse("admin:desk_runs"),
        reverse("admin:desk_run", args=[run.pk]),
        reverse("admin:events_event_changes", args=[full_moon.pk]),
    ]
    stranger = User.objects.create_user("stranger", password=None, is_staff=True)
    staff_sign_in(client, stranger)
    assert [client.get(page).status_code for page in pages] == [403] * 3
    stranger.user_permissions.set(Permission.objects.filter(codename="view_event"))
    assert [client.get(page).status_code for page in pages] == [200] * 3


def test_a_run_asks_as_often_for_one_event_as_for_ten(desk: Client, summer: Span) -> None:
    def asked(count: int) -> int:
        for event in Event.objects.in_time_order()[:count]:
            made_older(event, significance=1)
        generate()
        address = reverse("admin:desk_run", args=[ComputationRun.objects.latest("pk").pk])
        with CaptureQueriesContext(connection) as queries:
            assert len(desk.get(address).context["rows"]) == count
        return len(queries)

    assert asked(1) == asked(10)
