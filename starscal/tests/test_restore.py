"""T17: a backup is proved by restoring it, and what was ended since stays ended."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from accounts.links import email_token
from accounts.models import ApiKey, EmailChange, User
from accounts.selectors.belongings import personal_stream
from accounts.services.api_keys import api_key_create, api_key_revoke
from accounts.services.deletion import user_delete_request, user_erase, users_purge
from accounts.services.email_change import email_change_confirm
from accounts.services.passwords import password_change
from accounts.services.profile import profile_update
from accounts.services.sessions import session_open
from events.live.log import connection_params
from events.models import Event
from events.services.curation import EventEdit, event_update
from events.tests.live_client import LiveSocket
from events.tests.live_world import Publish
from starscal.core import clock
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
    "accounts_refreshtoken",
    "accounts_session",
    "accounts_user",
    "core_auditentry",
    "core_outboxmessage",
    "core_stream",
    "django_migrations",
    "django_session",
    "events_changes",  # the restore itself is one
}
NASTY = "Back\\slash \\N \\. \"quote\" 'one' 🌘 луна 月 \\t"


PASSWORD = "long and winding road"
GONE = ("erased", "purged")


def new_person(name: str) -> User:
    """Create somebody with a session, a key and a message in the own stream."""
    person = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
    session_open(user=person)
    api_key_create(user=person, name=name, scopes=["read"])
    profile_update(user=person, body={"display_name": name})
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


def end_since_the_backup(people: dict[str, User]) -> None:
    """Do, by the real services, what no restored backup may undo."""
    user_erase(user=people["erased"], actor="staff")
    user_delete_request(user=people["purged"])
    assert users_purge(at=clock.now() + timedelta(days=8)) == 1
    password_change(
        user=people["forgetful"],
        session_id=uuid4(),
        current=PASSWORD,
        new="a shorter, straighter road",
    )
    moved = people["moved"]
    change = EmailChange.objects.create(
        user=moved, email="elsewhere@example.org", expires_at=clock.now() + timedelta(hours=1)
    )
    email_change_confirm(token=email_token(change))
    key = ApiKey.objects.get(user=people["stayer"])
    assert api_key_revoke(key_id=key.pk, user=people["stayer"])


@pytest.mark.timeout(300)
@pytest.mark.drill("T17")
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
    people = {name: new_person(name) for name in (*GONE, "forgetful", "moved", "stayer")}
    streams = [personal_stream(user=people[name]) for name in GONE]
    before, old = digests(ours()), Stream.objects.get(pk="events")
    started = time.monotonic()
    path, manifest = backup_create(folder=tmp_path, at=clock.now())
    figures["backup_s"] = round(time.monotonic() - started, 2)

    end_since_the_backup(people)
    started = time.monotonic()
    done = other_database.manage("restore", str(path))
    figures["restore_s"] = round(time.monotonic() - started, 2)
    figures |= {"rows": manifest.rows, "megabytes": round(path.stat().st_size / 1e6, 1)}

    assert done.returncode == 0, done.stderr
    assert figures["restore_s"] <= RESTORE_LIMIT_S
    rows_are_equal(before, digests(other_database))
    ended_stay_ended(other_database, streams)
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
    # Its own line of the trail, and one for each account that it deletes again.
    assert after["core_auditentry"][0] == before["core_auditentry"][0] + 1 + len(GONE)
    assert before["events_event"][0] > 20


def ended_stay_ended(database: OtherDatabase, streams: list[str]) -> None:
    people = database.rows(
        "SELECT username, password LIKE '!%', email IS NULL, token_version FROM accounts_user "
        "WHERE username <> 'editor' ORDER BY username"
    )
    keys = database.rows("SELECT name, revoked_at IS NULL FROM accounts_apikey ORDER BY name")
    open_sessions = database.rows("SELECT FROM accounts_session WHERE revoked_at IS NULL")
    assert people == [
        ("forgetful", True, False, 1),
        ("moved", False, True, 1),
        ("stayer", False, False, 1),
    ]
    assert keys == [("forgetful", True), ("moved", True), ("stayer", False)]
    assert open_sessions == []
    for name in streams:
        assert database.rows("SELECT FROM core_outboxmessage WHERE stream_id = %s", name) == []
        assert database.rows("SELECT FROM core_stream WHERE name = %s", name) == []
    left = database.rows(
        "SELECT FROM core_outboxmessage WHERE stream_id LIKE 'me:%%' AND seq > %s", 0
    )
    assert len(left) == 3  # of those who stayed


def cursors_of_before_are_reset(database: OtherDatabase, old: Stream, folder: Path) -> None:
    """Resume on the restored database, with a cursor from the time before."""
    found = database.rows(
        "SELECT last_seq FROM core_stream WHERE name = 'events' AND epoch <> %s", old.epoch
    )
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
