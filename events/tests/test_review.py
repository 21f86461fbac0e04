"""Texts that wait for a look: how they come to wait, are found, kept and given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from events.models import Event, TextState
from events.rendering import ALL_LANGUAGES
from events.selectors_texts import CellView, cells_of, queue_counts, queue_page
from events.services.curation import EventEdit, event_create, event_update
from events.services.generation import event_generate
from events.services.review import Cell, text_review, text_take_machine
from events.tests.conftest import FEW_FAMILIES, SUMMER_2026
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import AuditEntry, OutboxMessage

MessagesSince = Callable[[], list[OutboxMessage]]
OTHERS = [code for code in ALL_LANGUAGES if code != "en"]


class Desk:
    """What one person does with the texts of one event."""

    def __init__(self, event: Event, actor: User, at: datetime) -> None:
        self.event, self.actor, self.at = event, actor, at

    def write(self, **texts: str) -> Event:
        edit = EventEdit(texts=texts)
        return event_update(event_id=self.event.pk, actor=self.actor, edit=edit, at=self.at)

    def stored(self) -> Event:
        return Event.objects.get(pk=self.event.pk)

    def cell(self, language: str, field: str = "title") -> CellView:
        (found,) = (c for c in cells_of(event=self.stored(), language=language) if c.field == field)
        return found

    def keep(self, language: str, seen: str | None = None) -> TextState | None:
        return text_review(
            cell=Cell(self.event.pk, "title", language), actor=self.actor, at=self.at,
            seen=self.cell(language).seen if seen is None else seen,
        )  # fmt: skip

    def give_back(self, language: str, field: str = "title", seen: str | None = None) -> Event:
        return text_take_machine(
            cell=Cell(self.event.pk, field, language), actor=self.actor, at=self.at,
            seen=self.cell(language, field).seen if seen is None else seen,
        )  # fmt: skip

    def age(self, language: str) -> None:
        """Have the machine say something else than when the person wrote."""
        states = TextState.objects.filter(event=self.event, language=language)
        states.update(generated_text="Old words", basis_text="Old words")
        Event.objects.filter(pk=self.event.pk).update(template_hash="older")
        event_generate(span=SUMMER_2026, families=FEW_FAMILIES)


@pytest.fixture
def desk(full_moon: Event, curator: User, at: datetime) -> Desk:
    return Desk(full_moon, curator, at)


@pytest.fixture
def stale(desk: Desk) -> Desk:
    """Return a desk with a German title that the machine has left behind."""
    desk.write(title_de="Der Sonnwendmond")
    desk.age("de")
    assert desk.cell("de").status == "stale"
    return desk


def test_a_plain_text_stands_beside_its_english_and_is_the_machines(desk: Desk) -> None:
    cell, machine = desk.cell("de"), desk.event.text("title", "de")
    assert (cell.text, cell.machine_text, cell.basis_text) == (machine,) * 3
    assert cell.source_text == desk.event.text("title", "en")
    assert (cell.source, cell.status, cell.editor_name) == ("generated", "ok", "")
    assert [c.field for c in cells_of(event=desk.event, language="de")] == [
        "title", "description", "reflection",
    ]  # fmt: skip


def test_a_stale_text_shows_what_the_machine_said_and_says(stale: Desk) -> None:
    cell = stale.cell("de")
    assert (cell.text, cell.basis_text) == ("Der Sonnwendmond", "Old words")
    assert cell.machine_text == stale.event.text("title", "de")
    assert (cell.source, cell.editor_name, cell.edited_at) == ("human", "curator", stale.at)


def test_a_stale_text_is_kept_beside_the_new_machine_text(
    stale: Desk, messages: MessagesSince
) -> None:
    stale.keep("de")
    cell = stale.cell("de")
    assert (cell.status, cell.text) == ("ok", "Der Sonnwendmond")
    assert cell.basis_text == cell.machine_text == stale.event.text("title", "de")
    assert (cell.reviewer_name, cell.reviewed_at) == ("curator", stale.at)
    assert messages() == []
    entry = AuditEntry.objects.get(action="event.text_review")
    assert entry.changes == {"title_de": ["stale", "ok"]}


def test_keeping_twice_is_on_record_once(stale: Desk) -> None:
    stale.keep("de")
    stale.keep("de", seen="whatever")
    assert AuditEntry.objects.filter(action="event.text_review").count() == 1


def test_a_stale_text_gives_way_to_the_machines(stale: Desk, messages: MessagesSince) -> None:
    event = stale.give_back("de")
    machine = stale.event.text("title", "de")
    assert stale.stored().text("title", "de") == machine
    assert not TextState.objects.exists()
    (message,) = messages()
    assert message.key == f"{event.key}:updated:rev{event.revision}"
    assert message.body["words"]["de"]["title"] == machine
    entry = AuditEntry.objects.get(action="event.text_machine")
    assert entry.changes == {"title_de": ["Der Sonnwendmond", machine]}
    stale.give_back("de")
    assert len(messages()) == 1


@pytest.mark.parametrize("decision", ["keep", "give_back"])
def test_who_saw_another_state_is_told(stale: Desk, decision: str) -> None:
    seen = stale.cell("de").seen
    stale.write(title_en="The Moon of the solstice")
    with pytest.raises(ApplicationError) as caught:
        getattr(stale, decision)("de", seen=seen)
    assert caught.value.code == ErrorCode.EVENT_CONFLICT
    assert stale.cell("de").text == "Der Sonnwendmond"


def test_where_the_machine_says_nothing_there_is_nothing_to_take(desk: Desk) -> None:
    desk.write(reflection_fr="Respirez.")
    with pytest.raises(ApplicationError) as caught:
        desk.give_back("fr", field="reflection")
    assert caught.value.code == ErrorCode.EVENT_STATE


@pytest.mark.parametrize(
    ("field", "language"), [("slug", "de"), ("title", "tlh")], ids=["field", "language"]
)
def test_an_unknown_text_is_refused(desk: Desk, field: str, language: str) -> None:
    cell = Cell(desk.event.pk, field, language)
    with pytest.raises(ApplicationError) as caught:
        text_review(cell=cell, actor=desk.actor, seen="", at=desk.at)
    assert caught.value.code == ErrorCode.VALIDATION_INVALID


def test_visitors_decide_nothing(stale: Desk, visitor: User) -> None:
    stale.actor = visitor
    for decision in (stale.keep, stale.give_back):
        with pytest.raises(ApplicationError) as caught:
            decision("de")
        assert caught.value.code == ErrorCode.PERMISSION_DENIED


def test_new_english_asks_for_a_look_at_the_others(desk: Desk) -> None:
    desk.write(title_de="Der Sonnwendmond")
    desk.write(title_en="The Moon of the solstice", title_fr="La Lune du solstice")
    waiting = TextState.objects.filter(status="needs_review")
    expected = {code for code in OTHERS if code != "fr"}
    assert {state.language for state in waiting} == expected
    assert {state.field for state in waiting} == {"title"}
    assert desk.cell("de").source == "human"
    assert (desk.cell("hy").source, desk.cell("hy").machine_text) == (
        "generated", desk.event.text("title", "hy"),
    )  # fmt: skip


def test_the_machine_goes_on_with_texts_that_wait(desk: Desk) -> None:
    desk.write(title_en="The Moon of the solstice")
    Event.objects.filter(pk=desk.event.pk).update(title_hy="Հին")
    desk.age("hy")
    cell = desk.cell("hy")
    assert cell.text == cell.machine_text == desk.event.text("title", "hy")
    assert cell.status == "needs_review"


def test_a_machine_text_that_was_looked_at_waits_again_when_it_changes(desk: Desk) -> None:
    desk.write(title_en="The Moon of the solstice")
    desk.keep("hy")
    assert desk.cell("hy").status == "ok"
    desk.give_back("ja")
    assert desk.cell("ja").status == "ok"
    desk.age("hy")
    assert desk.cell("hy").status == "needs_review"


def test_a_text_that_needs_review_does_so_whatever_the_machine_says(desk: Desk) -> None:
    desk.write(title_de="Der Sonnwendmond")
    desk.write(title_en="The Moon of the solstice")
    desk.age("de")
    assert desk.cell("de").status == "needs_review"


def test_english_given_back_frees_the_machines_texts_and_asks_for_those_of_people(
    desk: Desk,
) -> None:
    desk.write(title_en="The Moon of the solstice", title_de="Der Sonnwendmond")
    desk.give_back("en")
    assert [(s.language, s.status) for s in TextState.objects.all()] == [("de", "needs_review")]


def test_emptied_english_does_the_same(desk: Desk) -> None:
    desk.write(title_en="The Moon of the solstice")
    desk.write(title_en="")
    assert not TextState.objects.exists()


def test_an_event_of_staff_waits_for_its_translations(curator: User, at: datetime) -> None:
    edit = EventEdit(texts={"title_en": "A walk", "title_de": "Ein Gang"})
    event = event_create(actor=curator, occurs_at=at, edit=edit, at=at)
    waiting = TextState.objects.filter(event=event, status="needs_review")
    assert {state.language for state in waiting} == set(OTHERS) - {"de"}
    assert set(waiting.values_list("generated_text", flat=True)) == {""}


def test_the_queue_goes_on_where_a_page_ended(desk: Desk) -> None:
    desk.write(title_en="The Moon of the solstice", description_en="Tonight.")
    seen, after = [], None
    while True:
        page = queue_page(status="needs_review", languages=["ru", "de", "hy"], after=after, limit=2)
        seen += [(row.cell.language, row.cell.field) for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == [(code, f) for code in ("de", "hy", "ru") for f in ("title", "description")]


def test_the_queue_keeps_to_a_kind_and_a_status(stale: Desk) -> None:
    def events(status: str, kind: str = "") -> list[str]:
        page = queue_page(status=status, languages=ALL_LANGUAGES, kind=kind)
        return [row.event.slug for row in page.rows]

    assert events("stale") == events("stale", "full_moon") == [stale.event.slug]
    assert events("stale", "new_moon") == events("needs_review") == []
    assert queue_counts() == {("stale", "de"): 1}


def test_the_queue_asks_as_often_for_many_as_for_one(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert queue_page(status="needs_review", languages=["de"]).rows
        return len(seen)

    desk.write(title_en="The Moon of the solstice")
    one = queries()
    for number, event in enumerate(Event.objects.exclude(pk=desk.event.pk)):
        edit = EventEdit(texts={"title_en": f"Number {number}"})
        event_update(event_id=event.pk, actor=desk.actor, edit=edit, at=desk.at)
    assert queries() == one


@pytest.fixture
def long_queue(db: None, at: datetime) -> None:
    """Store the texts of 200 events, of which every twentieth waits."""
    names = [f"night-{number}" for number in range(200)]
    events = Event.objects.bulk_create(Event(key=n, slug=n, occurs_at=at) for n in names)
    cells = product(events, ("title", "description", "reflection"), ALL_LANGUAGES)
    TextState.objects.bulk_create(
        TextState(
            event=event, field=field, language=language, source="human",
            status="ok" if number % 20 else "stale", generated_text=f"Night {number}",
        )
        for number, (event, field, language) in enumerate(cells)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_textstate")


def test_the_index_of_the_queue_serves_it(long_queue: None) -> None:
    language = ALL_LANGUAGES[0]  # every tenth text is of each language: it waits in this one alone
    rows = TextState.objects.filter(status="stale", language=language).order_by("pk")
    assert rows.count() == 300
    for page in (rows[:50], rows.filter(pk__gt=rows[250].pk)[:50]):
        plan = page.explain()
        assert "textstate_queue_idx" in plan
        assert "Sort" not in plan
