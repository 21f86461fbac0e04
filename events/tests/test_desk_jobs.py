"""Jobs of the desk: nothing lost, nothing twice, stopped when asked, told in the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from events.desk.selection import EventSelection
from events.models import Event, TextState
from events.models.desk import DeskJob
from events.services import jobs
from events.services.curation import EventEdit, event_create
from events.services.jobs import (
    desk_job_create,
    desk_job_step,
    desk_job_stop,
    desk_jobs_work,
)
from events.tests.desk_queries import LIST
from events.windows import Span
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_active
from starscal.core.models import AuditEntry, OutboxMessage
from starscal.testing.staff import staff_sign_in

EVERYTHING = EventSelection()
GATHERING = EventEdit(texts={"title_en": "A gathering"})
FOREVER_S = 60.0


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


@pytest.fixture
def drafts(summer: Span) -> int:
    return Event.objects.update(status="draft")


def finished(job: DeskJob, at: datetime) -> DeskJob:
    assert not desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    return job


def test_all_that_match_are_published_and_announced_once(
    curator: User, drafts: int, at: datetime
) -> None:
    asked = EventSelection(statuses=("draft",))
    job = finished(desk_job_create(kind="publish", asked=asked, actor=curator), at)
    assert (job.status, job.total, job.done, job.skipped) == ("done", drafts, drafts, 0)
    assert job.ended_at == at
    assert not Event.objects.exclude(status="published").exists()
    said = OutboxMessage.objects.filter(kind="event.published")
    assert said.count() == drafts
    assert AuditEntry.objects.filter(action="event.published").count() == drafts
    assert not job.asked.get("ids")


def test_chosen_events_alone_are_handled(curator: User, drafts: int, at: datetime) -> None:
    pks = [str(pk) for pk in Event.objects.values_list("pk", flat=True)[:3]]
    asked = EventSelection(ids=tuple(pks))
    job = finished(desk_job_create(kind="publish", asked=asked, actor=curator), at)
    assert (job.total, job.done) == (3, 3)
    assert Event.objects.filter(status="published").count() == 3


def test_what_needs_nothing_is_counted_apart(curator: User, summer: Span, at: datetime) -> None:
    job = finished(desk_job_create(kind="publish", asked=EVERYTHING, actor=curator), at)
    assert (job.done, job.skipped) == (0, Event.objects.count())
    assert not OutboxMessage.objects.filter(kind="event.published").exists()


def test_refusals_are_told_in_the_language_of_who_asked(
    curator: User, drafts: int, at: datetime
) -> None:
    User.objects.filter(pk=curator.pk).update(language="de")
    asked = EventSelection(statuses=("draft",))
    job = desk_job_create(kind="cancel", asked=asked, actor=curator, reason="Clouds.")
    job = finished(job, at)
    assert (job.refused, job.done) == (drafts, 0)
    ((sentence, count),) = job.refusals.items()
    assert count == drafts
    assert sentence != "Only a published event can be cancelled."


def test_a_cancellation_keeps_its_reason(curator: User, summer: Span, at: datetime) -> None:
    job = desk_job_create(kind="cancel", asked=EVERYTHING, actor=curator, reason=" Clouds. ")
    finished(job, at)
    reasons = AuditEntry.objects.filter(action="event.cancelled").values_list("reason", flat=True)
    assert set(reasons) == {"Clouds."}


def test_rights_are_asked_for_each_event(curator: User, drafts: int, at: datetime) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    assert desk_job_step(job_id=job.pk, at=at, budget_s=0.0)
    curator.user_permissions.clear()
    job = finished(job, at)
    assert (job.done, job.refused) == (1, drafts - 1)


def test_without_the_account_that_asked_a_job_fails(
    curator: User, drafts: int, at: datetime
) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    curator.delete()
    job = finished(job, at)
    assert (job.status, job.done, len(job.refusals)) == ("failed", 0, 1)


def test_what_comes_later_is_not_part_of_it(curator: User, drafts: int, at: datetime) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    first = Event.objects.earliest("occurs_at")
    moment = first.occurs_at + timedelta(days=1)
    late = event_create(actor=curator, occurs_at=moment, edit=GATHERING, at=at)
    job = finished(job, at)
    assert job.done == drafts
    late.refresh_from_db()
    assert late.status == "draft"


@pytest.mark.parametrize(
    ("kind", "asked", "reason"),
    [("explode", EVERYTHING, ""), ("cancel", EVERYTHING, "  "),
     ("publish", EventSelection(family="none"), ""),
     ("publish", EventSelection(ids=("0" * 32,) * 1_001), "")],
    ids=["operation", "reason", "nothing", "too many"],
)  # fmt: skip
def test_a_bad_wish_is_refused(
    curator: User, summer: Span, kind: str, asked: EventSelection, reason: str
) -> None:
    with pytest.raises(ApplicationError) as refusal:
        desk_job_create(kind=kind, asked=asked, actor=curator, reason=reason)
    assert refusal.value.code == ErrorCode.VALIDATION_INVALID
    assert not DeskJob.objects.exists()


def test_only_who_may_change_events_asks_and_stops(
    curator: User, visitor: User, summer: Span
) -> None:
    with pytest.raises(ApplicationError) as refusal:
        desk_job_create(kind="hide", asked=EVERYTHING, actor=visitor)
    assert refusal.value.code == ErrorCode.PERMISSION_DENIED
    job = desk_job_create(kind="hide", asked=EVERYTHING, actor=curator)
    with pytest.raises(ApplicationError):
        desk_job_stop(job_id=job.pk, actor=visitor)
    assert DeskJob.objects.get().is_open


def test_a_stopped_job_leaves_the_rest(curator: User, drafts: int, at: datetime) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    assert desk_job_step(job_id=job.pk, at=at, budget_s=0.0)
    desk_job_stop(job_id=job.pk, actor=curator)
    job = finished(job, at)
    assert (job.status, job.done) == ("stopped", 1)
    assert job.ended_at is not None
    assert Event.objects.filter(status="published").count() == 1


def test_a_held_job_is_left_alone_until_its_lease_runs_out(
    curator: User, drafts: int, at: datetime
) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    held = DeskJob.objects.filter(pk=job.pk)
    held.update(lease_until=Now() + timedelta(minutes=1))
    assert not desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    assert not Event.objects.filter(status="published").exists()
    held.update(lease_until=Now() - timedelta(seconds=1))
    assert finished(job, at).done == drafts


def test_one_that_lost_its_lease_does_no_event_twice(
    curator: User, drafts: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Have another worker finish while this one has a batch in hand."""
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    read = jobs._next
    other: list[int] = []

    def slow(row: DeskJob) -> Any:
        items = read(row)
        if not other:
            other.append(1)
            DeskJob.objects.filter(pk=job.pk).update(lease_until=None)
            desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
        return items

    monkeypatch.setattr(jobs, "_next", slow)
    job = finished(job, at)
    assert (job.status, job.done, job.skipped) == ("done", drafts, 0)


def test_a_job_that_always_breaks_fails_in_the_end(
    curator: User, drafts: int, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=curator.pk).update(language="de")
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)

    def broken(*_given: Any) -> int:
        raise RuntimeError("poison")

    monkeypatch.setitem(jobs.OPERATIONS, "publish", broken)
    for _try in range(jobs.TRIES_MOST):
        with pytest.raises(RuntimeError):
            desk_job_step(job_id=job.pk, at=at, budget_s=1.0)
        DeskJob.objects.filter(pk=job.pk).update(lease_until=None)
    job = finished(job, at)
    with language_active("de"):  # that of who asked, whatever the worker's is
        assert (job.status, job.refusals) == ("failed", {str(jobs.STUCK): 1})


def test_computing_again_writes_what_differs_and_nothing_else(
    curator: User, full_moon: Event, at: datetime
) -> None:
    right = full_moon.text("title", "en")
    Event.objects.filter(pk=full_moon.pk).update(title_en="Moo", template_hash="old")
    TextState.objects.create(
        event=full_moon, field="title", language="de", source="human", generated_text="alt"
    )
    Event.objects.filter(pk=full_moon.pk).update(title_de="Honigmond")
    job = finished(desk_job_create(kind="recompute", asked=EVERYTHING, actor=curator), at)
    full_moon.refresh_from_db()
    assert (full_moon.text("title", "en"), full_moon.text("title", "de")) == (right, "Honigmond")
    assert TextState.objects.get().status == "stale"
    assert (job.done, job.skipped, job.refused) == (1, Event.objects.count() - 1, 0)
    again = finished(desk_job_create(kind="recompute", asked=EVERYTHING, actor=curator), at)
    assert (again.done, again.skipped) == (0, Event.objects.count())


def test_what_the_engine_no_longer_finds_is_kept_and_told(
    curator: User, full_moon: Event, at: datetime
) -> None:
    Event.objects.filter(pk=full_moon.pk).update(key="moon-phases-moon-999999-180")
    event_create(actor=curator, occurs_at=full_moon.occurs_at, edit=GATHERING, at=at)
    before = Event.objects.count()
    job = finished(desk_job_create(kind="recompute", asked=EVERYTHING, actor=curator), at)
    assert set(job.refusals) == {
        "The engine no longer finds this event; it stays as it is.",
        "Events of staff are not computed.",
    }
    assert Event.objects.count() == before


def test_a_step_asks_as_often_for_one_as_for_ten(curator: User, drafts: int, at: datetime) -> None:
    def asked(count: int) -> int:
        Event.objects.update(status="draft")
        pks = tuple(str(pk) for pk in Event.objects.values_list("pk", flat=True)[:count])
        job = desk_job_create(kind="publish", asked=EventSelection(ids=pks), actor=curator)
        with CaptureQueriesContext(connection) as queries:
            finished(job, at)
        return len(queries)

    one, two, ten = asked(1), asked(2), asked(10)
    assert ten - one == 9 * (two - one)


def test_the_oldest_job_comes_first(curator: User, drafts: int, at: datetime) -> None:
    first = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    second = desk_job_create(kind="hide", asked=EVERYTHING, actor=curator)
    assert desk_jobs_work(at=at, budget_s=FOREVER_S) == 2
    for job in (first, second):
        job.refresh_from_db()
        assert (job.status, job.done) == ("done", drafts)
    assert set(Event.objects.values_list("status", flat=True)) == {"hidden"}


# Pages


def choose(desk: Client, action: str, pks: list[Any], **sent: str) -> Any:
    values = {"action": action, "_selected_action": [str(pk) for pk in pks], "index": "0", **sent}
    return desk.post(f"{LIST}?time=all", values, follow=True)


def test_many_chosen_become_a_job(
    desk: Client, curator: User, drafts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.desk.actions.AT_ONCE", 3)
    pks = list(Event.objects.values_list("pk", flat=True)[:4])
    answer = choose(desk, "publish_chosen", pks)
    job = DeskJob.objects.get()
    assert (job.kind, job.total, job.actor) == ("publish", 4, curator)
    assert answer.redirect_chain[-1][0] == reverse("admin:events_deskjob_change", args=[job.pk])
    html = answer.content.decode()
    assert 'http-equiv="refresh"' in html
    assert reverse("admin:desk_job_progress", args=[job.pk]) in html
    assert not Event.objects.filter(status="published").exists()


def test_all_that_match_become_a_job_of_the_filter(desk: Client, drafts: int) -> None:
    Event.objects.filter(event_type="full_moon").update(status="published")
    moons = Event.objects.filter(event_type="full_moon")
    sent = {"select_across": "1", "reason": "Clouds."}
    values = {"action": "cancel_chosen", "_selected_action": [str(moons[0].pk)], "index": "0"}
    desk.post(f"{LIST}?time=all&event_type=full_moon", values | sent, follow=True)
    job = DeskJob.objects.get()
    assert (job.asked["kind"], job.total, job.reason) == ("full_moon", moons.count(), "Clouds.")
    assert "ids" not in job.asked


def test_texts_of_the_chosen_are_reviewed_in_the_language_that_was_said(
    desk: Client, full_moon: Event, at: datetime
) -> None:
    for code in ("de", "hy"):
        TextState.objects.create(
            event=full_moon, field="title", language=code, source="human", status="stale",
            generated_text="Neu",
        )  # fmt: skip
    choose(desk, "review_chosen", [full_moon.pk], language="de")
    job = finished(DeskJob.objects.get(), at)
    assert (job.kind, job.done, job.refused) == ("review", 1, 0)
    states = dict(TextState.objects.values_list("language", "status"))
    assert states == {"de": "ok", "hy": "stale"}


def test_all_that_a_list_of_a_language_shows_is_reviewed_in_that_language(
    desk: Client, full_moon: Event, at: datetime
) -> None:
    for code in ("de", "hy"):
        TextState.objects.create(
            event=full_moon, field="title", language=code, source="human", status="stale"
        )
    shown = f"{LIST}?time=all&texts=stale&text_language=hy"
    assert desk.get(shown).context["action_form"]["language"].value() == "hy"
    values = {"action": "review_chosen", "_selected_action": [str(full_moon.pk)], "index": "0"}
    desk.post(shown, values | {"select_across": "1", "language": "de"})
    job = finished(DeskJob.objects.get(), at)
    assert (job.asked["text_language"], job.done) == ("hy", 1)
    states = dict(TextState.objects.values_list("language", "status"))
    assert states == {"de": "stale", "hy": "ok"}


def test_the_language_of_a_review_is_the_readers_on_a_list_of_all(
    desk: Client, full_moon: Event
) -> None:
    for query in ("lang=ja", "lang=ja&text_language=tlh"):
        form = desk.get(f"{LIST}?time=all&{query}").context["action_form"]
        assert form["language"].value() == "ja"


def test_a_language_that_there_is_not_is_not_reviewed(desk: Client, full_moon: Event) -> None:
    choose(desk, "review_chosen", [full_moon.pk], language="tlh")
    assert not DeskJob.objects.exists()


def test_a_cancellation_without_a_reason_is_asked_for_one(desk: Client, full_moon: Event) -> None:
    html = choose(desk, "cancel_chosen", [full_moon.pk]).content.decode()
    assert "Give a reason for cancelling" in html
    full_moon.refresh_from_db()
    assert full_moon.status == "published"


def test_ids_that_are_none_are_refused(desk: Client, full_moon: Event) -> None:
    assert choose(desk, "hide_chosen", ["x"]).status_code == 400


def test_the_page_tells_the_progress_and_stops(
    desk: Client, curator: User, drafts: int, at: datetime
) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    desk_job_step(job_id=job.pk, at=at, budget_s=0.0)
    address = reverse("admin:desk_job_progress", args=[job.pk])
    told = desk.get(address).json()
    assert (told["open"], told["done"], told["total"]) == (True, 1, drafts)
    assert told["percent"] == 100 // drafts
    assert desk.post(address).status_code == 405
    stop = reverse("admin:desk_job_stop", args=[job.pk])
    assert desk.get(stop).status_code == 405
    page = desk.post(stop, follow=True)
    assert "Stopped" in page.content.decode()
    assert desk.get(address).json()["open"] is False


def test_pages_of_jobs_are_for_who_may_change_events(
    client: Client, curator: User, drafts: int
) -> None:
    job = desk_job_create(kind="publish", asked=EVERYTHING, actor=curator)
    onlooker = User.objects.create_user("onlooker", password=None, is_staff=True)
    onlooker.user_permissions.set(Permission.objects.filter(codename="view_event"))
    staff_sign_in(client, onlooker)
    assert client.get(reverse("admin:events_deskjob_changelist")).status_code == 403
    for name in ("desk_job_progress", "desk_job_stop"):
        address = reverse(f"admin:{name}", args=[job.pk])
        send = client.post if name.endswith("stop") else client.get
        assert send(address).status_code == 403
    job.refresh_from_db()
    assert job.is_open


def test_the_list_of_jobs_asks_as_often_for_one_as_for_ten(
    desk: Client, curator: User, summer: Span
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("admin:events_deskjob_changelist"))
        return len(queries)

    desk_job_create(kind="hide", asked=EVERYTHING, actor=curator)
    one = count()
    for _number in range(9):
        desk_job_create(kind="hide", asked=EVERYTHING, actor=curator)
    assert count() == one
