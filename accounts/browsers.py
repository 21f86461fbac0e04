"""Tie Django's session cookie to a session of ours, so that ending the one ends the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, user_logged_in, user_logged_out
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import Session, User
from accounts.selectors.sessions import browser_session
from accounts.services.browsers import session_touch
from accounts.services.sessions import session_open, session_revoke
from starscal.core import clock

SID: Final = "sid"
TOKEN_VERSION: Final = "tv"  # noqa: S105 - the name of a number
TOUCH_AFTER: Final = timedelta(minutes=5)
DEVICE_CHARACTERS: Final = 100
# The first that the browser names counts: Chrome calls itself Safari, too.
PROGRAMS: Final = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrom": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS: Final = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "CrOS": "ChromeOS", "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


def browser_user(request: HttpRequest) -> User | AnonymousUser:
    """Return the user of a browser; a cookie whose session has ended is emptied."""
    store = request.session
    sid = store.get(SID)
    if not sid or SESSION_KEY not in store:
        return AnonymousUser()
    now = clock.now()
    session = browser_session(session_id=sid, at=now)
    if session is None or not _is_theirs(store, session.user):
        store.flush()
        return AnonymousUser()
    if session.last_used_at < now - TOUCH_AFTER:
        session_touch(session_id=session.pk, at=now)
    return session.user


def browser_session_id(request: HttpRequest) -> str:
    """Return the id of the session that this browser is signed in with."""
    return str(request.session.get(SID, ""))


def _is_theirs(store: SessionBase, user: User) -> bool:
    """Say whether nothing happened to the account that ends what was signed in before."""
    known = str(store.get(HASH_SESSION_KEY, ""))
    return (
        store[SESSION_KEY] == str(user.pk)
        and store.get(TOKEN_VERSION) == user.token_version
        and any(constant_time_compare(known, valid) for valid in _hashes(user))
    )


def _hashes(user: User) -> list[str]:
    return [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]


@receiver(user_logged_in)
def begin(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Note a sign-in of the site or the admin among the user's sessions.

    Who was signed in in this browser is so no more: a cookie names one session.
    """
    end(request, user)
    device = device_text(request.headers.get("User-Agent", ""))
    opened = session_open(user=user, kind=Session.Kind.WEB, device=device)
    request.session[SID] = str(opened.session.pk)
    request.session[TOKEN_VERSION] = user.token_version


@receiver(user_logged_out)
def end(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """End the session that the cookie names."""
    sid = browser_session_id(request)
    if user is not None and sid:
        session_revoke(session_id=UUID(sid), user=user, reason="signed_out")


def device_text(user_agent: str) -> str:
    """Return browser and system by their own names, as far as they can be told."""
    parts = (_first(PROGRAMS, user_agent), _first(SYSTEMS, user_agent))
    return " · ".join(filter(None, parts))[:DEVICE_CHARACTERS]


def device_shown(device: str) -> str:
    """Return what a session calls its device; an application's may be a whole user agent."""
    return device_text(device) if device.startswith("Mozilla/") else device


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")
