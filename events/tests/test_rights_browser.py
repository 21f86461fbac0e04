"""A translator and a curator at one event, in Debian's chromium."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from events.models import Event
from events.services.curation import EventEdit, event_create
from events.tests.desk_support import change_page, member
from events.tests.live_world import NOON
from starscal.core.i18n import column
from starscal.testing.live import LiveServer
from starscal.testing.staff import staff_sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORDS = "Առաջին տող՝ «լուսին»։\n\nԵրկրորդ տող & <b>։"


@pytest.fixture
def gathering(transactional_db: None) -> Event:
    owner = User.objects.create_superuser("owner", password=None)
    texts = {column("title", code): f"Fire {code}" for code in ("en", "ru", "hy")}
    texts["description_hy"] = "Հին տող։\n\nԵվս մեկը։"
    edit = EventEdit(texts=texts)
    return event_create(actor=owner, occurs_at=NOON, edit=edit, at=NOON)


def desk(browser: Browser, server: LiveServer, group: str, event: Event) -> Page:
    """Open the event's page as a member of a group who reads Armenian."""
    person, client = member(group), Client()
    User.objects.filter(pk=person.pk).update(language="hy")
    staff_sign_in(client, person)
    context = browser.new_context()
    for name, morsel in client.cookies.items():
        context.add_cookies([{"name": name, "value": morsel.value, "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(urljoin(server.url, change_page(event)))
    return page


def text_inputs(page: Page) -> set[str]:
    names = page.locator("#event_form :is(textarea, input[type=text])").evaluate_all(
        "all => all.map(input => input.name)"
    )
    return {str(name) for name in names}


def test_a_translator_edits_one_language_and_a_curator_is_shown_it(
    gathering: Event, chromium: Browser, fresh_server: LiveServer
) -> None:
    translator = desk(chromium, fresh_server, "Translator-hy", gathering)
    curator = desk(chromium, fresh_server, "Curator", gathering)
    assert text_inputs(translator) == {"title_hy", "description_hy", "reflection_hy"}
    expect(translator.locator(".status-form")).to_have_count(0)
    translator.locator("[name=description_hy]").fill(WORDS)
    translator.locator("[name=_continue]").first.click()
    expect(translator.locator(".messagelist .success")).to_be_visible()
    assert Event.objects.get(pk=gathering.pk).text("description", "hy") == WORDS
    # What a browser makes of line ends is no change.
    translator.locator("[name=title_hy]").fill("Կրակ")
    translator.locator("[name=_continue]").first.click()
    expect(translator.locator(".messagelist .success")).to_be_visible()
    # The curator's page is older: their own cell is saved only after both texts were seen.
    curator.locator("[name=description_hy]").fill("Իմը։\n\nԿրկին։")
    curator.locator("[name=_continue]").first.click()
    theirs = curator.locator(".errorlist:not(.nonfield)")
    expect(theirs).to_contain_text("Երկրորդ տող & <b>։")
    assert Event.objects.get(pk=gathering.pk).text("description", "hy") == WORDS
    expect(curator.locator("[name=title_hy]")).to_have_value("Կրակ")
    curator.locator("[name=_continue]").first.click()
    expect(curator.locator(".messagelist .success")).to_be_visible()
    stored = Event.objects.get(pk=gathering.pk)
    assert stored.text("description", "hy") == "Իմը։\n\nԿրկին։"
    assert (stored.text("title", "hy"), stored.text("title", "ru")) == ("Կրակ", "Fire ru")
