"""The glossary on the desk: a page to search, and hints beside the English texts."""

from __future__ import annotations

import re
import tomllib

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from events.desk.glossary_titles import TITLES
from events.models import Event, TextState
from events.tests.desk_support import change_page, member
from starscal.testing.staff import staff_sign_in

GLOSSARY = "admin:desk_glossary"


@pytest.fixture
def desk(client: Client, curator: User) -> Client:
    staff_sign_in(client, curator)
    return client


def test_the_page_shows_terms_with_forms_and_forbidden_words(desk: Client) -> None:
    html = desk.get(reverse(GLOSSARY), {"language": "hi", "q": "Neptune"}).content.decode()
    assert "नेपच्यून" in html
    assert "✗ वरुण ग्रह" in html
    assert "Venus" not in html
    assert desk.get(reverse(GLOSSARY), {"language": "hi"}).context["count"] > 300


def test_it_is_found_from_the_front_page(desk: Client) -> None:
    assert reverse(GLOSSARY) in desk.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [("xyzzy", "No term holds these words."), ("<script>", "&lt;script&gt;"), ("\x00", "0 terms")],
    ids=["unknown", "markup", "nul"],
)
def test_any_words_may_be_searched_for(desk: Client, words: str, told: str) -> None:
    response = desk.get(reverse(GLOSSARY), {"q": words})
    assert response.status_code == 200
    assert told in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "language"), [("hy", "hy"), ("PT_br", "pt-br"), ("tlh", "de"), ("en", "de")]
)
def test_the_language_is_the_one_asked_for_or_the_writers(
    client: Client, db: None, asked: str, language: str
) -> None:
    staff_sign_in(client, member("Translator-de"))
    assert client.get(reverse(GLOSSARY), {"language": asked}).context["language"] == language


def test_the_readers_language_goes_before_those_they_write(client: Client, db: None) -> None:
    translator = member("Translator-de")
    staff_sign_in(client, translator)
    assert client.get(reverse(GLOSSARY), {"lang": "ja"}).context["language"] == "ja"


def test_whoever_may_not_see_events_sees_no_glossary(client: Client, db: None) -> None:
    staff_sign_in(client, User.objects.create_user("stranger", password=None, is_staff=True))
    assert client.get(reverse(GLOSSARY)).status_code == 403


def test_hints_stand_beside_the_english_on_the_form(desk: Client, full_moon: Event) -> None:
    html = desk.get(change_page(full_moon)).content.decode()
    german = html[html.index('id="text-de"') : html.index('id="text-fr"')]
    assert "Vollmond</a>" in german
    english = html[html.index('id="text-en"') : html.index('id="text-zh-hans"')]
    assert "desk-hints" not in english


@pytest.mark.parametrize("status", ["stale", "needs_review"])
def test_hints_stand_in_the_queues(desk: Client, full_moon: Event, status: str) -> None:
    TextState.objects.create(
        event=full_moon, field="title", language="ru", source="human", status=status
    )
    page = "desk_stale" if status == "stale" else "desk_review"
    asked = {"language": "ru", "lang": "zh-hans"}
    html = desk.get(reverse(f"admin:{page}"), asked).content.decode()
    assert "полнолуние</a>" in html.casefold()
    hints = html[html.index('class="desk-hints"') :]
    assert re.findall(r'<a lang="([^"]*)"', hints)[:2] == ["zh-Hans", "ru"]


def test_every_part_has_a_title_that_is_translated() -> None:
    parts = tomllib.loads((settings.BASE_DIR / "locale/glossary/terms.toml").read_text())
    assert {part["title"] for part in parts["sections"].values()} == set(TITLES)
