"""Take pictures of a running site: the one of the README, or every page in every language.

`make run`, and beside it `.venv/bin/python -m tools.screenshots [--url http://127.0.0.1:8000]`
makes docs/images/home.png: the home page at night, and on a phone by day. With `--out DIR` it takes
each of `--pages` in each of `--languages` and `--looks`, and says what sticks out of its window.
Pages of the admin and of an account need `--login` of an account without a language of its own, and
in the environment SCREENSHOTS_PASSWORD and SCREENSHOTS_SECRET (base32, of the second factor; where
the account has none yet, one is set up).
Needs the packages of requirements-dev.txt and chromium, which also puts the two pictures together.
"""

import argparse
import base64
import json
import os
import shutil
import sys
import urllib.request
from base64 import b32decode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple
from urllib.parse import urljoin

from django_otp.oath import TOTP
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from starscal.testing.appearance import sticking_out

IMAGE = Path(__file__).parent.parent / "docs" / "images" / "home.png"
MOST_BYTES = 400_000
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=800)
LANGUAGES: Final = ("en", "zh-hans", "es", "hi", "pt-br", "de", "fr", "ja", "ru", "hy")
# What stands in braces is found out; a page after `>` is the one that the first row leads to.
PAGES: Final = {
    "home": "/{language}/",
    "event": "/{language}/events/{slug}/",
    "eclipse": "/{language}/events/{eclipse}/",
    "moon": "/{language}/events/{moon}/",
    "conjunction": "/{language}/events/{conjunction}/",
    "missing": "/{language}/nothing/",
    "register": "/{language}/account/register/",
    "sign-in": "/{language}/account/sign-in/",
    "forgotten": "/{language}/account/forgotten/",
    "letter-sent": "/{language}/account/letter-sent/",
    "broken-link": "/{language}/account/verify/nothing/",
    "admin-sign-in": "/admin/login/",
    "own-account": "/{language}/account/",
    "own-profile": "/{language}/account/profile/",
    "own-preferences": "/{language}/account/preferences/",
    "own-password": "/{language}/account/password/",
    "own-email": "/{language}/account/email/",
    "own-data": "/{language}/account/data/",
    "own-sessions": "/{language}/account/sessions/",
    "own-keys": "/{language}/account/keys/",
    "own-telegram": "/{language}/telegram/",
    "telegram-sign-in": "/{language}/telegram/sign-in/",
    "admin": "/admin/",
    "admin-list": "/admin/events/event/",
    "admin-form": "/admin/events/event/{id}/change/",
    "admin-preview": "/admin/events/event/{id}/preview/",
    "admin-overrides": "/admin/events/event/{id}/overrides/",
    "admin-changes": "/admin/events/event/{id}/changes/",
    "admin-runs": "/admin/events/event/desk/runs/",
    "admin-glossary": "/admin/events/event/desk/glossary/?q=moon",
    "admin-whole-kind": "/admin/events/event/desk/kinds/full_moon/",
    "admin-history": "/admin/events/event/{id}/history/",
    "admin-new": "/admin/events/event/add/",
    "admin-stale": "/admin/events/event/desk/stale/",
    "admin-review": "/admin/events/event/desk/review/",
    "admin-waiting": "/admin/events/event/desk/waiting/",
    "admin-states": "/admin/events/textstate/",
    "admin-jobs": "/admin/events/deskjob/",
    "admin-job": "/admin/events/deskjob/>",
    "admin-notices": "/admin/events/announcement/",
    "admin-notice": "/admin/events/announcement/>",
    "admin-presence": "/admin/events/announcement/presence/",
    "admin-kinds": "/admin/events/kindsetting/",
    "admin-kind": "/admin/events/kindsetting/>",
    "admin-windows": "/admin/events/computedwindow/",
    "admin-users": "/admin/accounts/user/",
    "admin-user": "/admin/accounts/user/>",
    "admin-user-new": "/admin/accounts/user/add/",
    "admin-groups": "/admin/auth/group/",
    "admin-group": "/admin/auth/group/>",
    "admin-sessions": "/admin/accounts/session/",
    "admin-keys": "/admin/accounts/apikey/",
    "admin-audit": "/admin/core/auditentry/",
    "admin-audited": "/admin/core/auditentry/>",
    "admin-streams": "/admin/core/stream/",
    "admin-messages": "/admin/core/outboxmessage/",
    "admin-telegram": "/admin/telegram_link/notification/traffic/",
    "admin-notifications": "/admin/telegram_link/notification/",
    "admin-notification": "/admin/telegram_link/notification/>",
    "admin-chats": "/admin/telegram_link/telegramchat/",
    "admin-chat": "/admin/telegram_link/telegramchat/>",
    "admin-telegram-accounts": "/admin/telegram_link/telegramaccount/",
    "admin-telegram-account": "/admin/telegram_link/telegramaccount/>",
    "admin-updates": "/admin/telegram_link/telegramupdate/",
    "admin-missing": "/admin/nothing/",
}
SHEET = """<!doctype html><style>
body {{ margin: 0; padding: 28px; display: flex; gap: 28px; width: max-content; }}
img {{ display: block; height: 620px; border-radius: 14px; border: 1px solid #8a90b0; }}
</style><img src="data:image/png;base64,{desk}"><img src="data:image/png;base64,{phone}">"""


class Look(NamedTuple):
    """How a page is looked at."""

    name: str
    viewport: ViewportSize
    scheme: Literal["light", "dark"]


LOOKS: Final = {
    look.name: look
    for look in (
        Look("desk-dark", DESK, "dark"), Look("desk-light", DESK, "light"),
        Look("phone-dark", PHONE, "dark"), Look("phone-light", PHONE, "light"),
    )
}  # fmt: skip


def picture(
    browser: Browser, url: str, viewport: ViewportSize, scheme: Literal["light", "dark"]
) -> str:
    """Return the page as base64 PNG, once it is live."""
    page = browser.new_page(viewport=viewport, color_scheme=scheme, device_scale_factor=1)
    page.goto(url)
    page.locator("#connection[data-state=live]").wait_for()
    image = page.screenshot(animations="disabled")
    page.close()
    return base64.b64encode(image).decode()


def sheet(browser: Browser, site: str) -> bytes:
    """Return both pictures side by side on a transparent ground."""
    desk = picture(browser, urljoin(site, "/en/"), DESK, "dark")
    phone = picture(browser, urljoin(site, "/en/"), PHONE, "light")
    page = browser.new_page(viewport=ViewportSize(width=1320, height=680))
    page.set_content(SHEET.format(desk=desk, phone=phone))
    return page.locator("body").screenshot(omit_background=True)


def home_image(browser: Browser, site: str) -> str | None:
    """Write the picture of the README; return what went wrong, if anything."""
    image = sheet(browser, site)
    if len(image) > MOST_BYTES:
        return f"The picture has {len(image)} bytes; at most {MOST_BYTES} are allowed."
    IMAGE.parent.mkdir(parents=True, exist_ok=True)
    IMAGE.write_bytes(image)
    print(f"Wrote {IMAGE} ({len(image) // 1000} KB).")
    return None


def gallery(browser: Browser, site: str, options: argparse.Namespace) -> Iterator[Path]:
    """Take every page in every language, and yield the files."""
    known = references(site)
    for look in (LOOKS[name] for name in options.looks):
        context = browser.new_context(viewport=look.viewport, color_scheme=look.scheme)
        if options.login:
            sign_in(context, site, options.login)
        page = context.new_page()
        for name in options.pages:
            for language in options.languages:
                show(page, urljoin(site, PAGES[name].format(language=language, **known)), language)
                path = options.out / f"{name}-{language}-{look.name}.png"
                page.screenshot(path=path, full_page=True, animations="disabled")
                for wide in sticking_out(page)[:1]:
                    print(f"{path.name}: {wide!r} sticks out.")
                yield path
        context.close()


def show(page: Page, address: str, language: str) -> None:
    """Go to an address as a browser of a language; one with a `>` lists what is to be shown."""
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(address.removesuffix(">"))
    first = page.locator("#result_list tbody th a").first
    if address.endswith(">") and first.count():
        page.goto(urljoin(page.url, f"{first.get_attribute('href')}"))


def references(site: str) -> dict[str, str]:
    """Return the next events that pages are shown of: what everybody hears of, and some kinds."""
    event = next_event(site, "min_significance=4")
    return {
        "id": event["id"],
        "slug": event["slug"],
        "eclipse": next_event(site, "family=solar_eclipses")["slug"],
        "moon": next_event(site, "event_type=full_moon")["slug"],
        "conjunction": next_event(site, "family=conjunctions")["slug"],
    }


def next_event(site: str, query: str) -> dict[str, str]:
    """Return the next event of the kind that is asked for."""
    address = urljoin(site, f"/api/v1/events?limit=1&{query}")
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the site that was named
        found: dict[str, str] = json.load(answer)["results"][0]
    return found


def sign_in(context: BrowserContext, site: str, login: str) -> None:
    """Sign in to the admin with both factors."""
    page = context.new_page()
    page.goto(urljoin(site, "/admin/"))
    page.locator("#id_username").fill(login)
    page.locator("#id_password").fill(os.environ["SCREENSHOTS_PASSWORD"])
    page.locator("[type=submit]").click()
    page.locator("#id_code").fill(code_of(page))
    page.locator("#code-form [type=submit]").click()
    page.wait_for_load_state()
    page.close()


def code_of(page: Page) -> str:
    """Return the code of the second factor; one that is being set up shows its secret."""
    told = page.locator(".secret")
    if told.count():
        os.environ["SCREENSHOTS_SECRET"] = told.inner_text().replace(" ", "")
    return f"{TOTP(b32decode(os.environ['SCREENSHOTS_SECRET'])).token():06d}"


class Names:
    """Read a list such as ``en,de``; ``all`` is everything that is allowed."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = tuple(allowed)

    def __call__(self, text: str) -> tuple[str, ...]:
        found = self.allowed if text == "all" else tuple(text.split(","))
        if unknown := set(found) - set(self.allowed):
            raise argparse.ArgumentTypeError(
                f"{', '.join(sorted(unknown))} is not known; known are {', '.join(self.allowed)}."
            )
        return found


def parser() -> argparse.ArgumentParser:
    """Return what may be asked for."""
    public = [name for name in PAGES if not name.startswith(("admin", "own-"))]
    found = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found.add_argument("--url", default="http://127.0.0.1:8000", help="address of the site")
    found.add_argument("--out", type=Path, help="folder for pictures of many pages")
    found.add_argument("--languages", type=Names(LANGUAGES), default=LANGUAGES)
    found.add_argument("--pages", type=Names(PAGES), default=public)
    found.add_argument("--looks", type=Names(LOOKS), default=("desk-dark", "phone-light"))
    found.add_argument("--login", help="username for the pages of the admin and of an account")
    return found


def main(arguments: Sequence[str] | None = None) -> str | None:
    """Write what was asked for; return what went wrong, if anything."""
    options = parser().parse_args(arguments)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return "chromium is not installed."
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        if options.out is None:
            return home_image(browser, options.url)
        options.out.mkdir(parents=True, exist_ok=True)
        count = sum(1 for _path in gallery(browser, options.url, options))
        print(f"Wrote {count} pictures to {options.out}.")
    return None


if __name__ == "__main__":
    sys.exit(main())
