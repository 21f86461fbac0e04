"""The access matrix: every route of the service, who may do what to it, and real requests to tell.

The table is docs/access-matrix.csv; docs/access-matrix.md says how to read it.
"""

import csv
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import ApiKey, Session, User
from accounts.services.sessions import session_open
from events.models import Event, Reminder
from events.models.desk import ComputationRun
from events.models.image import EventImage
from events.services.groups import groups_settle
from starscal.core import clock
from starscal.devservices.layout import CHECKOUT
from starscal.testing.staff import staff_sign_in
from telegram_link.models import (
    Notification,
    TelegramAccount,
    TelegramChat,
    TelegramLinkToken,
    TelegramUpdate,
)

TABLE = CHECKOUT / "docs" / "access-matrix.csv"
ROLES = (
    "anonymous", "user_a", "user_b", "translator", "curator", "publisher", "auditor",
    "staff_unverified", "staff", "superuser",
)  # fmt: skip
GROUPS = {
    "translator": "Translator-de", "curator": "Curator", "publisher": "Publisher",
    "auditor": "Auditor",
}  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OBJECTS = ("-", "own", "other", "any", "missing")
STAFF_RIGHTS = (
    "add_event", "change_event", "view_event", "publish_event", "translate_en", "view_user",
    "add_user", "change_user", "delete_user", "view_session", "view_auditentry",
)  # fmt: skip
ADMIN = "admin/"
OWNED = {"session_id": "session", "key_id": "key", "reminder_id": "reminder"}
NOBODY = UUID(int=7)
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what the roles get of a route and an object."""

    route: str
    methods: tuple[str, ...]
    object: str
    sends: str
    expected: dict[str, int]


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the service as the resolver has it."""

    route: str
    methods: frozenset[str] | None  # None where a plain function decides by itself


@dataclass(slots=True)
class Actor:
    """One of the roles, with what the one is signed in with and what belongs to the one."""

    user: User | None = None
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)
    session: Session | None = None
    key: ApiKey | None = None
    reminder: Reminder | None = None


@dataclass(slots=True)
class World:
    """All roles, somebody else, and an event."""

    actors: dict[str, Actor]
    stranger: Actor
    event: Event
    # One for all requests: each new one would build every middleware again.
    handler: ClientHandler = field(default_factory=lambda: Client().handler)


def table() -> list[Row]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def _row(line: dict[str, str]) -> Row:
    expected = {role: int(line[role]) for role in ROLES}
    methods = tuple(line["methods"].split())
    return Row(line["route"], methods, line["object"], line["sends"], expected)


def routes() -> list[Route]:
    """Walk the resolver."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for entry in patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, path)
        elif isinstance(entry, URLPattern):
            yield Route(path, _methods(entry.callback))


def _methods(view: Any) -> frozenset[str] | None:
    """Return the methods that a class has; nobody can ask a plain function."""
    kind = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if not inspect.isclass(kind):
        return None
    return frozenset(method for method in METHODS if hasattr(kind, method.lower()))


def world_build(event: Event) -> World:
    """Make all roles and somebody else; nobody has a password, all come in by their sessions."""
    users: dict[str, User | None] = {"anonymous": None}
    for role in ROLES[1:]:
        users[role] = User.objects.create_user(
            role.replace("_", "-"),
            email=f"{role}@mail.example",
            is_staff=role in {*GROUPS, "staff", "staff_unverified", "superuser"},
            is_superuser=role == "superuser",
        )
    for role in ("staff", "staff_unverified"):
        _user(users[role]).user_permissions.set(
            Permission.objects.filter(codename__in=STAFF_RIGHTS)
        )
    for role, name in GROUPS.items():
        _user(users[role]).groups.add(Group.objects.get_or_create(name=name)[0])
    groups_settle(using="default")
    stranger = actor_of("stranger", User.objects.create_user("stranger"))
    return World({role: actor_of(role, user) for role, user in users.items()}, stranger, event)


def telegram_rows() -> None:
    """Make a chat that is linked, what was heard there, and what is to be sent."""
    chat = TelegramChat.objects.create(id=7)
    linked = User.objects.create_user("linked")
    TelegramAccount.objects.create(user=linked, chat=chat, telegram_user_id=chat.pk)
    TelegramUpdate.objects.create(id=1, chat_id=chat.pk)
    Notification.objects.create(chat=chat, key="k", kind=Notification.Kind.REPLY)


def _user(user: User | None) -> User:
    assert user is not None  # noqa: S101 - for the type checker
    return user


def actor_of(role: str, user: User | None) -> Actor:
    """Sign a person in everywhere, with the second factor where the role has passed it."""
    if user is None:
        return Actor()
    client = Client()
    if role == "staff_unverified":
        TOTPDevice.objects.create(user=user, name="totp")  # set up, but not passed
    if role in {*GROUPS, "staff", "superuser"}:
        staff_sign_in(client, user)
    else:
        client.force_login(user)
    opened = session_open(user=user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    key = ApiKey.objects.create(user=user, name=role, prefix=role, key_hash=role, scopes=["read"])
    reminder = Reminder.objects.create(user=user, event_type="full_moon", lead_minutes=60)
    return Actor(user, opened.access_token, cookies, opened.session, key, reminder)


def answer_of(world: World, row: Row, role: str, method: str) -> int:
    """Send one cell's request, undo what it did, and return the status."""
    with transaction.atomic():
        response = send(world, row, role, method)
        if row.object == "other" and not untouched(world.stranger):
            raise AssertionError(f"{method} {row.route} as {role} ended what is another's.")
        transaction.set_rollback(True)
    return response.status_code


def untouched(stranger: Actor) -> bool:
    """Say whether the session, the key and the reminder of somebody else are still good."""
    things = [thing for thing in (stranger.session, stranger.key) if thing]
    for thing in things:
        thing.refresh_from_db()
    if not Reminder.objects.filter(user=stranger.user).exists():
        return False
    return all(thing.revoked_at is None for thing in things)


def send(world: World, row: Row, role: str, method: str) -> HttpResponseBase:
    """Ask as a role: by token under /api/, by cookie everywhere else."""
    actor = world.actors[role]
    address = "/" + address_of(world, row, actor)
    client = Client(raise_request_exception=False)
    client.handler = world.handler
    headers: dict[str, str] = {}
    if address.startswith("/api/"):
        headers = {"authorization": f"Bearer {actor.token}"} if actor.token else {}
    else:
        for name, value in actor.cookies.items():
            client.cookies[name] = value
    if row.sends.startswith("?"):
        return client.generic(method, address + row.sends, headers=headers)
    body, kind = (row.sends, "application/json") if row.sends else ("", "")
    if row.sends.startswith("form "):
        body = "&".join(f"{k}={v}" for k, v in json.loads(row.sends[5:]).items())
        kind = "application/x-www-form-urlencoded"
    elif not row.sends and not address.startswith("/api/") and method == "POST":
        kind = "application/x-www-form-urlencoded"
    elif not row.sends:
        kind = "application/json"
    return client.generic(method, address, body, content_type=kind, headers=headers)


def address_of(world: World, row: Row, actor: Actor) -> str:
    """Put arguments into a route."""
    path = row.route

    def argument(found: re.Match[str]) -> str:
        return argument_of(world, row, actor, found[1])

    path = ARGUMENT.sub(argument, GROUP.sub(argument, path))
    return path.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "")


def argument_of(world: World, row: Row, actor: Actor, name: str) -> str:
    """Return what stands for an argument of a route, by the object that the row asks for."""
    if name == "language":  # of a page; a catalogue is the thing itself, and may be missing
        return "tlh" if row.object == "missing" and "i18n" in row.route else "en"
    if name == "app_label":
        return "events"
    if row.object == "missing":
        return {"code": "nothing", "rest": "nowhere", "url": "nowhere/", "reference": "nothing",
                "content_type_id": "0", "token": "nothing"}.get(name, str(NOBODY))  # fmt: skip
    if name in OWNED:
        owner = actor if row.object == "own" and actor.user else world.stranger
        thing: Model | None = getattr(owner, OWNED[name])
        return str(thing.pk) if thing else str(NOBODY)
    if name in {"link_id", "token_id"}:
        return link_id(actor if row.object == "own" and actor.user else world.stranger)
    if name == "name":
        return str(EventImage.objects.values_list("name", flat=True)[0])
    if name == "run_id":
        return str(ComputationRun.objects.latest("pk").pk)
    if name in {"object_id", "id"}:
        return str(admin_row(world, row.route).pk)
    return {
        "reference": world.event.slug,
        "code": "not_found" if "problems" in row.route else "full_moon",
    }[name]


def link_id(actor: Actor) -> str:
    """Return the number of a link to Telegram that somebody's session asked for."""
    asked = TelegramLinkToken.objects.create(
        purpose=TelegramLinkToken.Purpose.LINK,
        user=actor.user,
        session=actor.session,
        token_hash=uuid4().hex,
        expires_at=clock.now() + timedelta(minutes=10),
    )
    return str(asked.pk)


def admin_row(world: World, route: str) -> Model:
    """Return a row for the admin's page of a model; of people somebody who is no staff."""
    app, name = route.removeprefix(ADMIN).split("/")[:2]
    if (app, name) == ("accounts", "user"):
        return _user(world.stranger.user)
    if (app, name) == ("events", "event"):
        return world.event
    model = next(model for model in site._registry if model._meta.label_lower == f"{app}.{name}")  # noqa: SLF001 - it has no other list
    row = model._default_manager.first()  # noqa: SLF001 - as Django's own admin asks
    if row is None:
        raise AssertionError(f"Make a row of {app}.{name} for the access matrix.")
    return row
