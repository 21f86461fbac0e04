"""T17: a backup is proved by restoring it, and what was ended since stays ended."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import ApiKey, Session, User
from events.live.log import connection_params
from events.models import Event
from events.services.curation import EventEdit, event_update
from events.tests.live_client import LiveSocket
from events.tests.live_world import Publish
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.backup.creation import backup_create
from starscal.core.models import Stream
from starscal.testing.databases import OtherDatabase
from starscal.testing.drill import drill_full
from starscal.testing.live import new_server

RESTORE_LIMIT_S = 30.0 if drill_full() else 90.0  # other tests run beside the quick form
TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY relname
"""
# Hashed by the database itself, another way than the backup does.
DIGEST = """
    SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))
    FROM {} t
"""
# What a restore is meant to change: epochs, sessions, who is gone, its own line of the trail.
CHANGED = {
    "accounts_apikey",
    "accounts_session",
    "accounts_user",
    "core_auditentry",
    "core_stream",
    "django_migrations",
    "django_session",
}
NASTY = "Back\\slash \\N \\. \"quote\" 'one' 🌘 луна 月 \\t"


def new_person(name: str) -> User:
    person = User.objects.create_user(name, f"{name}@example.org", "long and winding road")
    Session.objects.create(user=person, expires_at=clock.now() + timedelta(days=30))
    ApiKey.objects.create(user=person, name="k", prefix=name[:8], key_hash=name, scopes=["read"])
    return person


def ours() -> OtherDatabase:
    """Return the database of this test."""
    params = {**connection_params()}
    host, name = params["host"], params["dbname"]
    return OtherDatabase(f"postgresql://{params['user']}@/{name}?host={host}")


def digests(database: OtherDatabase) -> dict[str, tuple[Any, ...]]:
    names = [name for (name,) in database.rows(TABLES)]
    return {name: database.rows(DIGEST.format(f'"{name}"'))[0] for name in names}


def sky_stored() -> None:
    months = 18 if drill_full() else 1
    call_command("compute", months=months, verbosity=0)


def ended(person: User, action: str, object_id: object) -> None:
    audit_record(actor=str(person.pk), action=action, object_type="any", object_id=str(object_id))


@pytest.mark.timeout(300)
@pytest.mark.drill("T17")
@pytest.mark.slow
def test_a_restored_backup_holds_the_same_rows_and_none_that_were_ended_since(
    other_database: OtherDatabase,
    publish_many: Publish,
    editor: User,
    figures: dict[str, Any],
    tmp_path: Path,
) -> None:
    sky_stored()
    publish_many(3)
    text_edited(editor)
    leaver, forgetful, stayer = (new_person(name) for name in ("leaver", "forgetful", "stayer"))
    before, old = digests(ours()), Stream.objects.get(pk="events")
    started = time.monotonic()
    path, manifest = backup_create(folder=tmp_path, at=clock.now())
    figures["backup_s"] = round(time.monotonic() - started, 2)

    ended(leaver, "user.delete", leaver.pk)
    ended(forgetful, "password.change", forgetful.pk)
    ended(stayer, "api_key.revoke", ApiKey.objects.get(user=stayer).pk)
    started = time.monotonic()
    done = other_database.manage("restore", str(path))
    figures["restore_s"] = round(time.monotonic() - started, 2)
    figures |= {"rows": manifest.rows, "megabytes": round(path.stat().st_size / 1e6, 1)}

    assert done.returncode == 0, done.stderr
    assert figures["restore_s"] <= RESTORE_LIMIT_S
    rows_are_equal(before, digests(other_database))
    ended_stay_ended(other_database)
    cursors_of_before_are_reset(other_database, old, tmp_path)


def text_edited(editor: User) -> None:
    event = Event.objects.filter(origin=Event.Origin.COMPUTED).first()
    assert event is not None
    edit = EventEdit(texts={"title_hy": NASTY, "reflection_ja": NASTY})
    event_update(event_id=event.pk, actor=editor, edit=edit, at=clock.now())


def rows_are_equal(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert before.keys() == after.keys()
    different = {name for name, found in after.items() if before[name] != found}
    assert different <= CHANGED
    assert after["core_auditentry"][0] == before["core_auditentry"][0] + 1
    assert before["events_event"][0] > 20


def ended_stay_ended(database: OtherDatabase) -> None:
    people = database.rows(
        "SELECT username, password LIKE '!%', token_version FROM accounts_user "
        "WHERE username <> 'editor' ORDER BY username"
    )
    keys = database.rows("SELECT prefix, revoked_at IS NULL FROM accounts_apikey ORDER BY prefix")
    open_sessions = database.rows("SELECT FROM accounts_session WHERE revoked_at IS NULL")
    assert people == [("forgetful", True, 1), ("stayer", False, 1)]
    assert keys == [("forgetfu", True), ("stayer", False)]
    assert open_sessions == []


def cursors_of_before_are_reset(database: OtherDatabase, old: Stream, folder: Path) -> None:
    """Resume on the restored database, with a cursor from the time before."""
    found = database.rows("SELECT last_seq FROM core_stream WHERE epoch <> %s", old.epoch)
    assert found == [(old.last_seq,)]
    server = new_server(folder)
    server.environment = {"DATABASE_URL": database.url}
    server.start()
    try:
        with LiveSocket(server.ws_url) as socket:
            socket.hello(cursor=[str(old.epoch), old.last_seq])
            reset = socket.hear_op("reset")
            assert reset["cursor"][0] != str(old.epoch)
    finally:
        server.stop()
