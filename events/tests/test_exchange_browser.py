"""Files of texts in Debian's chromium: carried away, changed, brought back packed, confirmed."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, expect

from events.models import Event
from events.models.desk import DeskJob
from events.services.jobs import desk_jobs_work
from events.tests.exchange_support import FOREVER_S, changed, rows_of, table
from events.tests.test_browser import admin_page, coming
from starscal.core import clock
from starscal.testing.live import LiveServer

__all__ = ["coming"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_curator_carries_texts_away_and_brings_them_back(
    coming: Event, chromium: Browser, fresh_server: LiveServer, tmp_path: Path
) -> None:
    errors: list[str] = []
    page = admin_page(chromium, fresh_server)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(urljoin(fresh_server.url, "/admin/"))
    page.locator("a[href$='/desk/exchange/']").click()
    page.locator("#id_language").select_option("hi")
    with page.expect_download() as download:
        page.locator("form[action$='/export/'] button").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name.startswith("texts-hi-")
    rows = rows_of(path.read_bytes())
    data = changed(path.read_bytes(), {(coming.key, "title"): "क्‍षितिज पर चाँद"})
    again = table(rows).partition(b"\r\n")[2]
    path.write_bytes(data + again * (1 + 2**20 // len(data)))  # more than the server takes at once
    assert path.stat().st_size > 2**20
    page.locator("#id_file").set_input_files(path)
    page.screenshot(path=tmp_path / "exchange.png", full_page=True)
    page.locator("#desk-import-form button").click()
    page.locator(".desk-counts").wait_for()
    expect(page.locator("[data-figure=texts]")).to_have_text("1")
    expect(page.locator(".desk-words ins").first).to_contain_text("क्‍षितिज")
    assert page.locator("code").first.inner_text() == f"{path.name}.gz"
    page.screenshot(path=tmp_path / "import.png")
    page.locator("button.default").click()
    page.locator(".desk-job").wait_for()
    desk_jobs_work(at=clock.now(), budget_s=FOREVER_S)
    expect(page.locator("[data-figure=done]")).to_have_text("1", timeout=15_000)
    assert DeskJob.objects.get().status == "done"
    coming.refresh_from_db()
    assert coming.text("title", "hi") == "क्‍षितिज पर चाँद"
    assert errors == []
