"""Texts carried away and brought back: what changed is written, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events import selectors_exchange
from events.exchange.cells import Cell
from events.exchange.csv_files import csv_pieces
from events.models import Event, TextState
from events.models.desk import DeskJob, DeskText
from events.selectors_exchange import texts_exported
from events.services.curation import EventEdit, event_create, event_update
from events.services.imports import import_confirm, proposals_prune
from events.services.jobs import desk_job_step, desk_job_stop
from events.tests.desk_support import member
from events.tests.exchange_support import (
    FOREVER_S,
    asked,
    carried,
    changed,
    imported,
    proposed,
    rows_of,
    table,
)
from events.tests.hostile_texts import KEPT, REFUSED
from events.windows import Span
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry, OutboxMessage

pytestmark = pytest.mark.django_db
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
Messages = Callable[[], list[OutboxMessage]]


@pytest.fixture
def curator(db: None) -> User:
    return member("Curator")


@pytest.fixture
def translator(db: None) -> User:
    return member("Translator-de")


def cells(language: str, **more: Any) -> list[Cell]:
    return [cell for batch in texts_exported(asked(language, **more)) for cell in batch]


def write(event: Event, actor: User, at: datetime, **texts: str) -> Event:
    return event_update(event_id=event.pk, actor=actor, edit=EventEdit(texts=texts), at=at)


def reasons(job: DeskJob) -> list[str]:
    return [reason for _line, _place, reason in job.asked["refusals"]]


def stored() -> tuple[list[Any], list[Any], int, int]:
    """Return all that an import may write."""
    return (
        list(Event.objects.order_by("pk").values()),
        list(TextState.objects.order_by("pk").values()),
        AuditEntry.objects.exclude(object_type="desk_job").count(),
        OutboxMessage.objects.count(),
    )


# Carrying away


def test_all_texts_of_a_span_stand_in_order_of_time(summer: Span) -> None:
    rows = cells("de")
    assert len(rows) == 2 * Event.objects.count()
    assert [row.date for row in rows] == sorted(row.date for row in rows)
    first = Event.objects.earliest("occurs_at")
    assert rows[0].key == first.key
    assert rows[0].text == rows[0].machine == first.text("title", "de")
    assert (rows[0].english, rows[0].status, rows[0].source) == (
        first.text("title", "en"), "ok", "generated",
    )  # fmt: skip


def test_kind_and_family_narrow(summer: Span) -> None:
    assert {row.kind for row in cells("de", kinds=("full_moon", "new_moon"))} == {
        "full_moon", "new_moon",
    }  # fmt: skip
    assert {row.kind for row in cells("de", family="seasons")} == {"june_solstice"}


def test_states_narrow(curator: User, full_moon: Event, at: datetime) -> None:
    write(full_moon, curator, at, title_de="Honigmond")
    write(full_moon, curator, at, title_en="Honey Moon")
    TextState.objects.create(
        event=full_moon, field="description", language="de", source="human", status="stale"
    )
    assert [(row.key, row.field) for row in cells("de", state="needs_review")] == [
        (full_moon.key, "title")
    ]
    assert [row.field for row in cells("de", state="stale")] == ["description"]
    assert [row.field for row in cells("de", state="human")] == ["title", "description"]
    assert cells("de", state="human")[0].machine != "Honigmond"
    assert cells("fr", state="human") == []


def test_missing_texts_are_those_that_another_language_has(
    curator: User, full_moon: Event, at: datetime
) -> None:
    texts = {"title_en": "Fire", "title_de": "Feuer", "description_en": "Bring wood."}
    moment = full_moon.occurs_at + timedelta(days=1)
    event = event_create(actor=curator, occurs_at=moment, edit=EventEdit(texts=texts), at=at)
    write(full_moon, curator, at, reflection_en="Look up.")
    missing = [(row.key, row.field, row.text) for row in cells("de", state="missing")]
    assert missing == [(full_moon.key, "reflection", ""), (event.key, "description", "")]
    assert [row.field for row in cells("hy", state="missing")] == [
        "reflection", "title", "description",
    ]  # fmt: skip


def test_too_many_texts_are_refused_before_any_is_read(
    summer: Span, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = len(cells("de"))
    monkeypatch.setattr(selectors_exchange, "ROWS_MOST", total)
    assert len(cells("de")) == total
    monkeypatch.setattr(selectors_exchange, "ROWS_MOST", total - 1)
    with pytest.raises(ApplicationError) as refusal:
        texts_exported(asked("de"))
    assert refusal.value.status == 400
    assert str(total - 1) in str(refusal.value.message)


def test_carrying_away_asks_as_often_for_one_as_for_ten(summer: Span) -> None:
    def queries(kinds: tuple[str, ...]) -> int:
        with CaptureQueriesContext(connection) as asked_:
            assert cells("de", kinds=kinds)
        return len(asked_)

    assert queries(("full_moon",)) == queries(())


# Bringing back


@pytest.mark.parametrize("form", ["csv", "po"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_carried_away_and_brought_back_writes_nothing(
    curator: User, full_moon: Event, at: datetime, form: str, language: str
) -> None:
    name = language.replace("-", "_")
    for event, text in zip(Event.objects.in_time_order(), KEPT.values(), strict=False):
        write(event, curator, at, **{f"title_{name}": text, f"description_{name}": f"{text}\n="})
    for text in list(KEPT.values())[-6:]:
        edit = EventEdit(texts={"title_en": text, f"title_{name}": text, "reflection_en": text})
        event_create(actor=curator, occurs_at=full_moon.occurs_at, edit=edit, at=at)
    before = stored()
    job = proposed(carried(language, form), curator)
    told = job.asked
    assert (told["texts"], told["refused"]) == (0, 0), told["refusals"]
    expected = [row for row in cells(language) if row.text and (form == "csv" or row.english)]
    assert told["unchanged"] + told["fuzzy"] == len(expected)
    assert stored() == before
    with pytest.raises(ApplicationError) as refusal:
        import_confirm(job_id=job.pk, actor=curator)
    assert refusal.value.code == ErrorCode.VALIDATION_INVALID


@pytest.mark.parametrize("name", KEPT)
def test_every_text_is_kept_to_the_letter(
    curator: User, full_moon: Event, at: datetime, name: str
) -> None:
    words = {(full_moon.key, "title"): KEPT[name], (full_moon.key, "description"): KEPT[name]}
    job = imported(changed(carried("hi"), words), curator, at)
    assert (job.status, job.done, job.refused) == ("done", 1, 0)
    full_moon.refresh_from_db()
    assert full_moon.text("title", "hi") == full_moon.text("description", "hi") == KEPT[name]


def test_what_changed_is_written_on_record_and_announced_once(
    translator: User, full_moon: Event, at: datetime, messages: Messages
) -> None:
    others = list(Event.objects.exclude(pk=full_moon.pk).order_by("pk").values())
    words = {(full_moon.key, "title"): "Honigmond", (full_moon.key, "description"): "Süß."}
    job = imported(changed(carried("de"), words), translator, at)
    assert (job.total, job.done, job.skipped, job.refused) == (1, 1, 0, 0)
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Honigmond"
    state = TextState.objects.get(field="title")
    assert (state.source, state.status, state.editor) == ("human", "ok", translator)
    entry = AuditEntry.objects.get(action="event.update")
    assert (entry.actor, entry.reason) == (str(translator.pk), "moons.csv")
    assert set(entry.changes) == {"title_de", "description_de"}
    assert [message.kind for message in messages()] == ["event.updated"]
    assert list(Event.objects.exclude(pk=full_moon.pk).order_by("pk").values()) == others
    assert not DeskText.objects.exists()


def test_the_same_file_twice_writes_once(translator: User, full_moon: Event, at: datetime) -> None:
    data = changed(carried("de"), {(full_moon.key, "title"): "Honigmond"})
    imported(data, translator, at)
    before = stored()
    told = proposed(data, translator).asked
    assert (told["texts"], told["refused"]) == (0, 0)
    assert stored() == before


def test_ones_own_text_can_be_mended_from_the_same_file(
    translator: User, curator: User, full_moon: Event, at: datetime
) -> None:
    data = carried("de")
    imported(changed(data, {(full_moon.key, "title"): "Honigmnod"}), translator, at)
    mended = changed(data, {(full_moon.key, "title"): "Honigmond"})
    assert proposed(mended, curator).asked["refused"] == 1
    assert imported(mended, translator, at).done == 1
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Honigmond"


@pytest.mark.parametrize("writer", ["translator", "curator"])
def test_what_the_file_leaves_alone_undoes_no_newer_text(
    request: pytest.FixtureRequest, translator: User, full_moon: Event, at: datetime, writer: str
) -> None:
    write(full_moon, translator, at, title_de="Honigmnod")
    data = changed(carried("de"), {(full_moon.key, "description"): "Süß."})
    write(full_moon, request.getfixturevalue(writer), at, title_de="Honigmond")
    job = imported(data, translator, at)
    assert (job.asked["texts"], job.asked["refused"], job.done) == (1, 0, 1)
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Honigmond"
    assert full_moon.text("description", "de") == "Süß."


@pytest.mark.parametrize(
    "between",
    [{"title_de": "Anders"}, {"title_en": "Honey Moon"}],
    ids=["text", "english"],
)
def test_a_cell_that_others_changed_since_is_refused(
    curator: User, translator: User, full_moon: Event, at: datetime, between: dict[str, str]
) -> None:
    words = {(full_moon.key, "title"): "Honigmond", (full_moon.key, "description"): "Süß."}
    data = changed(carried("de"), words)
    write(full_moon, curator, at, **between)
    job = imported(data, translator, at)
    assert (job.asked["texts"], job.asked["refused"], job.done) == (1, 1, 1)
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") != "Honigmond"
    assert full_moon.text("description", "de") == "Süß."


def test_a_machine_text_that_changed_since_is_a_conflict(
    translator: User, full_moon: Event
) -> None:
    data = changed(carried("de"), {(full_moon.key, "title"): "Honigmond"})
    Event.objects.filter(pk=full_moon.pk).update(title_de="Neuer Maschinentext")
    assert proposed(data, translator).asked["refused"] == 1


def test_what_changes_between_the_look_and_the_work_is_told_cell_by_cell(
    curator: User, translator: User, full_moon: Event, at: datetime
) -> None:
    words = {(full_moon.key, "title"): "Honigmond", (full_moon.key, "description"): "Süß."}
    job = proposed(changed(carried("de"), words), translator)
    import_confirm(job_id=job.pk, actor=translator)
    write(full_moon, curator, at, title_de="Rosenmond")
    desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Rosenmond"
    assert full_moon.text("description", "de") == "Süß."
    assert (job.done, job.refused, list(job.refusals.values())) == (1, 0, [1])


@pytest.mark.parametrize("between", ["english", "machine"])
def test_what_changes_beside_a_text_after_the_look_is_a_conflict(
    curator: User, translator: User, full_moon: Event, at: datetime, between: str
) -> None:
    write(full_moon, curator, at, title_de="Rosenmond", title_en="Rose Moon")
    words = {(full_moon.key, "title"): "Honigmond", (full_moon.key, "description"): "Süß."}
    job = proposed(changed(carried("de"), words), translator)
    import_confirm(job_id=job.pk, actor=translator)
    if between == "english":
        write(full_moon, curator, at, title_en="Honey Moon")
    else:
        states = TextState.objects.filter(field="title", language="de")
        states.update(generated_text="Neuer Maschinentext", status="stale")
    marked = TextState.objects.get(field="title", language="de").status
    assert marked != "ok"
    desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Rosenmond"
    assert TextState.objects.get(field="title", language="de").status == marked
    assert full_moon.text("description", "de") == "Süß."
    assert (job.done, job.refused, list(job.refusals.values())) == (1, 0, [1])


def test_an_event_beside_which_all_changed_meanwhile_is_refused(
    curator: User, translator: User, full_moon: Event, at: datetime
) -> None:
    job = proposed(changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}), translator)
    import_confirm(job_id=job.pk, actor=translator)
    write(full_moon, curator, at, title_en="Honey Moon")
    desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") != "Honigmond"
    assert (job.done, job.refused, len(job.refusals)) == (0, 1, 1)


def test_an_old_proposal_cannot_be_confirmed_and_goes(translator: User, full_moon: Event) -> None:
    data = changed(carried("de"), {(full_moon.key, "title"): "Honigmond"})
    old = proposed(data, translator)
    DeskJob.objects.update(created_at=Now() - timedelta(hours=25))
    with pytest.raises(ApplicationError) as refusal:
        import_confirm(job_id=old.pk, actor=translator)
    assert refusal.value.code == ErrorCode.NOT_FOUND
    waiting = DeskJob.objects.create(kind="import", created_at=Now() - timedelta(hours=25))
    assert proposals_prune() == 1
    assert DeskJob.objects.get() == waiting
    assert not DeskText.objects.exists()


def test_an_event_of_which_all_changed_meanwhile_is_refused(
    curator: User, translator: User, full_moon: Event, at: datetime
) -> None:
    job = proposed(changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}), translator)
    import_confirm(job_id=job.pk, actor=translator)
    write(full_moon, curator, at, title_de="Rosenmond")
    desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    assert (job.done, job.refused, len(job.refusals)) == (0, 1, 1)


def test_the_machines_own_text_does_not_become_a_persons(
    translator: User, full_moon: Event, at: datetime
) -> None:
    machine = full_moon.text("title", "de")
    write(full_moon, translator, at, title_de="Honigmond")
    imported(changed(carried("de"), {(full_moon.key, "title"): f" {machine}\n"}), translator, at)
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == machine
    assert not TextState.objects.exists()


def test_empty_cells_delete_nothing(translator: User, full_moon: Event, at: datetime) -> None:
    write(full_moon, translator, at, title_de="Honigmond")
    rows = rows_of(carried("de"))
    told = proposed(table([row | {"text": " \n"} for row in rows]), translator).asked
    assert (told["texts"], told["empty"], told["refused"]) == (0, len(rows), 0)


def test_fuzzy_entries_are_left_alone(translator: User, curator: User, full_moon: Event,
                                      at: datetime) -> None:  # fmt: skip
    write(full_moon, curator, at, title_de="Honigmond", title_en="Honey")
    write(full_moon, curator, at, title_en="Honey Moon")
    data = carried("de", "po", state="needs_review").decode()
    assert "#, fuzzy" in data
    told = proposed(data.replace('msgstr "Honigmond"', 'msgstr "Rosenmond"').encode(), translator)
    assert (told.asked["texts"], told.asked["fuzzy"]) == (0, 1)
    sure = data.replace("#, fuzzy\n", "").replace('msgstr "Honigmond"', 'msgstr "Rosenmond"')
    assert imported(sure.encode(), translator, at).done == 1
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Rosenmond"
    assert TextState.objects.get(language="de").status == "ok"


def test_every_refused_row_is_told_with_its_line(translator: User, full_moon: Event) -> None:
    titles = [row for row in rows_of(carried("de")) if row["field"] == "title"]
    unfit = [
        {"key": "moon-none"},
        {"field": "slug"},
        {"language": "fr", "text": "Lune"},
        {"text": "x" * 201},
        {"text": "two\nlines"},
        {"text": "moon\u202egnp"},
        {"text": "??? ????"},
        {"text": "Honigmond", "seen": ""},
        {"text": "Honigmond"},
    ]
    rows = [row | wrong for row, wrong in zip(titles, unfit, strict=False)]
    job = proposed(table([*rows, rows[-1] | {"text": "Rosenmond"}]), translator)
    assert [(text.line, text.text) for text in job.texts.all()] == [(10, "Honigmond")]
    assert [line for line, _place, _reason in job.asked["refusals"]] == [*range(2, 10), 11]
    told = reasons(job)
    assert told[0] == "There is no such event."
    assert "line 10" in told[-1]
    assert len(set(told)) == len(told) - 1, told


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in {"surrogate", "pair"}])
def test_signs_that_nobody_sees_are_refused_or_gone(
    translator: User, full_moon: Event, name: str
) -> None:
    data = changed(carried("de"), {(full_moon.key, "title"): REFUSED[name]})
    if name == "nul":
        with pytest.raises(ApplicationError):
            proposed(data, translator)
        return
    told = proposed(data, translator).asked
    assert (told["texts"], told["refused"]) == (0, 1)


# Who may


def test_only_ones_own_languages_come_back(
    translator: User, full_moon: Event, at: datetime
) -> None:
    told = proposed(changed(carried("fr"), {(full_moon.key, "title"): "Lune"}), translator).asked
    assert (told["texts"], told["unchanged"]) == (0, 0)
    assert told["refused"] == len(cells("fr"))


@pytest.mark.parametrize("group", ["Publisher", "Auditor"])
def test_others_may_not_bring_texts(full_moon: Event, group: str) -> None:
    with pytest.raises(ApplicationError) as refusal:
        proposed(carried("de"), member(group))
    assert refusal.value.code == ErrorCode.PERMISSION_DENIED
    assert not DeskJob.objects.exists()


def test_rights_are_asked_again_when_it_is_written(
    translator: User, full_moon: Event, at: datetime
) -> None:
    job = proposed(changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}), translator)
    import_confirm(job_id=job.pk, actor=translator)
    translator.groups.clear()
    desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    assert (job.done, job.refused) == (0, 1)
    assert not TextState.objects.exists()


def test_nobody_confirms_or_stops_anothers_import(
    translator: User, curator: User, full_moon: Event
) -> None:
    other = member("Translator-fr")
    job = proposed(changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}), translator)
    for actor in (other, curator):
        with pytest.raises(ApplicationError) as refusal:
            import_confirm(job_id=job.pk, actor=actor)
        assert refusal.value.code == ErrorCode.NOT_FOUND
    import_confirm(job_id=job.pk, actor=translator)
    with pytest.raises(ApplicationError) as refusal:
        desk_job_stop(job_id=job.pk, actor=other)
    assert refusal.value.code == ErrorCode.PERMISSION_DENIED
    assert desk_job_stop(job_id=job.pk, actor=curator).status == "stopped"
    assert not DeskText.objects.exists()


def test_a_proposal_writes_nothing_until_it_is_confirmed(
    translator: User, full_moon: Event, at: datetime
) -> None:
    before = stored()
    data = changed(carried("de"), {(full_moon.key, "title"): "Honigmond"})
    job = proposed(data, translator)
    assert (job.percent, job.is_open) == (0, False)
    assert not desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    assert stored() == before
    again = proposed(data, translator)
    assert list(DeskJob.objects.values_list("pk", flat=True)) == [again.pk]
    confirmed = import_confirm(job_id=again.pk, actor=translator)
    assert import_confirm(job_id=again.pk, actor=translator).status == confirmed.status


def test_judging_asks_as_often_for_one_row_as_for_ten(translator: User, summer: Span) -> None:
    rows = rows_of(carried("de"))

    def queries(count: int) -> int:
        sent = [row | {"text": f"{row['text']}!"} for row in rows[: 2 * count]]
        proposed(table(sent), translator)
        with CaptureQueriesContext(connection) as asked_:
            assert proposed(table(sent), translator).asked["texts"] == len(sent)
        return len(asked_)

    assert queries(1) == queries(10)


def test_a_table_of_nothing_is_a_header_alone() -> None:
    assert "".join(csv_pieces([])).count("\r\n") == 1


def test_an_import_is_carried_out_bit_by_bit(
    translator: User, summer: Span, at: datetime, messages: Messages
) -> None:
    rows = rows_of(carried("de", kinds=("full_moon", "new_moon")))
    data = table([row | {"text": f"{row['text']}!"} for row in rows])
    job = import_confirm(job_id=proposed(data, translator).pk, actor=translator)
    steps = 1
    while desk_job_step(job_id=job.pk, at=at, budget_s=0.0):
        steps += 1
    job.refresh_from_db()
    events = len({row["key"] for row in rows})
    assert (job.status, job.total, job.done, job.skipped) == ("done", events, events, 0)
    assert steps > events
    assert TextState.objects.count() == len(rows)
    assert len(messages()) == AuditEntry.objects.filter(action="event.update").count() == events


@pytest.mark.parametrize("days", [-60, 600], ids=["behind", "beyond"])
def test_events_that_move_in_time_meanwhile_keep_their_texts(
    translator: User, summer: Span, at: datetime, days: int
) -> None:
    rows = rows_of(carried("de", kinds=("full_moon",)))
    data = table([row | {"text": f"{row['text']}!"} for row in rows])
    job = import_confirm(job_id=proposed(data, translator).pk, actor=translator)
    assert desk_job_step(job_id=job.pk, at=at, budget_s=0.0)
    left = Event.objects.filter(pk__in=job.texts.values("event"))
    assert left.count() == job.total - 1
    moved = left.latest("occurs_at")
    Event.objects.filter(pk=moved.pk).update(occurs_at=moved.occurs_at + timedelta(days=days))
    desk_job_step(job_id=job.pk, at=at, budget_s=FOREVER_S)
    job.refresh_from_db()
    assert (job.status, job.done, job.skipped) == ("done", job.total, 0)
    assert TextState.objects.count() == len(rows)
