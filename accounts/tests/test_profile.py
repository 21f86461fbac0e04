"""The own profile: typed, versioned, announced, and only its owner's."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import close_old_connections
from prometheus_client import CollectorRegistry

from accounts.models import User
from accounts.preferences import known_codes
from accounts.services.deletion import user_erase
from accounts.services.profile import profile_update
from accounts.services.sessions import session_open
from accounts.services.streams import personal_stream_open
from accounts.tests.people_support import call, person, pointers
from starscal.core.exceptions import ApplicationError
from starscal.core.metrics import REGISTRY
from starscal.core.models import AuditEntry, OutboxMessage, Stream
from starscal.core.selectors import Cursor

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return person()


def change(user: User, body: Any, tag: str = "*", **headers: str) -> Any:
    return call("patch", "/me", body, user, **{"If-Match": tag, **headers})


def writes(registry: CollectorRegistry = REGISTRY) -> float:
    return registry.get_sample_value("starscal_profile_writes_total") or 0.0


def test_a_profile_is_shown_to_its_owner_with_a_tag(user: User) -> None:
    answer = call("get", "/me", user=user)
    assert answer.status_code == 200
    assert answer.json()["username"] == "vera"
    assert answer["Cache-Control"] == "private, no-store"
    again = call("get", "/me", user=user, **{"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert call("get", "/me").status_code == 401


def test_a_change_is_stored_counted_audited_and_announced(user: User) -> None:
    before, tag = writes(), call("get", "/me", user=user)["ETag"]
    body = {
        "display_name": "  Vera R. ",
        "language": "zh-CN",
        "timezone": "Asia/Kolkata",
        "place": {"latitude_deg": 28, "longitude_deg": 77.2},
        "spiritual_preferences": {
            "signs": ["leo"], "min_significance": 3, "lead_times": [60, 1440, 60],
            "interests": ["Sufi poetry"], "consent": True,
        },
    }  # fmt: skip
    answer = change(user, body, tag)
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert (shown["display_name"], shown["language"]) == ("Vera R.", "zh-hans")
    assert shown["place"] == {"latitude_deg": 28.0, "longitude_deg": 77.2, "elevation_m": 0.0}
    assert shown["spiritual_preferences"]["lead_times"] == [60, 1440]
    assert answer["ETag"] != tag
    assert call("get", "/me", user=user)["ETag"] == answer["ETag"]
    assert writes() == before + 1
    told = OutboxMessage.objects.get(stream_id=f"me:{user.pk}")
    assert told.kind == "profile.updated"
    assert told.body["etag"] == answer["ETag"]
    assert set(told.body["fields"]) > {"display_name", "language", "timezone"}
    actions = AuditEntry.objects.filter(object_id=str(user.pk)).values_list("action", flat=True)
    assert {"profile.update", "consent.give"} <= set(actions)
    kept = str([told.body, *AuditEntry.objects.values_list("changes", flat=True)])
    assert "Sufi" not in kept
    assert "Kolkata" not in kept


def test_what_is_set_already_is_not_written_again(user: User) -> None:
    change(user, {"display_name": "Vera"})
    tag, count = call("get", "/me", user=user)["ETag"], OutboxMessage.objects.count()
    assert change(user, {"display_name": "Vera"})["ETag"] == tag
    assert change(user, {})["ETag"] == tag
    assert OutboxMessage.objects.filter(kind="profile.updated").count() == 1
    assert count >= 1


def test_a_change_needs_the_tag_it_is_meant_for(user: User) -> None:
    missing = call("patch", "/me", {"display_name": "x"}, user)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition.required")
    tag = call("get", "/me", user=user)["ETag"]
    assert change(user, {"display_name": "A"}, f"W/{tag}").status_code == 200
    stale = change(user, {"display_name": "B"}, tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition.failed")
    user.refresh_from_db()
    assert user.display_name == "A"


@pytest.mark.django_db(transaction=True)
def test_of_parallel_changes_from_one_version_one_wins() -> None:
    user = person()
    tag = call("get", "/me", user=user)["ETag"]
    outcomes: list[str] = []
    barrier = threading.Barrier(4)

    def attempt(number: int) -> None:
        barrier.wait()
        try:
            profile_update(user=user, body={"display_name": f"V{number}"}, if_match=tag)
            outcomes.append("written")
        except ApplicationError as error:
            outcomes.append(str(error.code))
        finally:
            close_old_connections()

    threads = [threading.Thread(target=attempt, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == [*["precondition.failed"] * 3, "written"]


PREFERENCES = "spiritual_preferences"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ([], [""]),
        ({"username": "x"}, ["/username"]),
        ({"email": "x@example.org"}, ["/email"]),
        ({"is_staff": True, "telegram_user_id": 5}, ["/is_staff", "/telegram_user_id"]),
        ({"a/b~c": 1}, ["/a~1b~0c"]),
        ({"display_name": "x" * 101}, ["/display_name"]),
        ({"display_name": "\u202eolleh"}, ["/display_name"]),
        ({"display_name": "a\x00b"}, ["/display_name"]),
        ({"display_name": None}, ["/display_name"]),
        ({"language": "tlh"}, ["/language"]),
        ({"timezone": "localtime"}, ["/timezone"]),
        ({"timezone": "../etc/passwd"}, ["/timezone"]),
        ({"timezone": 3}, ["/timezone"]),
        ({"place": 5}, ["/place"]),
        ({"place": {}}, ["/place/latitude_deg", "/place/longitude_deg"]),
        ({"place": {"latitude_deg": 91, "longitude_deg": 0}}, ["/place/latitude_deg"]),
        ({"place": {"latitude_deg": True, "longitude_deg": 0}}, ["/place/latitude_deg"]),
        ({"place": {"latitude_deg": 10**18, "longitude_deg": 0}}, ["/place/latitude_deg"]),
        ({"place": {"latitude_deg": 1, "longitude_deg": 0, "x": 1}}, ["/place/x"]),
        (
            {"place": {"latitude_deg": 1, "longitude_deg": 0, "elevation_m": 9001}},
            ["/place/elevation_m"],
        ),
        ({PREFERENCES: None}, [f"/{PREFERENCES}"]),
        ({PREFERENCES: {"faith": "x"}}, [f"/{PREFERENCES}/faith"]),
        ({PREFERENCES: {"signs": ["ophiuchus"]}}, [f"/{PREFERENCES}/signs"]),
        ({PREFERENCES: {"event_types": ["Full Moon"]}}, [f"/{PREFERENCES}/event_types"]),
        ({PREFERENCES: {"event_types": ["no_such_kind"]}}, [f"/{PREFERENCES}/event_types"]),
        ({PREFERENCES: {"min_significance": 6}}, [f"/{PREFERENCES}/min_significance"]),
        ({PREFERENCES: {"min_significance": True}}, [f"/{PREFERENCES}/min_significance"]),
        ({PREFERENCES: {"lead_times": list(range(11))}}, [f"/{PREFERENCES}/lead_times"]),
        ({PREFERENCES: {"consent": "yes"}}, [f"/{PREFERENCES}/consent"]),
        ({PREFERENCES: {"interests": ["zen"]}}, [f"/{PREFERENCES}/interests"]),
        ({PREFERENCES: {"calendars": ["armenian"]}}, [f"/{PREFERENCES}/calendars"]),
        (
            {PREFERENCES: {"interests": ["zen"], "consent": False}},
            [f"/{PREFERENCES}/interests"],
        ),
        ({PREFERENCES: {"interests": [""], "consent": True}}, [f"/{PREFERENCES}/interests"]),
        (
            {PREFERENCES: {"interests": ["ॐ" * 51], "consent": True}},
            [f"/{PREFERENCES}/interests"],
        ),
    ],
)
def test_what_is_wrong_is_named_by_a_pointer(user: User, body: Any, wrong: list[str]) -> None:
    answer = change(user, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "validation.profile_invalid")
    assert sorted(pointers(answer)) == sorted(wrong)
    assert not OutboxMessage.objects.filter(kind="profile.updated").exists()


def test_preferences_are_bounded_as_a_whole(user: User) -> None:
    kinds = list(known_codes("event_types"))[:50]
    for sign, status in (("o", 200), ("🌙", 400)):
        interests = [f"{number:02}{sign * 48}" for number in range(20)]
        wished = {"interests": interests, "consent": True, "event_types": kinds}
        answer = change(user, {PREFERENCES: wished})
        assert answer.status_code == status
    assert pointers(answer) == [f"/{PREFERENCES}"]


def test_consent_withdrawn_takes_what_it_covered(user: User) -> None:
    change(user, {PREFERENCES: {"interests": ["zen"], "consent": True, "signs": ["leo"]}})
    refused = change(user, {PREFERENCES: {"interests": ["zen"], "signs": ["leo"]}})
    assert refused.status_code == 400
    assert change(user, {PREFERENCES: {"signs": ["leo"]}}).status_code == 200
    user.refresh_from_db()
    assert user.spiritual_preferences == {"signs": ["leo"]}
    assert AuditEntry.objects.filter(action="consent.withdraw").count() == 1


def test_a_place_is_forgotten_with_null(user: User) -> None:
    change(user, {"place": {"latitude_deg": 1, "longitude_deg": 2, "elevation_m": 3}})
    assert change(user, {"place": None}).json()["place"] is None
    user.refresh_from_db()
    assert user.latitude_deg is user.longitude_deg is user.elevation_m is None


def test_errors_speak_the_users_language_before_the_browsers() -> None:
    user = person(language="de")
    answer = change(user, {"nothing": 1}, **{"Accept-Language": "fr"})
    assert answer["Content-Language"] == "de"
    assert answer.json()["title"] == "Profil nicht gültig"
    asked = call(
        "patch", "/me?lang=fr", {"nothing": 1}, user, **{"If-Match": "*", "Accept-Language": "ru"}
    )
    assert asked["Content-Language"] == "fr"


def test_the_database_keeps_updated_at(user: User) -> None:
    User.objects.filter(pk=user.pk).update(updated_at=datetime(2000, 1, 1, tzinfo=UTC))
    user.refresh_from_db()
    assert user.updated_at > datetime(2026, 1, 1, tzinfo=UTC)


def test_the_profile_says_where_its_stream_stood(user: User) -> None:
    first = call("get", "/me", user=user)
    epoch, seq = first.json()["cursors"]["me"]
    assert (seq, Stream.objects.get(pk=f"me:{user.pk}").epoch) == (0, UUID(epoch))
    changed = change(user, {"display_name": "Vera"})
    assert changed.json()["cursors"]["me"] == [epoch, 0]  # read before the row: it comes again
    assert call("get", "/me", user=user).json()["cursors"]["me"] == [epoch, 1]
    message = OutboxMessage.objects.get(stream_id=f"me:{user.pk}")
    assert message.body["etag"] == changed["ETag"]  # which no cursor changes


def test_the_place_in_the_stream_is_read_before_the_row(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Change the profile at the worst moment: the answer has it, or the replay brings it."""
    token = session_open(user=user).access_token

    def overtaken(*, user: User) -> Cursor:
        found = personal_stream_open(user=user)
        profile_update(user=user, body={"display_name": "overtaken"})
        return found

    monkeypatch.setattr("accounts.api.me.personal_stream_open", overtaken)
    answer = call("get", "/me", Authorization=f"Bearer {token}").json()
    assert (answer["display_name"], answer["cursors"]["me"][1]) == ("overtaken", 0)


def test_no_stream_is_opened_for_an_account_that_is_gone(user: User) -> None:
    gone = User.objects.get()
    user_erase(user=user, actor="test")
    with pytest.raises(ApplicationError):
        personal_stream_open(user=gone)
    assert not Stream.objects.filter(name__startswith="me:").exists()
