"""A whole kind at once: what waits in it, published or reviewed as a job, after a question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Event, KindSetting, TextState
from events.models.desk import DeskJob
from events.selectors_desk import CACHED
from events.selectors_kinds import kind_waiting, review_selection
from events.services.curation import EventEdit, event_update
from events.services.jobs import desk_job_create, desk_job_step, desk_job_stop
from events.services.review import event_texts_review
from events.tests.desk_support import member
from events.windows import Span
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry
from starscal.testing.staff import staff_sign_in

KIND = "full_moon"


@pytest.fixture
def moons(summer: Span) -> list[Event]:
    """Return the full moons of the summer: drafts of a kind under review."""
    KindSetting.objects.create(code=KIND, needs_review=True)
    Event.objects.filter(event_type=KIND).update(status="draft")
    return list(Event.objects.filter(event_type=KIND).in_time_order())


def address(name: str, *more: str) -> str:
    return reverse(f"admin:desk_{name}", args=[KIND, *more])


def waits(event: Event, language: str = "de", status: str = "needs_review") -> TextState:
    return TextState.objects.create(
        event=event, field="title", language=language, source="human", status=status,
        generated_text="new", basis_text="old",
    )  # fmt: skip


def confirmed(client: Client, page: str) -> Any:
    """Answer the question of a page as a browser does."""
    seen = client.get(page).context["wish"].number
    return client.post(page, {"seen": str(seen)}, follow=True)


def worked(at: datetime) -> DeskJob:
    job = DeskJob.objects.latest("created_at")
    assert not desk_job_step(job_id=job.pk, at=at, budget_s=60.0)
    job.refresh_from_db()
    return job


def statuses() -> list[str]:
    moons = Event.objects.filter(event_type=KIND).in_time_order()
    return list(moons.values_list("status", flat=True))


def test_the_page_counts_what_waits(client: Client, moons: list[Event]) -> None:
    waits(moons[0])
    waits(moons[1], "fr", "stale")
    staff_sign_in(client, member("Publisher"))
    html = client.get(address("kind")).content.decode()
    assert kind_waiting(kind=KIND).drafts == 3
    assert kind_waiting(kind=KIND).ready == 1
    for page in (address("kind_publish"), address("kind_review", "de")):
        assert page in html
    assert address("kind_review", "ja") not in html


def test_all_reviewed_drafts_are_published_and_no_others(
    client: Client, moons: list[Event], at: datetime
) -> None:
    waits(moons[0], status="stale")
    other = Event.objects.exclude(event_type=KIND)
    other.update(status="draft")
    staff_sign_in(client, member("Publisher"))
    page = client.get(address("kind_publish")).content.decode()
    assert "Publish 2 drafts of this kind?" in page
    response = confirmed(client, address("kind_publish"))
    job = worked(at)
    assert response.redirect_chain[-1][0].endswith(f"/deskjob/{job.pk}/change/")
    assert (job.kind, job.total, job.done) == ("publish", 2, 2)
    assert statuses() == ["draft", "published", "published"]
    assert set(other.values_list("status", flat=True)) == {"draft"}


def test_a_planned_publication_stays_planned(
    client: Client, moons: list[Event], at: datetime
) -> None:
    Event.objects.filter(pk=moons[2].pk).update(publish_at=at + timedelta(days=9))
    staff_sign_in(client, member("Publisher"))
    confirmed(client, address("kind_publish"))
    assert worked(at).done == 2
    assert statuses() == ["published", "published", "draft"]


def test_all_texts_of_a_language_are_marked_and_no_others(
    client: Client, moons: list[Event], at: datetime
) -> None:
    mine = [waits(moons[0]), waits(moons[1], status="stale")]
    other = waits(moons[2], "fr")
    translator = member("Translator-de")
    staff_sign_in(client, translator)
    html = client.get(address("kind_review", "de")).content.decode()
    assert "2 events" in html
    assert "To review: 1, stale: 1." in html
    confirmed(client, address("kind_review", "de"))
    job = worked(at)
    assert (job.kind, job.done, job.refused) == ("review", 2, 0)
    for state in (*mine, other):
        state.refresh_from_db()
    assert [state.status for state in mine] == ["ok", "ok"]
    assert {(state.basis_text, state.reviewed_by_id) for state in mine} == {("new", translator.pk)}
    assert other.status == "needs_review"
    assert AuditEntry.objects.filter(action="event.text_review").count() == 2


def test_a_number_that_changed_asks_again(client: Client, moons: list[Event]) -> None:
    staff_sign_in(client, member("Publisher"))
    response = client.post(address("kind_publish"), {"seen": "2"})
    assert response.status_code == 200
    assert "The number has changed in the meantime" in response.content.decode()
    assert not DeskJob.objects.exists()


def test_where_nothing_waits_nothing_is_asked(client: Client, summer: Span) -> None:
    staff_sign_in(client, member("Publisher"))
    assert "Nothing waits here." in client.get(address("kind_publish")).content.decode()
    client.post(address("kind_publish"), {"seen": "0"})
    assert not DeskJob.objects.exists()


@pytest.mark.parametrize(
    ("group", "publish", "german", "french"),
    [("Publisher", 200, 200, 200), ("Curator", 403, 200, 200), ("Translator-de", 403, 200, 403),
     ("Auditor", 403, 403, 403)],
)  # fmt: skip
def test_each_group_does_what_it_may(
    client: Client, moons: list[Event], group: str, publish: int, german: int, french: int
) -> None:
    for language in ("de", "fr"):
        waits(moons[0], language)
    staff_sign_in(client, member(group))
    pages = {
        address("kind_publish"): publish,
        address("kind_review", "de"): german,
        address("kind_review", "fr"): french,
    }
    html = client.get(address("kind")).content.decode()
    for page, status in pages.items():
        assert client.get(page).status_code == status
        assert client.post(page, {"seen": "1"}).status_code in (
            {403} if status == 403 else {200, 302}
        )
        assert (page in html) == (status == 200)


@pytest.mark.parametrize("page", ["kind", "kind_publish"])
def test_a_kind_that_there_is_not_is_not_found(client: Client, db: None, page: str) -> None:
    staff_sign_in(client, member("Publisher"))
    assert client.get(reverse(f"admin:desk_{page}", args=["staff_event"])).status_code == 404
    assert client.get(reverse("admin:desk_kind_review", args=[KIND, "tlh"])).status_code == 404


def test_a_review_is_asked_for_and_stopped_by_who_may_review(moons: list[Event]) -> None:
    waits(moons[0])
    asked = review_selection(KIND, "de")
    mine, stranger = member("Translator-de"), member("Translator-fr")
    with pytest.raises(ApplicationError) as refusal:
        desk_job_create(kind="review", asked=asked, actor=stranger)
    assert refusal.value.code == ErrorCode.PERMISSION_DENIED
    job = desk_job_create(kind="review", asked=asked, actor=mine)
    with pytest.raises(ApplicationError):
        desk_job_stop(job_id=job.pk, actor=stranger)
    with pytest.raises(ApplicationError):
        event_texts_review(event_id=moons[0].pk, language="de", actor=stranger, at=job.created_at)
    assert TextState.objects.get().status == "needs_review"


def test_texts_in_order_are_left_alone(moons: list[Event], curator: User, at: datetime) -> None:
    state = waits(moons[0])
    done = event_texts_review(event_id=moons[0].pk, language="de", actor=curator, at=at)
    assert [each.pk for each in done] == [state.pk]
    later = at + timedelta(hours=1)
    assert event_texts_review(event_id=moons[0].pk, language="de", actor=curator, at=later) == []
    state.refresh_from_db()
    assert state.reviewed_at == at


@pytest.mark.django_db(transaction=True)  # the database keeps one moment for each transaction
def test_texts_that_changed_since_they_were_asked_for_go_on_waiting(
    moons: list[Event], at: datetime
) -> None:
    translator = member("Translator-de")
    states = [waits(moon) for moon in moons[:2]]
    job = desk_job_create(kind="review", asked=review_selection(KIND, "de"), actor=translator)
    edit = EventEdit(texts={"title_en": "Honey Moon"})
    event_update(event_id=moons[0].pk, actor=member("Curator"), edit=edit, at=at)
    assert worked(at).pk == job.pk
    job.refresh_from_db()
    assert (job.status, job.done, job.skipped, job.refused) == ("done", 1, 1, 0)
    for state in states:
        state.refresh_from_db()
    assert [state.status for state in states] == ["needs_review", "ok"]


def test_translators_see_the_jobs_of_reviews_alone(client: Client, moons: list[Event]) -> None:
    jobs = {kind: DeskJob.objects.create(kind=kind) for kind in ("hide", "review")}
    staff_sign_in(client, member("Translator-de"))
    progress = {
        kind: client.get(reverse("admin:desk_job_progress", args=[job.pk])).status_code
        for kind, job in jobs.items()
    }
    assert progress == {"hide": 404, "review": 200}


def test_the_settings_show_names_drafts_and_a_filter(client: Client, moons: list[Event]) -> None:
    KindSetting.objects.create(code="new_moon")
    staff_sign_in(client, member("Publisher"))
    page = reverse("admin:events_kindsetting_changelist")
    html = client.get(page).content.decode()
    assert f'<a href="{address("kind")}">3</a>' in html
    assert "Full Moon" in html
    narrowed = client.get(page, {"needs_review__exact": "0"}).context["cl"]
    assert [row.code for row in narrowed.result_list] == ["new_moon"]


def test_the_front_page_and_the_drafts_lead_to_kinds(client: Client, moons: list[Event]) -> None:
    cache.delete(CACHED)  # what another test counted
    staff_sign_in(client, member("Publisher"))
    assert address("kind") in client.get("/admin/").content.decode()
    assert address("kind") in client.get(reverse("admin:desk_waiting")).content.decode()


def test_a_setting_is_changed_by_its_form(client: Client, moons: list[Event]) -> None:
    staff_sign_in(client, member("Publisher"))
    page = reverse("admin:events_kindsetting_change", args=[KIND])
    assert client.post(page, {}).status_code == 302
    assert not KindSetting.objects.get().needs_review
    client.post(page, {"needs_review": "on"})
    assert KindSetting.objects.get().needs_review
