"""Linking and signing up in Debian's chromium, over real Daphne and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django import Settings

from accounts.models import User
from starscal.core import clock
from starscal.testing.browser import CONTRAST
from starscal.testing.live import LiveServer
from telegram_link.models import BotState, TelegramAccount
from telegram_link.tests.linking_support import BOT, agree, code_of, start

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.slow,
]  # fmt: skip
CHAT = 700_001
PHONE: ViewportSize = {"width": 360, "height": 740}
PASSWORD = "a long enough word for one test"
TOKEN = "5550001111:AAdouble-of-the-Bot-API_only-here00"


@pytest.fixture
def bot_server(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, request: pytest.FixtureRequest
) -> LiveServer:
    """Run the site with a bot that is on; what people do in Telegram is done here."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    settings.TELEGRAM_BOT_TOKEN = TOKEN
    server: LiveServer = request.getfixturevalue("running_server")
    BotState.objects.update_or_create(pk=1, defaults={"username": BOT})
    return server


def address_on(page: Page) -> str:
    return page.locator('a[href^="https://t.me/"]').get_attribute("href") or ""


def is_within(page: Page) -> bool:
    """Say whether nothing sticks out of the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def pictured(page: Page, folder: Path, name: str) -> None:
    assert is_within(page), name
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_shows_by_itself_who_has_opened_the_link(
    chromium: Browser, bot_server: LiveServer, tmp_path: Path, scheme: str
) -> None:
    User.objects.create_user("anna", "anna@example.org", PASSWORD, email_verified_at=clock.now())
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_default_timeout(15_000)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(urljoin(bot_server.url, "/en/account/sign-in/?next=/en/telegram/"))
    page.locator("#id_login").fill("anna")
    page.locator("#id_password").fill(PASSWORD)
    pictured(page, tmp_path, f"{scheme}-0-sign-in")
    page.locator(".fields button").click()
    pictured(page, tmp_path, f"{scheme}-1-begin")
    page.locator(".sheet .button").click()
    pictured(page, tmp_path, f"{scheme}-2-waiting")
    agree(CHAT, address_on(page), "Anna <i>K.</i>", "anna_k")
    expect(page.locator(".card-title")).to_contain_text("Anna <i>K.</i>")  # nobody pressed anything
    pictured(page, tmp_path, f"{scheme}-3-opened")
    assert page.evaluate(CONTRAST, ".card-title") >= 4.5
    page.locator(".sheet .button").first.click()
    expect(page.locator(".note-success")).to_be_visible()
    pictured(page, tmp_path, f"{scheme}-4-linked")
    assert TelegramAccount.objects.get().user.username == "anna"
    page.locator(".card button").click()
    expect(page.locator(".note-success")).to_be_visible()
    assert not TelegramAccount.objects.exists()
    assert told == []
    context.close()


def test_somebody_new_signs_up_without_a_script(
    chromium: Browser, bot_server: LiveServer, tmp_path: Path
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(urljoin(bot_server.url, "/en/account/sign-in/"))
    page.locator('a[href*="/telegram/sign-in/"]').click()
    pictured(page, tmp_path, "5-sign-in")
    page.locator(".sheet .button").click()
    pictured(page, tmp_path, "6-code")
    code = code_of(start(CHAT, address_on(page), "Ada L.", "ada_l"))
    page.locator("#id_code").fill("0" if code == "000000" else "000000")
    page.locator(".fields button").click()
    expect(page.locator(".note-error")).to_be_visible()
    pictured(page, tmp_path, "7-wrong")
    page.locator("#id_code").fill(code)
    page.locator(".fields button").click()
    pictured(page, tmp_path, "8-consent")
    assert not User.objects.exists()
    page.locator(".fields button").click()
    expect(page.locator(".tabs-who")).to_have_text("Ada L.")
    assert TelegramAccount.objects.get().user.username == "ada_l"
    context.close()
