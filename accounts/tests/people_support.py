"""What the tests of people share: letters with their links, and requests of somebody signed in."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from accounts.models import User
from accounts.services.mails import mails_send
from accounts.services.sessions import session_open
from starscal.core import clock

PASSWORD = "an-orbit-of-27-days"
OTHER_PASSWORD = "a-month-of-29.5-days"
API = "/api/v1"


def person(username: str = "vera", **fields: Any) -> User:
    fields.setdefault("email", f"{username}@example.org")
    fields.setdefault("password", PASSWORD)
    return User.objects.create_user(username, **fields)


def letters() -> list[EmailMultiAlternatives]:
    """Send what waits and return everything that went, emptying the box."""
    mails_send(at=clock.now())
    sent = list(mail.outbox)
    mail.outbox.clear()
    return sent  # type: ignore[return-value]  # all of ours have two forms


def token_in(letter: EmailMultiAlternatives) -> str:
    found = re.search(r"https://stars\.example/[a-z-]+/account/[a-z]+/([\w:-]+)/", str(letter.body))
    assert found, letter.body
    return found[1]


def call(method: str, path: str, body: Any = None, user: User | None = None, **headers: str) -> Any:
    """Send a request, as ``user`` in a session of their own, and return the answer."""
    if user is not None:
        headers["Authorization"] = f"Bearer {session_open(user=user).access_token}"
    options: dict[str, Any] = {"headers": headers}
    if body is not None:
        options |= {"data": body, "content_type": "application/json"}
    return getattr(Client(raise_request_exception=True), method)(f"{API}{path}", **options)


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]
