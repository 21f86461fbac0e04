"""What staff tell everybody, on an open page in Debian's chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import User
from events.models import Announcement
from events.services.notices import (
    announcement_create,
    announcement_publish,
    announcement_update,
    announcement_withdraw,
)
from events.tests.live_world import NOON
from events.tests.test_browser import live_page
from starscal.testing.live import LiveProcess, LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LINK = "https://sky.example/open-day"


def told(editor: User, title: str, **fields: str) -> Announcement:
    row = announcement_create(actor=editor, fields={"title_en": title, **fields})
    return announcement_publish(announcement_id=row.pk, actor=editor, at=NOON)


def test_an_open_page_shows_what_is_told_until_it_is_dismissed_or_withdrawn(
    editor: User, chromium: Browser, shared_server: LiveServer, shared_relay: LiveProcess
) -> None:
    page = live_page(chromium, shared_server, "de")
    titles = page.locator("#notices .notice strong")
    expect(titles).to_have_count(0)

    open_day = told(editor, "Open day", title_de="Tag der offenen Tür", link=LINK)
    repairs = told(editor, "Repairs")
    expect(titles).to_have_text(["Repairs", "Tag der offenen Tür"])
    english, german = page.locator("#notices .notice").all()
    expect(english).to_have_attribute("lang", "en")
    expect(english.locator("a")).to_be_hidden()
    expect(german).not_to_have_attribute("lang", "de")
    expect(german.locator("a")).to_have_attribute("href", LINK)

    german.locator("button").click()
    expect(titles).to_have_text(["Repairs"])
    assert page.evaluate("window.loadedOnce")
    page.reload()
    page.locator("#connection[data-state=live]").wait_for()
    expect(titles).to_have_text(["Repairs"])

    announcement_update(
        announcement_id=open_day.pk, actor=editor, fields={"body_de": "Am 4. Juli."}
    )
    expect(titles).to_have_text(["Tag der offenen Tür", "Repairs"])
    expect(page.locator("#notices p").first).to_have_text("Am 4. Juli.")
    announcement_withdraw(announcement_id=repairs.pk, actor=editor)
    expect(titles).to_have_text(["Tag der offenen Tür"])
