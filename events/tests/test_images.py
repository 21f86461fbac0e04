"""Images of events of staff: pixels and nothing else, wherever the file came from."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from PIL import Image

from accounts.models import User
from events.models import Event
from events.models.image import EventImage, image_name_read
from events.pictures import (
    BYTES_MOST,
    NoImageError,
    PictureRefusedError,
    TooManyBytesError,
    TooManyPixelsError,
    picture_made,
)
from events.selectors_series import occurrences_of
from events.services.curation import EventEdit, event_create, event_publish, event_update
from events.services.images import KEPT, image_store, images_prune
from events.services.series import SeriesRule, series_create
from events.services.series_editing import series_update
from events.tests.desk_support import change_page, form_values, member
from starscal.core import clock
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.models import OutboxMessage
from starscal.testing.staff import staff_sign_in

FIRE = datetime(2030, 7, 20, 18, tzinfo=UTC)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = BytesIO()
    mode = "RGBA" if options.pop("clear", False) else "RGB"
    Image.new(mode, size, (200, 60, 20, 90)[: len(mode)]).save(out, kind, **options)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/jpeg"),
        (picture("WEBP"), "image/jpeg"),
        (picture("PNG", clear=True), "image/webp"),
    ],
    ids=["jpeg", "png", "webp", "clear"],
)
def test_three_formats_become_two(sent: bytes, kind: str) -> None:
    made = picture_made(sent)
    assert (made.content_type, made.width, made.height) == (kind, 60, 40)
    with Image.open(BytesIO(made.content)) as image:
        assert image.size == (60, 40)
        red, green, blue = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    assert (abs(red - 200) < 9, abs(green - 60) < 9, abs(blue - 20) < 9) == (True, True, True)


def test_a_large_one_is_scaled_down() -> None:
    made = picture_made(picture("PNG", size=(4000, 1000)))
    assert (made.width, made.height) == (1600, 400)


def test_place_camera_and_comment_are_gone_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    sent = picture("JPEG", exif=exif, comment=b"at home", xmp=b"<x>Somebody</x>")
    assert b"CameraMaker" in sent
    made = picture_made(sent)
    assert (made.width, made.height) == (40, 60)
    for told in (b"Exif", b"CameraMaker", b"at home", b"Somebody", b"ICC_PROFILE"):
        assert told not in made.content
    with Image.open(BytesIO(made.content)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "xmp", "icc_profile"} & {*image.info}


def test_what_hangs_on_an_image_is_dropped() -> None:
    made = picture_made(picture("JPEG") + HTML + b"PK\x03\x04")
    assert b"script" not in made.content
    assert b"PK\x03\x04" not in made.content


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 200])
def test_a_broken_profile_does_not_count(profile: bytes) -> None:
    made = picture_made(picture("JPEG", icc_profile=profile))
    assert (made.width, made.height) == (60, 40)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (SVG, NoImageError),
        (HTML, NoImageError),
        (b"", NoImageError),
        (b"GIF89a" + bytes(60), NoImageError),
        (picture("GIF"), NoImageError),
        (picture("TIFF"), NoImageError),
        (b"GIF89a/*" + picture("JPEG"), NoImageError),
        (picture("JPEG", size=(900, 900))[:1_000], NoImageError),
        (picture("PNG", size=(900, 900))[:600], NoImageError),
        (picture("WEBP", size=(900, 900))[:60], NoImageError),
        (picture("PNG")[:40], NoImageError),
        (png_of(20_000, 20_000), TooManyPixelsError),
        (png_of(8_001, 1), TooManyPixelsError),
        (png_of(8_000, 8_000), TooManyPixelsError),
        (png_of(11_000, 10_000), TooManyPixelsError),
        (bytes(BYTES_MOST + 1), TooManyBytesError),
    ],
    ids=[
        "svg", "html", "empty", "gif-head", "gif", "tiff", "polyglot", "cut-jpeg", "cut-png",
        "cut-webp", "cut-head", "bomb", "wide", "heavy", "warned", "bytes",
    ],
)  # fmt: skip
def test_hostile_files_are_refused(sent: bytes, error: type[PictureRefusedError]) -> None:
    with pytest.raises(PictureRefusedError) as refused:
        picture_made(sent)
    assert type(refused.value) is error


def test_every_cut_and_every_broken_byte_is_an_image_or_refused() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = picture(kind, size=(32, 32))
        for place in range(0, len(whole), 7):
            broken = bytearray(whole)
            broken[place] ^= 0xFF
            for sent in (whole[:place], bytes(broken)):
                try:
                    picture_made(sent)
                except PictureRefusedError:
                    continue


# Stored and shown


@pytest.fixture
def gathering(curator: User) -> Event:
    edit = EventEdit(texts={"title_en": "Fire", "title_de": "Feuer"})
    event = event_create(actor=curator, occurs_at=FIRE, edit=edit, at=clock.now())
    return event_publish(event_id=event.pk, actor=curator)


Show = Callable[[Event, bytes | None], Event]


@pytest.fixture
def show(curator: User) -> Show:
    def shown(event: Event, content: bytes | None) -> Event:
        name = image_store(content=content, actor=curator).pk if content else None
        revision = Event.objects.get(pk=event.pk).revision
        edit = EventEdit(fields={"image_id": name}, revision=revision)
        return event_update(event_id=event.pk, actor=curator, edit=edit, at=clock.now())

    return shown


def test_answers_messages_and_page_show_it(client: Client, gathering: Event, show: Show) -> None:
    event = show(gathering, picture())
    link = client.get(f"/api/v1/events/{gathering.slug}").json()["image"]
    assert (link["url"], link["width"], link["height"]) == (
        f"/media/events/{event.image_id}", 60, 40,
    )  # fmt: skip
    span = "start=2030-07-01&end=2030-08-01"
    (listed,) = client.get(f"/api/v1/events?family=staff&{span}").json()["results"]
    assert listed["image"] == link
    assert OutboxMessage.objects.get(kind="event.updated").body["facts"]["image"] == link
    page = client.get(f"/de/events/{gathering.slug}/").content.decode()
    assert f'<img src="{link["url"]}" width="60" height="40" alt="Feuer">' in page


def test_it_is_sent_once_and_for_good(client: Client, gathering: Event, show: Show) -> None:
    address = f"/media/events/{show(gathering, picture()).image_id}"
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer["Content-Disposition"] == "inline"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer
    with Image.open(BytesIO(answer.content)) as image:
        assert image.size == (60, 40)
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("nothing", "0" * 64 + "-60x40.jpg", "..%2f..%2fetc", "%00", "a%00.jpg"):
        assert client.get(f"/media/events/{name}").status_code == 404
    assert client.post(address).status_code == 405


def test_one_image_is_kept_once_and_pruned_when_nobody_shows_it(
    gathering: Event, show: Show, curator: User
) -> None:
    first = show(gathering, picture()).image_id
    assert image_store(content=picture(), actor=curator).pk == first
    show(gathering, picture(size=(50, 50)))
    later = clock.now() + KEPT + timedelta(hours=1)
    assert images_prune(at=clock.now()) == 0
    assert images_prune(at=later) == 1
    assert EventImage.objects.get().pk == Event.objects.get(pk=gathering.pk).image_id
    show(gathering, None)
    assert images_prune(at=later) == 1


def test_one_that_is_taken_while_others_are_pruned_stays(
    gathering: Event, show: Show, curator: User
) -> None:
    taken = image_store(content=picture(), actor=curator).pk
    image_store(content=picture(size=(50, 50)), actor=curator)
    asked: list[str] = []

    def take(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found = execute(sql, *rest)
        asked.append(sql)
        if len(asked) == 1:  # the images have been listed
            Event.objects.filter(pk=gathering.pk).update(image=taken)
        return found

    with connection.execute_wrapper(take):
        assert images_prune(at=clock.now() + KEPT + timedelta(hours=1)) == 1
    assert EventImage.objects.get().pk == taken
    assert not [sql for sql in asked if '"content"' in sql]


def test_only_events_of_staff_have_images(full_moon: Event, curator: User) -> None:
    image = image_store(content=picture(), actor=curator)
    edit = EventEdit(fields={"image_id": image.pk}, revision=full_moon.revision)
    with pytest.raises(ApplicationError):
        event_update(event_id=full_moon.pk, actor=curator, edit=edit, at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=full_moon.pk).update(image=image)


def test_an_image_that_is_not_there_is_refused(gathering: Event, curator: User) -> None:
    edit = EventEdit(fields={"image_id": "0" * 64 + "-1x1.jpg"}, revision=gathering.revision)
    with pytest.raises(ApplicationError) as refused:
        event_update(event_id=gathering.pk, actor=curator, edit=edit, at=clock.now())
    assert refused.value.code == ErrorCode.VALIDATION_INVALID


@pytest.mark.parametrize(
    ("group", "may"),
    [("Curator", True), ("Publisher", False), ("Translator-de", False), ("Auditor", False)],
)
def test_curators_keep_images(group: str, may: bool, db: None) -> None:
    actor = member(group)
    if may:
        image_store(content=picture(), actor=actor)
    else:
        with pytest.raises(ApplicationError, match="denied"):
            image_store(content=picture(), actor=actor)
    assert EventImage.objects.exists() == may


def test_all_that_come_take_it_over(curator: User) -> None:
    at = clock.now()
    event = event_create(
        actor=curator, occurs_at=FIRE, edit=EventEdit(texts={"title_en": "Fire"}), at=at
    )
    rule = SeriesRule("weekly", "UTC", count=3)
    series = series_create(event_id=event.pk, actor=curator, rule=rule, at=at)
    name = image_store(content=picture(), actor=curator).pk
    revision = Event.objects.get(pk=event.pk).revision
    edit = EventEdit(fields={"image_id": name}, revision=revision)
    assert series_update(event_id=event.pk, actor=curator, edit=edit, at=at).others == 2
    assert {event.image_id for event in occurrences_of(series)} == {name}


def test_the_name_says_what_there_is_to_say() -> None:
    said = image_name_read("a" * 64 + "-1600x900.webp")
    assert (said.sha256, said.width, said.height) == ("a" * 64, 1600, 900)
    for name in ("a" * 64 + "-1600x900.svg", "a-1x1.jpg", "../" + "a" * 64 + "-1x1.jpg"):
        with pytest.raises(ValueError, match="no name"):
            image_name_read(name)


# The form


def send(client: Client, event: Event, content: bytes | None, **more: str) -> str:
    values = form_values(client.get(change_page(event)).content.decode())
    values = {n: v for n, v in values.items() if n not in {"picture", "picture_remove", "spread"}}
    file = {"picture": SimpleUploadedFile("fire.jpg", content)} if content else {}
    answer = client.post(change_page(event), {**values, **more, **file}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_takes_replaces_and_removes(client: Client, gathering: Event) -> None:
    staff_sign_in(client, member("Curator"))
    send(client, gathering, picture())
    first = Event.objects.get(pk=gathering.pk).image_id
    assert first is not None
    assert first in client.get(change_page(gathering)).content.decode()
    send(client, gathering, picture(size=(50, 50)))
    assert Event.objects.get(pk=gathering.pk).image_id not in {first, None}
    send(client, gathering, None, picture_remove="on")
    assert Event.objects.get(pk=gathering.pk).image_id is None


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    client: Client, gathering: Event
) -> None:
    staff_sign_in(client, member("Curator"))
    shown = send(client, gathering, SVG, title_de="Glut")
    assert "JPEG, PNG and WebP are taken." in shown
    assert 'value="Glut"' in shown
    assert Event.objects.get(pk=gathering.pk).text("title", "de") == "Feuer"


def test_a_new_event_can_have_one(client: Client, db: None) -> None:
    staff_sign_in(client, member("Curator"))
    values = {
        "title_en": "Fire", "occurs_at_0": "2030-07-20", "occurs_at_1": "18:00:00",
        "significance": "3", "link": "https://fire.example/",
    }  # fmt: skip
    file = {"picture": SimpleUploadedFile("fire.png", picture("PNG"))}
    client.post("/admin/events/event/add/", {**values, **file})
    event = Event.objects.get()
    assert (event.link, event.image_id) == ("https://fire.example/", EventImage.objects.get().pk)


@pytest.mark.parametrize("group", ["Translator-de", "Publisher"])
def test_others_cannot_forge_one(client: Client, gathering: Event, group: str) -> None:
    staff_sign_in(client, member(group))
    assert 'name="picture"' not in client.get(change_page(gathering)).content.decode()
    send(client, gathering, picture())
    assert not EventImage.objects.exists()
