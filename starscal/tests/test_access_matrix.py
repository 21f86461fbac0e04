"""Every route, every role, every object: what the table says and nothing else (T7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from django.apps import apps
from pytest_django import Settings

from events.models import Announcement, ComputedWindow, Event, KindSetting, TextState
from events.models.desk import DeskJob
from events.models.image import EventImage
from events.services.generation import event_generate
from events.tests.conftest import SUMMER_2026
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.models import ErrorGroup, Stream
from starscal.testing.access import (
    ADMIN,
    METHODS,
    OBJECTS,
    ROLES,
    Row,
    World,
    answer_of,
    routes,
    table,
    telegram_rows,
    world_build,
)
from telegram_link.models import BotState

pytestmark = [pytest.mark.django_db, pytest.mark.drill("T7"), pytest.mark.timeout(600)]
ROWS = table()
ADMIN_ROWS = [row for row in ROWS if row.route.startswith(ADMIN)]
HELD_BY_DJANGO = frozenset({"PUT", "PATCH", "DELETE"})  # the admin reads them as GET


@pytest.fixture
def world(settings: Settings) -> World:
    """Return the roles, and at least one row of each model that the admin shows."""
    settings.TELEGRAM_BOT_TOKEN = "100:a-token-of-tests"
    BotState.objects.create(username="StarsTestBot")
    event_generate(span=SUMMER_2026, families=("moon_phases",))
    event = Event.objects.filter(event_type="full_moon").earliest("occurs_at")
    TextState.objects.create(event=event, field="title", language="de", source="human")
    KindSetting.objects.create(code="full_moon")
    Announcement.objects.create(title_en="Hello")
    DeskJob.objects.create(kind="hide")
    EventImage.objects.create(name="0" * 64 + "-1x1.jpg", content=b"", content_type="image/jpeg")
    ErrorGroup.objects.create(
        fingerprint="f", kind="k", place="p", where="w", first_seen=clock.now(),
        last_seen=clock.now(),
    )  # fmt: skip
    Stream.objects.get_or_create(name="events")
    telegram_rows()
    audit_record(actor="test", action="test", object_type="test", object_id="1")
    assert ComputedWindow.objects.exists()
    return world_build(event)


def admin_app(row: Row) -> str:
    """Return the app whose models a page of the admin is about; "site" for the other pages."""
    first = row.route.removeprefix(ADMIN).partition("/")[0]
    return first if first in apps.app_configs else "site"


def differences(world: World, rows: Sequence[Row]) -> list[str]:
    """Send every cell of some rows; return those that are not as the table says."""
    found = []
    for row in rows:
        for method in row.methods:
            for role in ROLES:
                status = answer_of(world, row, role, method)
                if status != row.expected[role]:
                    told = f"{method} {row.route} ({row.object}) as {role}"
                    found.append(f"{told}: {status}, not {row.expected[role]}")
    return found


def test_every_route_is_listed_and_every_listed_one_exists() -> None:
    real, listed = {entry.route for entry in routes()}, {row.route for row in ROWS}
    assert sorted(real - listed) == []
    assert sorted(listed - real) == []


def test_no_line_stands_twice_and_all_are_well_formed() -> None:
    keys = Counter((row.route, row.object, method) for row in ROWS for method in row.methods)
    assert [key for key, count in keys.items() if count > 1] == []
    for row in ROWS:
        assert row.object in OBJECTS
        assert set(row.methods) <= set(METHODS)
        assert row.methods


def test_every_method_of_a_route_is_listed() -> None:
    listed: dict[str, set[str]] = {}
    for row in ROWS:
        listed.setdefault(row.route, set()).update(row.methods)
    for entry in routes():
        if entry.route.startswith(ADMIN):
            assert listed[entry.route] >= {"GET", "POST"}, entry.route
        elif entry.methods is not None:
            assert listed[entry.route] == entry.methods, entry.route


def test_routes_with_an_object_tell_what_happens_without_it() -> None:
    objects: dict[str, set[str]] = {}
    for row in ROWS:
        objects.setdefault(row.route, set()).add(row.object)
    for route, known in objects.items():
        if "_id>" in route and not route.startswith(ADMIN):
            assert known == {"own", "other", "missing"}, route
        elif known & {"any", "own", "other"}:
            assert "missing" in known, route


def test_what_is_not_listed_is_not_allowed(world: World) -> None:
    """A method that a plain function does not list answers 405, whoever asks."""
    listed: dict[str, set[str]] = {}
    first: dict[str, Row] = {}
    for row in ROWS:
        listed.setdefault(row.route, set()).update(row.methods)
        first.setdefault(row.route, row)
    wrong = [
        f"{method} {route}: {status}"
        for route, row in first.items()
        for method in METHODS
        if method not in listed[route]
        and not (route.startswith(ADMIN) and method in HELD_BY_DJANGO)
        and (status := answer_of(world, row, "superuser", method)) != 405
    ]
    assert wrong == []


@pytest.mark.parametrize("app", sorted(set(map(admin_app, ADMIN_ROWS))))
def test_the_admin_is_as_the_table_says(world: World, app: str) -> None:
    """One test an app, so that they can run side by side."""
    rows = [row for row in ADMIN_ROWS if admin_app(row) == app]
    assert differences(world, rows) == []


def test_everything_else_is_as_the_table_says(world: World) -> None:
    rows = [row for row in ROWS if not row.route.startswith(ADMIN)]
    assert differences(world, rows) == []


def test_nobody_reaches_the_admin_without_the_second_factor() -> None:
    """Read the table itself: the doors that stand open by design are named here."""
    doors = {"admin/login/", "admin/logout/", "admin/second-factor/", "admin/second-factor/device/",
             "admin/second-factor/codes/"}  # fmt: skip
    for row in ROWS:
        if row.route.startswith(ADMIN) and row.route not in doors:
            for role in ("anonymous", "user_a", "user_b", "staff_unverified"):
                assert row.expected[role] == 302, (row.route, role)
