"""The pages work under their policy: chromium reports no violation of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from accounts.models import User
from starscal.testing.live import LiveServer

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow,
]  # fmt: skip

PASSWORD = "a long and good password"
WATCH = (
    "window.broken = []; document.addEventListener('securitypolicyviolation',"
    " event => window.broken.push(event.violatedDirective + ' ' + event.blockedURI));"
)
FIGURE = "/api/v1/events/moon-full-2026-12-24/figure.svg"
PAGES = ("/en/", "/de/", "/en/nothing/here", "/api/v1/docs/", "/admin/login/")
ADMIN = ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/events/event/")


def test_a_drawing_styles_itself_under_its_policy(
    chromium: Browser, running_server: LiveServer
) -> None:
    context = chromium.new_context(color_scheme="dark")
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda told: refused.append(told.text))
    page.goto(running_server.url + FIGURE, wait_until="load")
    styled = page.evaluate("document.styleSheets.length && document.styleSheets[0].cssRules.length")
    assert refused == []
    assert styled
    context.close()


def test_no_page_breaks_its_policy(chromium: Browser, running_server: LiveServer) -> None:
    User.objects.create_superuser("vega", password=PASSWORD)
    context = chromium.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def visit(path: str) -> list[str]:
        page.goto(running_server.url + path, wait_until="load")
        if path.endswith("/docs/"):
            page.wait_for_selector(".swagger-ui .opblock")
            page.locator(".swagger-ui .opblock-summary-control").first.click()
            page.wait_for_selector(".swagger-ui .opblock-body")
        found: list[str] = page.evaluate("window.broken")
        return [f"{path}: {what}" for what in found]

    broken = [what for path in PAGES for what in visit(path)]
    page.fill("#id_username", "vega")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/**")
    broken += [what for path in ADMIN for what in visit(path)]
    assert broken == []
    assert errors == []
