"""Overrides and queues in Debian's chromium, with scripts and without, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from events.models import Event, TextState
from events.services.curation import EventEdit, event_update
from events.services.generation import event_generate
from events.tests.conftest import FEW_FAMILIES, SUMMER_2026
from events.tests.desk_support import change_page, member
from events.tests.live_world import NOON
from starscal.testing.browser import WAIT_MS
from starscal.testing.live import LiveServer
from starscal.testing.staff import staff_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 800}
WHY = "The hour of the gathering counts."
Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, fresh_server: LiveServer) -> Iterator[Opened]:
    """Open a page of the admin as somebody; what the browser complains about fails the test."""
    errors: list[str] = []
    contexts = []

    def open_page(person: User, address: str, *, phone: bool = False) -> Page:
        client = Client()
        staff_sign_in(client, person)
        options = {"java_script_enabled": False, "viewport": PHONE} if phone else {}
        context = chromium.new_context(**options)  # type: ignore[arg-type] # as documented
        contexts.append(context)
        for name, morsel in client.cookies.items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": fresh_server.url}])
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(urljoin(fresh_server.url, address))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def moons(transactional_db: None) -> list[Event]:
    """Return three full moons, each with a German title that the machine has left behind."""
    event_generate(span=SUMMER_2026, families=FEW_FAMILIES)
    owner = User.objects.create_superuser("owner", password=None)
    found = list(Event.objects.filter(event_type="full_moon").order_by("occurs_at"))
    for moon in found:
        texts = EventEdit(texts={"title_de": f"Unser Mond, {moon.slug}"})
        event_update(event_id=moon.pk, actor=owner, edit=texts, at=NOON)
    TextState.objects.update(
        status="stale", generated_text="Vollmond im Schützen", basis_text="Vollmond"
    )
    return found


def fits(page: Page) -> bool:
    """Say whether nothing of a page is wider than the screen."""
    wide = page.locator("#content").evaluate("all => all.scrollWidth - all.clientWidth")
    return bool(wide <= 0)


def test_two_curators_override_and_readers_of_the_desk_see_it(
    moons: list[Event], opened: Opened
) -> None:
    moon = moons[0]
    mine = opened(member("Curator"), change_page(moon))
    mine.locator(".desk-overrides-link").click()
    theirs = opened(User.objects.get(username="owner"), mine.url, phone=True)
    mine.locator("[name=occurs_at]").fill("30.6.2026")
    mine.locator("[name=reason]").fill(WHY)
    mine.locator("#override_form [type=submit]").click()
    expect(mine.locator("[data-fact=occurs_at] .errorlist")).to_contain_text("2026-06-30 00:30")
    expect(mine.locator("[name=occurs_at]")).to_have_value("30.6.2026")
    mine.locator("[name=occurs_at]").fill("2026-06-30 00:30:00.125")
    mine.locator("#override_form [type=submit]").click()
    expect(mine.locator(".messagelist .success")).to_be_visible()
    expect(mine.locator(".override-now")).to_contain_text(WHY)
    assert fits(mine)
    # The other has an older page, and no scripts: both see what became of it.
    theirs.locator("[name=significance]").fill("5")
    theirs.locator("[name=reason]").fill("A comet.")
    theirs.locator("#override_form [type=submit]").click()
    expect(theirs.locator(".override-reason .errorlist")).to_contain_text(WHY)
    expect(theirs.locator("[name=occurs_at]")).to_have_value("2026-06-30 00:30:00.125")
    assert fits(theirs)
    theirs.locator("#override_form [type=submit]").click()
    expect(theirs.locator(".override-now")).to_contain_text("A comet.")
    event = Event.objects.get(pk=moon.pk)
    assert (event.overridden, event.significance) == (["occurs_at", "significance"], 5)
    auditor = opened(member("Auditor"), mine.url)
    expect(auditor.locator(".override-now")).to_contain_text("A comet.")
    inputs = auditor.locator("#override_form :is(input:not([type=hidden]), textarea)")
    expect(inputs).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone without scripts"])
def test_a_translator_decides_row_by_row(moons: list[Event], opened: Opened, phone: bool) -> None:
    page = opened(member("Translator-de"), reverse("admin:desk_stale"), phone=phone)
    rows = page.locator(".desk-queue tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first.locator("ins")).to_contain_text("im Schützen")
    assert fits(page)
    rows.first.locator("[value=keep]").click()
    expect(rows).to_have_count(2)
    assert page.url.endswith(f"#row-{moons[1].pk}-title")
    rows.first.locator("[value=take]").click()
    expect(rows).to_have_count(1)
    expect(page.locator(".messagelist .success")).to_contain_text("machine")
    titles = [Event.objects.get(pk=moon.pk).text("title", "de") for moon in moons]
    assert titles == [
        f"Unser Mond, {moons[0].slug}", "Vollmond im Schützen", f"Unser Mond, {moons[2].slug}",
    ]  # fmt: skip
    assert TextState.objects.filter(status="stale").count() == 1
