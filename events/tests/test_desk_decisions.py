"""The buttons of the queues: keep a text or take the machine's, and come back to the same place."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.models import Event, TextState
from events.services.curation import EventEdit, event_update
from events.tests.desk_support import member
from starscal.core import clock
from starscal.testing.staff import staff_sign_in

Given = Callable[..., Event]
STALE, REVIEW = reverse("admin:desk_stale"), reverse("admin:desk_review")


def write(event: Event, person: User, **texts: str) -> None:
    edit = EventEdit(texts=texts)
    event_update(event_id=event.pk, actor=person, edit=edit, at=clock.now())


def aged(event: Event, language: str = "de") -> None:
    """Have a person's title be older than what the machine says now."""
    states = TextState.objects.filter(event=event, language=language, field="title")
    states.update(status="stale", generated_text="Voller Mond heute", basis_text="Mond heute")


@pytest.fixture
def stale(full_moon: Event, curator: User) -> Event:
    """Return an event with a stale German title."""
    write(full_moon, curator, title_de="Der Mond des Sommers")
    aged(full_moon)
    return full_moon


class Queue:
    """A queue that somebody has open."""

    def __init__(self, person: User, address: str) -> None:
        self.client, self.address = Client(), address
        staff_sign_in(self.client, person)

    def open(self) -> str:
        return self.client.get(self.address).content.decode()

    def forms(self) -> list[dict[str, str]]:
        """Return what the forms of the rows send, but for the button."""
        found = re.findall(r'<form class="desk-decide".*?</form>', self.open(), re.DOTALL)
        pairs = [re.findall(r'name="(\w+)" value="([^"]*)"', form) for form in found]
        return [{n: unescape(v) for n, v in form if n != "decision"} for form in pairs]

    def press(self, decision: str, form: dict[str, str]) -> str:
        """Press a button; return the address it leads to, and keep what is said there."""
        answer = self.client.post(self.address, form | {"decision": decision})
        self.status = answer.status_code
        return answer.headers.get("Location", "")


def german(event: Event) -> str:
    return Event.objects.get(pk=event.pk).text("title", "de")


def test_a_row_compares_what_the_machine_said_and_says(stale: Event) -> None:
    html = Queue(member("Translator-de"), f"{STALE}?language=de").open()
    assert "<ins>Voller </ins>Mond heute" in html or "<ins>Voller</ins>" in html
    assert "Der Mond des Sommers" in html
    assert "curator" in html


def test_keeping_a_text_settles_it(stale: Event) -> None:
    queue = Queue(member("Translator-de"), f"{STALE}?language=de")
    (form,) = queue.forms()
    assert queue.press("keep", form) == f"{STALE}?language=de"
    state = TextState.objects.get(event=stale, language="de")
    assert (state.status, state.basis_text) == ("ok", "Voller Mond heute")
    assert german(stale) == "Der Mond des Sommers"
    html = queue.open()
    assert "The text stays as it is." in html
    assert "Nothing waits here." in html


def test_taking_the_machines_text_puts_it_there(stale: Event) -> None:
    queue = Queue(member("Translator-de"), f"{STALE}?language=de")
    queue.press("take", queue.forms()[0])
    assert german(stale) == "Voller Mond heute"
    assert not TextState.objects.filter(event=stale, language="de").exists()


def test_a_decision_leads_to_the_next_row_of_the_same_page(full_moon: Event, curator: User) -> None:
    moons = list(Event.objects.filter(event_type="full_moon").order_by("occurs_at"))
    for moon in moons:
        write(moon, curator, title_de=f"Mond {moon.slug}")
        aged(moon)
    first = TextState.objects.earliest("pk").pk
    address = f"{STALE}?language=de&kind=full_moon&after={first}"
    queue = Queue(member("Curator"), address)
    forms = queue.forms()
    assert [form["event"] for form in forms] == [str(moon.pk) for moon in moons[1:]]
    assert queue.press("keep", forms[0]) == f"{address}#row-{moons[2].pk}-title"
    assert queue.press("keep", forms[-1]) == address


@pytest.mark.parametrize("decision", ["keep", "take"])
def test_what_has_changed_meanwhile_is_told_and_left_alone(
    stale: Event, curator: User, decision: str
) -> None:
    queue = Queue(member("Translator-de"), f"{STALE}?language=de")
    (form,) = queue.forms()
    write(stale, curator, title_de="Inzwischen")
    aged(stale)
    assert queue.press(decision, form).endswith(f"#row-{stale.pk}-title")
    assert german(stale) == "Inzwischen"
    assert TextState.objects.get(event=stale, language="de").status == "stale"
    html = queue.open()
    assert "changed since you looked" in html
    assert "Inzwischen" in html


@pytest.mark.parametrize(
    ("group", "buttons"),
    [
        ("Curator", {"keep", "take"}),
        ("Publisher", {"keep"}),
        ("Translator-de", {"keep", "take"}),
        ("Translator-hy", set()),
        ("Auditor", set()),
    ],
)
def test_buttons_and_what_they_do_follow_the_rights(
    stale: Event, group: str, buttons: set[str]
) -> None:
    shown = Queue(member("Curator") if group != "Curator" else member("Publisher"), STALE)
    shown.address = f"{STALE}?language=de"
    (form,) = shown.forms()
    queue = Queue(User.objects.filter(username=f"member-{group}").first() or member(group), STALE)
    queue.address = shown.address
    found = re.findall(r'name="decision" value="(\w+)"', queue.open())
    assert set(found) == buttons
    for decision in {"keep", "take"} - buttons:
        queue.press(decision, form)
        assert queue.status == 403
    assert german(stale) == "Der Mond des Sommers"
    assert TextState.objects.get(event=stale, language="de").status == "stale"


def test_a_translator_is_led_to_the_own_language(stale: Event) -> None:
    assert 'lang="de">Der Mond des Sommers' in Queue(member("Translator-de"), STALE).open()


def test_the_switch_counts_and_keeps_the_kind(stale: Event) -> None:
    html = Queue(member("Curator"), f"{STALE}?language=hy&kind=full_moon").open()
    assert "Deutsch (1)" in html
    assert "français (0)" in html or "Français (0)" in html
    assert "?language=de&amp;kind=full_moon" in html
    assert "Nothing waits here." in html
    others = Queue(
        User.objects.get(username="member-Curator"), f"{STALE}?language=de&kind=new_moon"
    )
    assert "Nothing waits here." in others.open()


def test_the_english_before_and_now_stands_in_the_row(full_moon: Event, curator: User) -> None:
    english = full_moon.text("title", "en")
    write(full_moon, curator, title_de="Mein Mond")
    write(full_moon, curator, title_en=f"{english} tonight")
    write(full_moon, curator, title_en=f"{english} tonight, again")
    html = Queue(member("Curator"), f"{REVIEW}?language=de").open()
    assert f"{english}<ins> tonight, again</ins>" in html
    assert "Keep my text" in html
    french = Queue(member("Translator-fr"), f"{REVIEW}?language=fr").open()
    assert f"{english}<ins> tonight, again</ins>" in french
    assert "Keep this text" in french
    assert 'value="take"' not in french


def test_the_english_before_is_that_of_the_last_look(full_moon: Event, curator: User) -> None:
    write(full_moon, curator, title_en="First words")
    queue = Queue(member("Translator-de"), f"{REVIEW}?language=de")
    queue.press("keep", queue.forms()[0])
    write(full_moon, curator, title_en="Second words")
    html = queue.open()
    assert re.search(r"<del>First ?</del><ins>Second ?</ins>", html)
    assert full_moon.text("title", "en") not in html


def test_where_the_trail_does_not_tell_the_english_of_now_stands_alone(
    full_moon: Event,
) -> None:
    TextState.objects.create(
        event=full_moon, field="title", language="de", source="human", status="needs_review"
    )
    html = Queue(member("Curator"), f"{REVIEW}?language=de").open()
    assert f'<td lang="en" data-label="English">{full_moon.text("title", "en")}' in html
    assert "<del>" not in html


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"decision": "drop"}, id="another wish"),
        pytest.param({"event": "x"}, id="no event"),
        pytest.param({"field": "key"}, id="no text"),
        pytest.param({"language": "tlh"}, id="no language"),
        pytest.param({"seen": "a\x00b"}, id="NUL"),
        pytest.param({"next": "//example.org/"}, id="an address"),
    ],
)
def test_what_no_button_sends_is_refused(stale: Event, sent: dict[str, str]) -> None:
    queue = Queue(member("Curator"), f"{STALE}?language=de")
    (form,) = queue.forms()
    queue.press(sent.get("decision", "keep"), form | sent if sent else {})
    assert queue.status == 400


def test_an_unknown_kind_is_refused(stale: Event) -> None:
    queue = Queue(member("Curator"), f"{STALE}?kind=ghost")
    assert queue.client.get(queue.address).status_code == 400


def test_a_missing_event_is_told(stale: Event) -> None:
    queue = Queue(member("Curator"), f"{STALE}?language=de")
    (form,) = queue.forms()
    form["event"] = "00000000-0000-4000-8000-000000000000"
    queue.press("keep", form)
    assert queue.status == 302
    assert "There is no such event." in queue.open()
