"""The whole way through an account in Debian's chromium, over real Daphne and PostgreSQL."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Browser, Page, ViewportSize, expect

from accounts.models import ApiKey, Session, User
from accounts.services.mails import mails_send
from starscal.core import clock
from starscal.testing.browser import CONTRAST
from starscal.testing.live import LiveServer

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow,
]  # fmt: skip
PASSWORD = "a long enough word for one test"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PHONE: ViewportSize = {"width": 360, "height": 740}
OWN = ("profile", "preferences", "password", "sessions", "keys", "data", "delete")


class Visitor:
    """Somebody with a browser and a mailbox."""

    def __init__(self, page: Page, server: LiveServer, language: str = "en") -> None:
        self.page, self.server, self.language = page, server, language
        page.set_default_timeout(15_000)

    def go(self, name: str) -> None:
        self.page.goto(urljoin(self.server.url, f"/{self.language}/account/{name}/"))

    def send(self, **fields: str) -> None:
        """Fill the fields of the page's form and press its button."""
        for name, value in fields.items():
            self.page.locator(f"#id_{name}").fill(value)
        self.page.locator(".fields button").click()

    def sign_in(self) -> None:
        self.go("sign-in")
        self.send(login="Anna", password=PASSWORD)
        expect(self.page.locator("nav.tabs")).to_be_visible()

    def follow_letter(self) -> None:
        """Open the link of the newest letter and press the button behind it."""
        mail.outbox.clear()
        assert mails_send(at=clock.now()) == 1
        links = re.findall(r"https?://\S+/account/\S+", str(mail.outbox[0].body))
        self.page.goto(urljoin(self.server.url, urlsplit(links[0]).path))
        self.page.locator(".fields button").click()


def test_from_registering_to_leaving_and_back(
    chromium: Browser, running_server: LiveServer, tmp_path: Path
) -> None:
    # Nothing here needs a script.
    context = chromium.new_context(java_script_enabled=False, accept_downloads=True)
    visitor = Visitor(context.new_page(), running_server)
    page = visitor.page
    register(visitor)
    visitor.sign_in()
    profile_and_preferences(visitor)
    key(visitor)
    sessions(visitor)
    visitor.sign_in()
    export(visitor, tmp_path)
    visitor.go("delete")
    visitor.send(password=PASSWORD)
    visitor.go("profile")
    expect(page).to_have_url(re.compile("/sign-in/"))
    visitor.follow_letter()
    visitor.sign_in()
    expect(page.locator(".tabs-who")).to_have_text("Anna K.")
    context.close()


def register(visitor: Visitor) -> None:
    page = visitor.page
    page.goto(urljoin(visitor.server.url, "/en/"))
    page.locator(".account-link").click()
    page.locator(".links a").first.click()
    visitor.send(username="Anna", email="anna@example.org", password="short")
    expect(page.locator("#id_password_error")).to_be_visible()
    expect(page.locator("#id_password")).to_be_focused()
    expect(page.locator("#id_username")).to_have_value("Anna")
    visitor.send(password=PASSWORD)
    assert not User.objects.exists()
    visitor.follow_letter()
    expect(page.locator(".note-success")).to_be_visible()
    assert User.objects.get().email_verified_at


def profile_and_preferences(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("profile")
    page.locator("#id_timezone").select_option("Asia/Yerevan")
    visitor.send(display_name="Anna K.", latitude_deg="95", longitude_deg="44.5")
    expect(page.locator("#id_latitude_deg_error")).to_be_visible()
    visitor.send(latitude_deg="40.2")
    expect(page.locator(".note-success")).to_be_visible()
    visitor.go("preferences")
    visitor.send(interests="meditation, eclipses")
    expect(page.locator("#id_interests_error")).to_be_visible()
    page.locator("#id_consent").check()
    page.locator("summary", has_text="Show the list").click()
    page.get_by_label("Solar eclipse").check()
    visitor.send()
    expect(page.locator(".note-success")).to_be_visible()
    user = User.objects.get()
    assert (user.display_name, user.timezone, user.latitude_deg) == (
        "Anna K.",
        "Asia/Yerevan",
        40.2,
    )
    assert user.spiritual_preferences == {
        "event_types": ["solar_eclipse"],
        "interests": ["meditation", "eclipses"],
        "consent": True,
    }


def key(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("keys")
    expect(page.locator(".empty")).to_be_visible()
    visitor.send(name="My website")
    secret = page.locator("#secret").input_value()
    assert secret.startswith(ApiKey.objects.get().prefix)
    visitor.go("keys")
    assert secret not in page.content()
    page.locator(".card button").click()
    expect(page.locator(".card .tag")).to_be_visible()
    assert ApiKey.objects.get().revoked_at


def sessions(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("sessions")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".card .tag")).to_have_text("this browser")
    page.locator(".danger").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    assert not Session.objects.filter(revoked_at=None).exists()


def export(visitor: Visitor, folder: Path) -> None:
    visitor.go("data")
    with visitor.page.expect_download() as download:
        visitor.page.locator(".sheet form button").click()
    download.value.save_as(folder / "export.json")
    told = json.loads((folder / "export.json").read_text())
    assert told["user"] == str(User.objects.get().pk)
    assert PASSWORD not in (folder / "export.json").read_text()


@pytest.mark.parametrize(
    "languages",
    [
        pytest.param(("de", "hi", "hy"), id="the widest"),
        pytest.param(LANGUAGES, id="all", marks=pytest.mark.slow),
    ],
)
def test_every_language_fits_a_phone_by_day_and_by_night(
    chromium: Browser, running_server: LiveServer, languages: Sequence[str]
) -> None:
    User.objects.create_user("Anna", "anna@example.org", PASSWORD, display_name="Anna " * 15)
    context = chromium.new_context(viewport=PHONE, color_scheme="dark")
    errors: list[str] = []
    page = context.new_page()
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    Visitor(page, running_server).sign_in()
    for language in languages:
        visitor = Visitor(page, running_server, language)
        for name in OWN:
            visitor.go(name)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], (language, name, wide)
    assert errors == []
    context.close()


def test_what_is_written_is_readable_by_day_and_by_night(
    chromium: Browser, running_server: LiveServer
) -> None:
    User.objects.create_user("Anna", "anna@example.org", PASSWORD)
    page = chromium.new_page()
    visitor = Visitor(page, running_server)
    visitor.sign_in()
    visitor.go("profile")
    visitor.send(latitude_deg="95")
    page.locator(".error").first.wait_for()
    readings = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for selector in ("h1", ".lead", ".help", ".error", ".tabs a", ".plain", "label"):
            readings[scheme, selector] = page.evaluate(CONTRAST, selector)
    assert min(readings.values()) >= 4.5, readings  # WCAG 2.2, 1.4.3


def test_the_keyboard_reaches_everything_in_order(
    chromium: Browser, running_server: LiveServer
) -> None:
    page = chromium.new_page()
    Visitor(page, running_server).go("sign-in")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    seen = []
    for _step in range(5):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert seen == ["id_login", "id_password", "INPUT", "BUTTON", "A"]


def test_signing_in_needs_no_mouse(chromium: Browser, running_server: LiveServer) -> None:
    User.objects.create_user("Anna", "anna@example.org", PASSWORD)
    page = chromium.new_page()
    noise: list[str] = []
    page.on("console", lambda m: noise.append(m.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    Visitor(page, running_server).go("sign-in")
    page.locator("#content").focus()
    for typed in ("Tab", "Anna", "Tab", PASSWORD, "Tab", "Space"):
        (page.keyboard.press if typed in {"Tab", "Space"} else page.keyboard.type)(typed)
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    expect(page.locator("#id_password")).to_have_value(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("nav.tabs")).to_be_visible()
    assert noise == []


def test_an_error_leads_to_its_field(chromium: Browser, running_server: LiveServer) -> None:
    page = chromium.new_page()
    visitor = Visitor(page, running_server, "fr")
    visitor.go("register")
    visitor.send(username="Otto", email="otto@example.org", password="short")
    password = page.locator("#id_password")
    expect(password).to_be_focused()
    told_by = str(password.get_attribute("aria-describedby")).split()
    assert told_by == ["id_password_helptext", "id_password_error"]
    assert all(page.locator(f"#{part}").count() == 1 for part in told_by)
    page.locator("h1").click()
    page.locator(".note-error a").click()
    expect(password).to_be_focused()


def test_without_scripts_nothing_offers_to_show_a_password(
    chromium: Browser, running_server: LiveServer
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    visitor = Visitor(context.new_page(), running_server)
    visitor.go("sign-in")
    expect(visitor.page.locator(".reveal")).to_be_hidden()
    context.close()
