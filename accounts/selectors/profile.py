"""The profile as its owner sees it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TypedDict

import orjson

from accounts.models import User
from accounts.preferences import Preferences
from starscal.core.selectors import Cursor


class ProfilePlace(TypedDict):
    """Where a person watches the sky."""

    latitude_deg: float
    longitude_deg: float
    elevation_m: float


class Profile(TypedDict):
    """What belongs to a person."""

    id: str
    username: str
    email: str | None
    email_verified_at: str | None
    display_name: str
    language: str
    timezone: str
    place: ProfilePlace | None
    spiritual_preferences: Preferences
    telegram_linked: bool
    telegram_subscribed: bool
    delete_after: str | None
    created_at: str
    updated_at: str


class OwnCursors(TypedDict):
    """Where the own live stream stood before the profile was read: resume from here."""

    me: list[str | int]


class ProfileAnswer(Profile):
    """What belongs to a person, and where the stream that tells of its changes stood."""

    cursors: OwnCursors


def profile_payload(*, user: User) -> Profile:
    return {
        "id": str(user.pk),
        "username": user.username,
        "email": user.email,
        "email_verified_at": _instant(user.email_verified_at),
        "display_name": user.display_name,
        "language": user.language,
        "timezone": user.timezone,
        "place": _place(user),
        "spiritual_preferences": user.spiritual_preferences,
        "telegram_linked": user.telegram_user_id is not None,
        "telegram_subscribed": user.is_telegram_subscribed,
        "delete_after": _instant(user.delete_after),
        "created_at": instant_text(user.created_at),
        "updated_at": instant_text(user.updated_at),
    }


def profile_answer(*, user: User, cursor: Cursor) -> ProfileAnswer:
    """Return the profile with the place of the own stream, which was read before the row."""
    return {
        **profile_payload(user=user),
        "cursors": {"me": [str(cursor.epoch), cursor.seq]},
    }


def profile_etag(*, user: User) -> str:
    """Return the tag of the profile; every change of the row changes it, no cursor does."""
    content = orjson.dumps(profile_payload(user=user), option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def instant_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _place(user: User) -> ProfilePlace | None:
    if user.latitude_deg is None or user.longitude_deg is None:
        return None
    return {
        "latitude_deg": user.latitude_deg,
        "longitude_deg": user.longitude_deg,
        "elevation_m": user.elevation_m or 0.0,
    }
