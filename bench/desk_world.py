"""A large table of events for the bench of the desk, and somebody to look at it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from events.kinds import COMPUTED
from events.models import Event, KindSetting
from events.services.generation import event_generate
from events.tests.desk_queries import LIST, PAGES, SEARCHES
from events.windows import Span
from starscal.testing.staff import staff_sign_in

YEARS = Span(datetime(2001, 1, 1, tzinfo=UTC), datetime(2006, 1, 1, tzinfo=UTC))
TEXTS = 20_000  # events with texts of people, in some languages


def world_fill(events: int) -> int:
    """Compute five years, spread copies of them over two centuries, and strew states in."""
    call_command("migrate", verbosity=0)
    event_generate(span=YEARS, families=tuple(COMPUTED))
    _say("computed")
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [[f"event_title_{code}_idx" for code in SEARCHED]])
        indexes = cursor.fetchall()
        for name, _definition, _kept in indexes:  # built afterwards, which is faster
            cursor.execute(f"DROP INDEX {name}")
        copies = events // Event.objects.count()
        cursor.execute(_copy(), [copies])
        _say("copied")
        for _name, definition, kept in indexes:
            if kept:
                cursor.execute(definition)
        cursor.execute(TEXT_STATES, [TEXTS])
        KindSetting.objects.create(code="full_moon", needs_review=True)
        cursor.execute("VACUUM ANALYZE events_event")
        cursor.execute("VACUUM ANALYZE events_textstate")
    _say("indexed")
    return Event.objects.count()


# Whoever reads English searches English titles alone; the indexes of the others are alike.
SEARCHED = ("en",)
INDEXES = """
SELECT indexname, indexdef, indexname NOT LIKE 'event_title_%%' OR indexname = ANY(%s)
FROM pg_indexes WHERE tablename = 'events_event' AND indexdef NOT LIKE '%%UNIQUE%%'
"""
TEXT_STATES = """
INSERT INTO events_textstate (event_id, field, language, source, status, generated_text)
SELECT id, 'title', language, 'human', status, title_en
FROM (SELECT id, title_en FROM events_event ORDER BY md5(id::text) LIMIT %s) chosen,
     (VALUES ('de', 'stale'), ('hy', 'needs_review'), ('fr', 'ok'), ('ja', 'ok'))
     given (language, status)
"""


def _copy() -> str:
    """Write the statement that copies every event into other years."""
    names = [field.attname for field in Event._meta.concrete_fields]
    moved = "(n %% 40 - 20) * 5"
    changed = {
        "id": "gen_random_uuid()",
        "key": "key || ':' || n",
        "slug": "slug || '-' || n",
        "occurs_at": f"occurs_at + make_interval(years => {moved}, secs => n)",
        "begins_at": f"begins_at + make_interval(years => {moved}, secs => n)",
        "ends_at": f"ends_at + make_interval(years => {moved}, secs => n)",
        "status": "CASE WHEN random() < 0.002 THEN 'draft' WHEN random() < 0.001 THEN 'hidden'"
        " WHEN random() < 0.0005 THEN 'cancelled' ELSE status END",
        "origin": "CASE WHEN random() < 0.001 THEN 'staff' ELSE origin END",
    }
    values = ", ".join(changed.get(name, name) for name in names)
    return (
        f"INSERT INTO events_event ({', '.join(names)})"  # noqa: S608 - names of our own
        f" SELECT {values} FROM events_event, generate_series(1, %s - 1) n"
    )


def curator_signed_in() -> Client:
    """Return a browser in which a curator has passed both factors."""
    user = User.objects.create_user("curator", password=None, is_staff=True)
    rights = ("add_event", "change_event", "view_event", "publish_event")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    staff_sign_in(client, user)
    return client


def backend_pid() -> int:
    """Return the number of the database's process that serves this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def pages() -> dict[str, str]:
    """Return the addresses of the list, by name."""
    return {name: f"{LIST}?{query}" for name, query in {**PAGES, **SEARCHES}.items()}


def _say(what: str) -> None:
    sys.stderr.write(f"{what}: {Event.objects.count()} events\n")
