"""T4: what the document says of accounts is what the service does, whoever asks and whatever."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from django.contrib.auth.hashers import make_password

from accounts.links import Purpose, email_token, registration_token, user_token
from accounts.models import EmailChange, Registration, User
from accounts.selectors.profile import profile_etag
from accounts.services.api_keys import Scope, api_key_create
from accounts.services.sessions import OpenedSession, session_open
from events.services.reminders import reminder_set
from starscal.core import clock
from starscal.testing.contract import Identify, contract_test, operations
from starscal.testing.drill import drill_full
from starscal.testing.live import LiveServer
from telegram_link.models import BotState, TelegramLinkToken
from telegram_link.services.tokens import code_hash, secret_hash

PATHS: Final = r"^(/api/v1/(auth|me|keys)(/|$)|/\.well-known/jwks\.json$)"
EVENT_PATHS: Final = r"^/api/v1/(events|kinds|announcements)"
BOT_TOKEN: Final = "5550001111:AAdouble-of-the-Bot-API_only-here00"
PASSWORD: Final = "an-orbit-of-27-days"
CASES_FULL: Final = 1_500
EXAMPLES_FULL: Final = 12  # of each kind, for each operation and each identity


class People:
    """Somebody new for each case, so that no case depends on what another has ended."""

    def __init__(self) -> None:
        self.hashed = make_password(PASSWORD)
        self.numbers = itertools.count()

    def user(self, **fields: Any) -> User:
        name = f"orbit{next(self.numbers)}"
        return User.objects.create(
            username=name, username_folded=name, email=f"{name}@example.org",
            password=self.hashed, **fields,
        )  # fmt: skip

    def true_values(
        self, user: User, path: str, opened: OpenedSession | None = None
    ) -> dict[str, Any]:
        """Return what would be right in the fields of a body, a path or a header."""
        opened = opened or session_open(user=user)
        fresh = f"comet{next(self.numbers)}"
        return {
            "username": fresh if path.endswith("/register") else user.username,
            "password": PASSWORD,
            "current_password": PASSWORD,
            "new_password": "a-month-of-29.5-days",
            "email": f"{fresh}@example.org",
            "refresh": opened.refresh_token,
            "token": self.link(user, path.rpartition("/auth/")[2], fresh),
            "session_id": str(opened.session.pk),
            "key_id": str(api_key_create(user=user, name="k", scopes=["read"]).key.pk),
            "If-Match": profile_etag(user=User.objects.get(pk=user.pk)),
            "language": "de",
            "timezone": "Asia/Kolkata",
            "display_name": "Вера 👩‍🚀",
            "place": {"latitude_deg": 28.6, "longitude_deg": 77.2},
            "spiritual_preferences": {"signs": ["leo"], "interests": ["Sufi"], "consent": True},
            "name": "a server",
            "scopes": ["read"],
            "expires_in_days": 3,
            "reminder_id": str(reminder_set(user=user, event_type="full_moon", lead_minutes=60).pk),
            **self.telegram(user, opened),
        }

    def telegram(self, user: User, opened: OpenedSession) -> dict[str, Any]:
        """Return a link that a session asked for and one to sign in with, both opened."""
        chat, other = next(self.numbers) + 1, self.user()
        User.objects.filter(pk=other.pk).update(telegram_user_id=-chat)
        link, sign_in = uuid4().hex, uuid4().hex
        shared: dict[str, Any] = {
            "used": True, "opened_name": "Vera", "expires_at": clock.now() + timedelta(minutes=10),
        }  # fmt: skip
        asked = TelegramLinkToken.objects.create(
            purpose="link", token_hash=link, user=user, session=opened.session, opened_id=chat,
            agreed_at=clock.now(), **shared,
        )  # fmt: skip
        told = TelegramLinkToken.objects.create(
            purpose="sign_in", token_hash=sign_in, opened_id=-chat,
            holder_hash=secret_hash("holder"), code_hash=code_hash(sign_in, "123456"), **shared,
        )  # fmt: skip
        ids = {"link_id": str(asked.pk), "token_id": str(told.pk)}
        return {**ids, "holder": "holder", "code": "123456"}

    def link(self, user: User, page: str, fresh: str) -> str:
        """Return the token of a letter that this address takes."""
        later = clock.now() + timedelta(hours=1)
        if page == "verify":
            return registration_token(
                Registration.objects.create(
                    username=fresh, username_folded=fresh, email=f"{fresh}@example.org",
                    password=self.hashed, language="en", expires_at=later,
                )
            )  # fmt: skip
        if page == "email/confirm":
            email = f"{fresh}@example.org"
            return email_token(EmailChange.objects.create(user=user, email=email, expires_at=later))
        if page in {"keep", "return"}:
            closed = self.user(is_active=False, delete_after=later if page == "keep" else None)
            return user_token(Purpose(page), closed)
        return user_token(Purpose.RESET, user)

    def nobody(self, path: str) -> tuple[dict[str, str], dict[str, Any]]:
        return {}, self.true_values(self.user(), path)

    def reader(self, path: str) -> tuple[dict[str, str], dict[str, Any]]:
        return self.signed_in(self.user(), path)

    def staff(self, path: str) -> tuple[dict[str, str], dict[str, Any]]:
        return self.signed_in(self.user(is_staff=True, is_superuser=True), path)

    def server(self, path: str) -> tuple[dict[str, str], dict[str, Any]]:
        """Come with a key that may do all that a key may."""
        user = self.user()
        secret = api_key_create(user=user, name="s", scopes=[scope.value for scope in Scope]).secret
        return {"Authorization": f"Api-Key {secret}"}, self.true_values(user, path)

    def signed_in(self, user: User, path: str) -> tuple[dict[str, str], dict[str, Any]]:
        opened = session_open(user=user)
        headers = {"Authorization": f"Bearer {opened.access_token}"}
        return headers, self.true_values(user, path, opened)


@pytest.fixture
def open_server(standing_server: LiveServer, transactional_db: None) -> LiveServer:
    """Run one Daphne for the module, with connections that it keeps."""
    if standing_server.has_ended:
        standing_server.environment |= {"STARSCAL_TEST_POOL": "1", "TELEGRAM_BOT_TOKEN": BOT_TOKEN}
        standing_server.start()
    BotState.objects.update_or_create(pk=1, defaults={"username": "stars_bot"})
    return standing_server


class Stargazer:
    """Somebody who knows the right names: they stand in for those of the paths."""

    def nobody(self, _path: str) -> tuple[dict[str, str], dict[str, Any]]:
        return {}, {"reference": "moon-full-2026-12-24", "code": "full_moon"}


@pytest.mark.timeout(600)
@pytest.mark.drill("T4")
def test_events_answer_as_their_document_says(
    open_server: LiveServer, figures: dict[str, Any]
) -> None:
    """In every format, for everybody: the filters take what they say and refuse the rest."""
    for start in ("2026-08-12", ""):  # of the examples, and now: the first time takes seconds
        query = {"start": start} if start else {}
        httpx.get(f"{open_server.url}/api/v1/events.csv", params=query, timeout=120)
    found = operations(EVENT_PATHS)
    examples = EXAMPLES_FULL if drill_full() else 2
    findings = contract_test(found, open_server.url, Stargazer().nobody, examples=examples)
    figures |= findings.figures()
    assert findings.mismatches == []
    assert figures["server_errors"] == 0
    assert figures["operations"] == len(found) >= 12
    formats = {"events.ics", "events.csv", "events.atom", "events/next", "events/now"}
    assert formats <= {path.partition("/api/v1/")[2] for path in findings.statuses}
    unreached = {name for name, told in findings.statuses.items() if min(told) >= 300}
    assert unreached == set()


@pytest.mark.timeout(600)
@pytest.mark.drill("T4")
@pytest.mark.parametrize("who", ["nobody", "reader", "staff", "server"])
def test_accounts_answer_as_their_document_says(
    open_server: LiveServer, figures: dict[str, Any], who: str
) -> None:
    found = operations(PATHS)
    identify: Identify = getattr(People(), who)
    examples = EXAMPLES_FULL if drill_full() else 1
    findings = contract_test(found, open_server.url, identify, examples=examples)
    figures |= findings.figures()
    assert findings.mismatches == []
    assert figures["server_errors"] == 0
    assert figures["operations"] == len(found) >= 25
    if drill_full():
        assert findings.cases >= CASES_FULL / 4
    if who in {"reader", "staff"}:  # the service was reached, not only its door
        unreached = {name for name, told in findings.statuses.items() if min(told) >= 300}
        assert unreached == set()
