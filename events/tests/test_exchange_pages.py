"""Pages and command of files of texts: who sees them, what they send, show and refuse."""

from __future__ import annotations

import asyncio
import gzip
import io
import zlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import HttpRequest
from django.test import AsyncRequestFactory, Client
from django.urls import reverse

from accounts.models import User
from events import selectors_exchange
from events.desk import exchange
from events.models import Event, TextState
from events.models.desk import DeskJob
from events.services.jobs import desk_jobs_work
from events.tests.desk_support import member
from events.tests.exchange_support import FOREVER_S, asked, carried, changed, rows_of
from events.tests.hostile_texts import KEPT
from events.tests.test_exchange_files import HOSTILE
from events.windows import Span
from starscal.core.middleware import HonestGZipMiddleware
from starscal.testing.staff import staff_sign_in

pytestmark = pytest.mark.django_db
SUMMER = {"start": "2026-06-01", "end": "2026-08-31", "state": "all", "format": "csv"}
EXPORT, IMPORT = "admin:desk_export", "admin:desk_import"


@pytest.fixture
def translator(db: None) -> User:
    return member("Translator-de")


@pytest.fixture
def desk(client: Client, translator: User, summer: Span) -> Client:
    staff_sign_in(client, translator)
    return client


def exported(desk: Client, **wish: str) -> Any:
    return desk.get(reverse(EXPORT), {"language": "de", **SUMMER, **wish})


def brought(desk: Client, data: bytes, name: str = "moons.csv") -> Any:
    return desk.post(reverse(IMPORT), {"file": SimpleUploadedFile(name, data)}, follow=True)


def counts(answer: Any) -> dict[str, int]:
    told = answer.context["asked"]
    return {name: told[name] for name in ("texts", "unchanged", "empty", "fuzzy", "refused")}


# Who may


@pytest.mark.parametrize("group", ["Curator", "Publisher", "Auditor", "Translator-hy"])
def test_pages_are_for_whoever_may_exchange_texts(
    client: Client, full_moon: Event, group: str
) -> None:
    staff_sign_in(client, member(group))
    may = group in {"Curator", "Translator-hy"}
    assert client.get(reverse("admin:desk_exchange")).status_code == (200 if may else 403)
    assert exported(client, language="hy").status_code == (200 if may else 403)
    assert brought(client, carried("hy")).status_code == (200 if may else 403)
    for page in ("/admin/", reverse("admin:events_event_changelist")):
        assert (reverse("admin:desk_exchange") in client.get(page).content.decode()) == may


def test_a_translator_carries_away_ones_own_language_alone(desk: Client) -> None:
    html = desk.get(reverse("admin:desk_exchange")).content.decode()
    assert 'value="de"' in html
    assert 'value="fr"' not in html
    assert exported(desk, language="fr").status_code == 400


def test_translators_see_imports_and_no_other_jobs(desk: Client, full_moon: Event) -> None:
    other = DeskJob.objects.create(kind="hide")
    brought(desk, changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}))
    job = DeskJob.objects.get(kind="import")
    change = "admin:events_deskjob_change"
    assert desk.get(reverse(change, args=[other.pk])).status_code == 302
    assert desk.get(reverse("admin:desk_job_progress", args=[other.pk])).status_code == 404
    assert desk.post(reverse("admin:desk_job_stop", args=[other.pk])).status_code == 404
    assert desk.get(reverse(change, args=[job.pk])).status_code == 302  # not confirmed yet
    desk.post(reverse("admin:desk_import_confirm"), {"job": job.pk})
    assert desk.get(reverse(change, args=[job.pk])).status_code == 200


# Carrying away


def test_a_table_comes_as_a_file(desk: Client) -> None:
    answer = exported(desk)
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="texts-de-20260601-all.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.getvalue() == carried("de")


def test_formats_are_those_of_the_form(desk: Client) -> None:
    assert exported(desk, format="po").getvalue() == carried("de", "po")
    assert exported(desk, format="semicolons").getvalue().startswith(b"\xef\xbb\xbfkey;date;")


def test_the_last_day_is_part_of_the_span(desk: Client, full_moon: Event) -> None:
    day = full_moon.occurs_at.date().isoformat()
    rows = rows_of(exported(desk, start=day, end=day).getvalue())
    assert {row["key"] for row in rows} == {full_moon.key}


def test_formulas_stay_texts(desk: Client, full_moon: Event) -> None:
    for event, text in zip(Event.objects.in_time_order(), KEPT.values(), strict=False):
        Event.objects.filter(pk=event.pk).update(title_de=text, title_en=text)
    rows = rows_of(exported(desk).getvalue())
    cells = [cell for row in rows for cell in row.values()]
    assert any("cmd|" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


@pytest.mark.parametrize(
    "wish",
    [{"start": "x"}, {"end": ""}, {"start": "2026-09-01"}, {"end": "9999-12-31"},
     {"start": "0001-01-01"}, {"language": "tlh"}, {"state": "x"}, {"format": "xlsx"},
     {"kind": "x"}, {"family": "\x00"}, {"kind": "\udc80"}],
    ids=str,
)  # fmt: skip
def test_a_bad_wish_is_answered_with_the_form(desk: Client, wish: dict[str, str]) -> None:
    wish = {name: value.encode(errors="replace").decode() for name, value in wish.items()}
    answer = exported(desk, **wish)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()


def test_too_many_texts_are_told_how_to_narrow(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors_exchange, "ROWS_MOST", 5)
    answer = exported(desk)
    assert answer.status_code == 400
    assert "Choose a shorter span of time" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_file_streams_from_an_asynchronous_server(summer: Span) -> None:
    request = AsyncRequestFactory().get("/", headers={"accept-encoding": "gzip"})
    assert isinstance(request, HttpRequest)
    answer = exchange.file_response(request, asked("de"), "csv")
    packing = HonestGZipMiddleware(lambda _request: answer)
    gzipped = packing.process_response(request, answer)
    assert gzipped["Content-Encoding"] == "gzip"
    content = answer.streaming_content

    async def gathered() -> bytes:
        assert isinstance(content, AsyncIterator)
        whole = b"".join([piece async for piece in content])
        await sync_to_async(connections.close_all)()
        return whole

    unpacking = zlib.decompressobj(wbits=31)  # reads one member of gzip, as browsers do
    assert unpacking.decompress(asyncio.run(gathered())) == carried("de")
    assert unpacking.eof


# Bringing back


def test_a_file_shows_what_it_would_change_and_is_confirmed(
    desk: Client, full_moon: Event, at: datetime
) -> None:
    words = {(full_moon.key, "title"): "Vollmond & <Honigmond>"}
    answer = brought(desk, changed(carried("de"), words))
    assert counts(answer)["texts"] == 1
    assert counts(answer)["unchanged"] == 2 * Event.objects.count() - 1
    html = answer.content.decode()
    assert "<ins>" in html
    assert "&lt;Honigmond&gt;" in html
    assert not TextState.objects.exists()
    job = DeskJob.objects.get()
    answer = desk.post(reverse("admin:desk_import_confirm"), {"job": job.pk}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:events_deskjob_change", args=[job.pk])
    assert desk_jobs_work(at=at, budget_s=FOREVER_S) == 1
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Vollmond & <Honigmond>"
    page = desk.get(reverse(IMPORT), {"job": str(job.pk)}).content.decode()
    assert "This import was confirmed." in page


def test_refused_rows_are_shown_with_line_and_reason(desk: Client, full_moon: Event) -> None:
    answer = brought(desk, carried("fr"))
    assert counts(answer)["refused"] == 2 * Event.objects.count()
    html = answer.content.decode()
    assert "You may not write texts in this language." in html
    assert "This import changes nothing." in html
    job = DeskJob.objects.get()
    answer = desk.post(reverse("admin:desk_import_confirm"), {"job": job.pk}, follow=True)
    assert "This import changes nothing." in answer.content.decode()


def test_long_files_come_packed(desk: Client, full_moon: Event) -> None:
    data = gzip.compress(changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}))
    assert counts(brought(desk, data, "moons.csv.gz"))["texts"] == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_answered_with_the_form(desk: Client, name: str) -> None:
    data = HOSTILE[name]()
    answer = brought(desk, data)
    assert answer.status_code == (413 if len(data) > 2**20 - 1_000 else 400)
    assert not DeskJob.objects.exists()


def test_no_file_is_answered_with_the_form(desk: Client) -> None:
    answer = desk.post(reverse(IMPORT), {})
    assert (answer.status_code, "errorlist" in answer.content.decode()) == (400, True)


def test_a_strange_name_does_no_harm(desk: Client, full_moon: Event) -> None:
    answer = brought(desk, carried("de"), "<script>\u202e" + "x" * 150)
    assert answer.status_code in {200, 400}
    assert "<script>\u202e" not in answer.content.decode()


@pytest.mark.parametrize("text", ["", "x", "0" * 32, "\x00"])
def test_a_job_that_is_none_is_not_found(desk: Client, text: str) -> None:
    assert desk.get(reverse(IMPORT), {"job": text}).status_code == 404
    assert desk.post(reverse("admin:desk_import_confirm"), {"job": text}).status_code == 404


def test_anothers_proposal_is_not_found(desk: Client, full_moon: Event, translator: User) -> None:
    brought(desk, changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}))
    job = DeskJob.objects.get()
    staff_sign_in(desk, member("Curator"))
    assert desk.get(reverse(IMPORT), {"job": str(job.pk)}).status_code == 404
    assert desk.post(reverse("admin:desk_import_confirm"), {"job": job.pk}).status_code == 404


def test_long_changes_are_shown_without_comparing_words(desk: Client, full_moon: Event) -> None:
    words = {(full_moon.key, "description"): "a b " * 2_400}
    answer = brought(desk, changed(carried("de"), words))
    assert counts(answer)["texts"] == 1
    assert answer.context["changes"][0]["parts"] == []


# The command


def told(*arguments: str) -> tuple[str, str]:
    out, errors = io.StringIO(), io.StringIO()
    call_command("texts", *arguments, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


EXPORTED = ("export", "--language", "de", "--from", "2026-06-01", "--to", "2026-08-31")


@pytest.mark.parametrize("form", ["csv", "po"])
def test_the_command_writes_the_same_file(summer: Span, tmp_path: Path, form: str) -> None:
    path = tmp_path / "texts"
    told(*EXPORTED, "--format", form, "--out", str(path))
    assert path.read_bytes() == carried("de", form)


def test_the_command_takes_a_file_back(translator: User, full_moon: Event, tmp_path: Path) -> None:
    path = tmp_path / "moons.csv"
    path.write_bytes(changed(carried("de"), {(full_moon.key, "title"): "Honigmond"}))
    dry, _errors = told("import", str(path), "--actor", translator.username, "--dry-run")
    assert "texts 1" in dry
    assert not TextState.objects.exists()
    done, _errors = told("import", str(path), "--actor", translator.username)
    assert "1 events written" in done
    again, _errors = told("import", str(path), "--actor", translator.username)
    assert "texts 0" in again
    full_moon.refresh_from_db()
    assert full_moon.text("title", "de") == "Honigmond"


def test_the_command_asks_for_rights(visitor: User, summer: Span, tmp_path: Path) -> None:
    path = tmp_path / "moons.csv"
    path.write_bytes(carried("de"))
    with pytest.raises(CommandError, match="may not"):
        told("import", str(path), "--actor", visitor.username)
    with pytest.raises(CommandError, match="account"):
        told("import", str(path), "--actor", "nobody")
    path.write_bytes(b"\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        told("import", str(path), "--actor", visitor.username)


@pytest.mark.parametrize(
    "arguments",
    [(), ("export",), ("export", "--language", "tlh"), (*EXPORTED, "--to", "2020-01-01"),
     (*EXPORTED, "--state", "x"), ("import", "/nowhere", "--actor", "x"), ("import", "x")],
    ids=str,
)  # fmt: skip
def test_the_command_says_what_it_takes(summer: Span, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        told(*arguments)
