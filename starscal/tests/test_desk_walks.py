"""Every group of staff walks the desk from signing in on: what it may do reaches open sockets.

Debian's chromium, real PostgreSQL, Valkey, Daphne and relay.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, expect

from accounts.models import User
from events.models import TRANSLATED_FIELDS, Event
from events.services.curation import EventEdit, event_create
from events.tests.desk_support import change_page, member
from events.tests.live_client import LiveSocket
from events.tests.live_world import NOON
from starscal.core.i18n import column
from starscal.core.models import AuditEntry
from starscal.testing.browser import WAIT_MS
from starscal.testing.live import LiveProcess, LiveServer

pytestmark = [
    pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]  # fmt: skip
PASSWORD = "a long enough word for one walk"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
ALL_TEXTS = {column(field, code) for field in TRANSLATED_FIELDS for code in LANGUAGES}
WORDS = {
    "zh-hans": "篝火之夜", "hi": "अलाव की रात", "ru": "Ночь костров", "ja": "焚き火の夜",
    "hy": "Խարույկների գիշեր",
}  # fmt: skip
TYPED = "hy"  # by hand; the others' forms are sent as a browser would
SECONDS = 10.0


@pytest.fixture
def draft(transactional_db: None) -> Event:
    owner = User.objects.create_superuser("owner", password=None)
    edit = EventEdit(texts={column("title", code): f"Fire {code}" for code in LANGUAGES})
    return event_create(actor=owner, occurs_at=NOON, edit=edit, at=NOON)


class Walk:
    """One browser through which people come to the desk, one after another."""

    def __init__(self, context: BrowserContext, server: LiveServer) -> None:
        self.context, self.server = context, server
        self.errors: list[str] = []
        self.page = page = context.new_page()  # one for all: each would be a window
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.password = make_password(PASSWORD)  # once: it takes its time

    @contextmanager
    def as_member(self, group: str, event: Event) -> Iterator[Page]:
        """Come to the page of an event as a new member of a group."""
        with self.as_person(member(group), change_page(event)) as page:
            expect(page.locator("#desk.is-switched")).to_be_visible()
            yield page

    @contextmanager
    def as_person(self, person: User, address: str) -> Iterator[Page]:
        """Sign a person in with password and code, and out by forgetting who it was."""
        User.objects.filter(pk=person.pk).update(password=self.password)
        device = TOTPDevice.objects.create(user=person, name="totp")
        page = self.page
        page.goto(urljoin(self.server.url, address))
        submit(page, "#login-form", username=person.get_username(), password=PASSWORD)
        submit(page, "#code-form", code=f"{totp(device.bin_key):06d}")
        expect(page.locator("#user-tools")).to_contain_text(person.get_username())
        yield page
        self.context.clear_cookies()

    def post(self, page: Page, address: str, **values: str) -> APIResponse:
        """Send what no form of the page would, as whoever is signed in there."""
        token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        where = urljoin(self.server.url, address)
        return page.request.post(
            where, form={"csrfmiddlewaretoken": token, **values}, max_redirects=0,
            headers={"Referer": where},
        )  # fmt: skip


@pytest.fixture
def walk(chromium: Browser, fresh_server: LiveServer) -> Iterator[Walk]:
    walk = Walk(chromium.new_context(), fresh_server)
    yield walk
    walk.context.close()
    assert walk.errors == []


def submit(page: Page, form: str, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"{form} [name={name}]").fill(value)
    page.locator(f"{form} [type=submit]").first.click()


def save(page: Page) -> None:
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def text_inputs(page: Page) -> set[str]:
    """Return the names of the texts that can be written here."""
    named = page.locator("#event_form :is(textarea, input[type=text])[lang]")
    return {str(name) for name in named.evaluate_all("all => all.map(input => input.name)")}


def form_values(page: Page) -> dict[str, str]:
    """Return what the browser would send of the event's form."""
    form = page.locator("#event_form")
    values = form.evaluate("form => Object.fromEntries(new FormData(form))")
    return {str(name): str(value) for name, value in values.items()}


def buttons(page: Page) -> set[str]:
    found = page.locator(".status-form button").evaluate_all("all => all.map(b => b.value)")
    return {str(value) for value in found}


def titles(event: Event) -> dict[str, str]:
    stored = Event.objects.get(pk=event.pk)
    return {code: stored.text("title", code) for code in LANGUAGES}


def words(code: str) -> str:
    return WORDS.get(code, f"Night of fires, {code}")


def test_each_group_does_its_part_and_an_open_socket_hears_of_it(
    draft: Event, walk: Walk, shared_relay: LiveProcess
) -> None:
    curator_edits(walk, draft)
    for code in LANGUAGES:
        translator_writes_one_language(walk, draft, code)
    assert titles(draft) == {code: words(code) for code in LANGUAGES}
    publisher_publishes(walk, draft)
    auditor_sees_and_writes_nothing(walk, draft)


def curator_edits(walk: Walk, event: Event) -> None:
    """Write every language and the plain facts; publishing is not theirs."""
    with walk.as_member("Curator", event) as page:
        assert text_inputs(page) == ALL_TEXTS
        assert buttons(page) == set()
        page.locator("[name=title_en]").fill("Fires")
        page.locator("[name=quantum_resonance]").fill("0.5")
        save(page)
        forged = walk.post(page, status_page(event), operation="publish")
        assert forged.status == 403
    stored = Event.objects.get(pk=event.pk)
    assert (stored.text("title", "en"), stored.quantum_resonance) == ("Fires", 0.5)
    assert stored.status == Event.Status.DRAFT


def translator_writes_one_language(walk: Walk, event: Event, code: str) -> None:
    """Send every text and more: one's own language is written, whatever else changes nothing."""
    own, title = {column(field, code) for field in TRANSLATED_FIELDS}, column("title", code)
    with walk.as_member(f"Translator-{code}", event) as page:
        assert (text_inputs(page), buttons(page)) == (own, set())
        assert page.locator("[name=quantum_resonance]").count() == 0
        if code == TYPED:
            page.locator(f"[name={title}]").fill("Խարույկ")
            save(page)
        forgery = dict.fromkeys(ALL_TEXTS, f"Forged, {code}") | {"status": "published"}
        forgery |= {title: words(code), "quantum_resonance": "0.9", "significance": "5"}
        answer = walk.post(page, change_page(event), **form_values(page) | forgery)
        assert answer.status == 302
        refused = walk.post(page, status_page(event), operation="publish")
        added = walk.post(page, "/admin/events/event/add/", title_en="Forged")
        assert (refused.status, added.status) == (403, 403)
    stored = Event.objects.get(pk=event.pk)
    forged = {name for name in ALL_TEXTS if getattr(stored, name) == f"Forged, {code}"}
    assert forged == own - {title}
    assert (stored.status, stored.quantum_resonance) == (Event.Status.DRAFT, 0.5)


def status_page(event: Event) -> str:
    return change_page(event).replace("/change/", "/status/")


def publisher_publishes(walk: Walk, event: Event) -> None:
    """Publish, and write nothing; readers of two languages have it within seconds."""
    with (
        walk.as_member("Publisher", event) as page,
        LiveSocket(walk.server.ws_url) as armenian,
        LiveSocket(walk.server.ws_url) as english,
    ):
        assert (text_inputs(page), buttons(page)) == (set(), {"publish", "hide"})
        armenian.hello(lang="hy")
        english.hello(lang="en")
        began = time.monotonic()
        page.locator(".status-form [value=publish]").click()
        frame = armenian.event()
        assert english.event()["data"]["title"] == words("en")
        assert time.monotonic() - began < SECONDS
        assert (frame["type"], frame["data"]["id"]) == ("event.published", str(event.pk))
        assert frame["data"]["title"] == words("hy")
        expect(page.locator(".messagelist .success")).to_be_visible()
        assert buttons(page) == {"hide", "cancel"}


def auditor_sees_and_writes_nothing(walk: Walk, event: Event) -> None:
    """Read the event, its history and the trail; every form is closed."""
    with walk.as_member("Auditor", event) as page:
        assert (text_inputs(page), buttons(page)) == (set(), set())
        expect(page.locator("[name=_save], [name=_continue]")).to_have_count(0)
        expect(page.locator("#text-hy")).to_contain_text(words("hy"))
        entries = AuditEntry.objects.count()
        answers = [
            walk.post(page, change_page(event), title_hy="Forged", seen_revision="1"),
            walk.post(page, status_page(event), operation="hide"),
            walk.post(page, "/admin/events/event/add/", title_en="Forged"),
        ]
        assert [answer.status for answer in answers] == [403, 403, 403]
        assert AuditEntry.objects.count() == entries
        page.locator(".historylink").click()
        people = page.locator(".history-head").all_inner_texts()
        assert all(any(who in line for line in people) for who in ("Curator", "Publisher"))
        page.goto(urljoin(walk.server.url, "/admin/core/auditentry/"))
        expect(page.locator("#result_list tbody tr").first).to_be_visible()
    assert titles(event)["hy"] == words("hy")


def test_whoever_is_in_no_group_is_told_so(draft: Event, walk: Walk) -> None:
    with walk.as_person(User.objects.create_user("newcomer", is_staff=True), "/admin/") as page:
        expect(page.locator("#content-main")).to_contain_text("permission to view or edit")
        expect(page.locator("#desk-dashboard")).to_have_count(0)
        assert walk.errors == []
        answer = page.goto(urljoin(walk.server.url, change_page(draft)))
        assert answer is not None
        assert answer.status == 403
        expect(page.locator("h1")).to_have_text("This page is not open to you.")
        expect(page.locator("main")).to_contain_text("ask an administrator")
        walk.errors.clear()  # the browser complains about the 403


def test_whoever_is_no_staff_is_not_let_in(walk: Walk) -> None:
    User.objects.create(username="reader", password=walk.password)
    page = walk.page
    page.goto(urljoin(walk.server.url, "/admin/"))
    submit(page, "#login-form", username="reader", password=PASSWORD)
    expect(page.locator(".errornote")).to_contain_text("staff account")
