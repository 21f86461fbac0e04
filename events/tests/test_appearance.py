"""Pages of ten languages in chromium: nothing cut off, no box, no text of another language."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, ViewportSize

from events.kinds import COMPUTED
from events.services.generation import event_generate
from events.windows import Span
from starscal.core import clock
from starscal.testing.appearance import boxes, foreign, sticking_out, texts
from starscal.testing.live import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1180, "height": 800}
PAGES = {
    "home": "/{language}/",
    "eclipse": "/{language}/events/solar-eclipse-2026-08-12/",
    "season": "/{language}/events/march-equinox-2026/?visible_from=-33.9,151.2",
    "sign-in": "/{language}/account/sign-in/",
    "register": "/{language}/account/register/",
    "missing": "/{language}/nothing/",
}


@pytest.fixture
def sky(transactional_db: None) -> None:
    """Store two months of the sky for the home page."""
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    event_generate(span=Span(start, start + timedelta(days=62)), families=tuple(COMPUTED))


def shown(page: Page, server: LiveServer, name: str, language: str) -> Page:
    page.goto(urljoin(server.url, PAGES[name].format(language=language)))
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_in_one_language(
    sky: None, chromium: Browser, shared_server: LiveServer, name: str
) -> None:
    page = chromium.new_page(viewport=PHONE)
    page.set_default_timeout(15_000)
    english = frozenset(texts(shown(page, shared_server, name, "en")))
    found = {}
    for language in LANGUAGES:
        shown(page, shared_server, name, language)
        faults = {
            "wide": sticking_out(page),
            "boxes": boxes(page),
            "foreign": foreign(texts(page), language, english),
        }
        page.set_viewport_size(DESK)
        faults["wide at a desk"] = sticking_out(page)
        page.set_viewport_size(PHONE)
        found[language] = {kind: what for kind, what in faults.items() if what}
    assert {language: faults for language, faults in found.items() if faults} == {}


def test_what_is_looked_for_is_found(
    chromium: Browser, shared_server: LiveServer, transactional_db: None
) -> None:
    page = shown(chromium.new_page(viewport=PHONE), shared_server, "sign-in", "hy")
    page.evaluate("""() => {
      const element = document.createElement("p");
      element.textContent = "Sign in \\u0378 \\u{10ffff} Привет";
      element.style.width = "600px";
      document.body.append(element);
    }""")
    assert {"\u0378", "\U0010ffff"} <= set(boxes(page))
    assert any("Sign in" in element for element in sticking_out(page))
    assert any("Привет" in text for text in foreign(texts(page), "hy", ()))
