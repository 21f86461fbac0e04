"""Know who is a member of the channel: from rows while they are fresh, else from Telegram."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.selectors.belongings import personal_stream
from accounts.selectors.people import user_locked
from accounts.selectors.profile import instant_text
from starscal.core import clock
from starscal.core.exceptions import ApplicationError
from starscal.core.metrics import telegram_memberships_total
from starscal.core.outbox import NewMessage, outbox_append
from starscal.core.ratelimit import Limit, remember, remembers, take_all
from telegram_link.client import (
    BadRequest,
    BotApiError,
    Member,
    RetryAfter,
    client_shared,
)
from telegram_link.models import TelegramAccount
from telegram_link.selectors.membership import (
    INSIDE,
    NOBODY,
    OUTSIDE,
    Standing,
    account_of,
    accounts_due,
    accounts_outdated,
    channel_watched,
    is_channel,
    is_fresh,
    is_silent,
    standing_of,
    status_kept,
)
from telegram_link.services.silence import bot_silence

ASKED: Final = Limit("telegram-members", capacity=4, refill_per_s=4.0)  # of everybody together
ASKED_OF_ONE: Final = Limit("telegram-member", capacity=1, refill_per_s=1 / 15)
EVERYBODY: Final = "all"
AWAY: Final = "telegram-members-away"
AWAY_S: Final = 30  # how long nobody is asked for after Telegram gave no answer
FLIGHT_S: Final = 3.0  # how long one waits for an answer that another has asked for
BATCH: Final = 50
BATCH_TIME: Final = timedelta(seconds=3)
NOT_THERE: Final = ("user not found", "participant_id_invalid", "user_not_participant")

log = structlog.stdlib.get_logger(__name__)


class Flights:
    """Questions under way in this process, so that one asks and the others wait for the answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[int, Future[Standing]] = {}

    def join(self, account: int, ask: Callable[[], Standing]) -> Standing:
        with self._lock:
            flight = self._under_way.get(account)
            if flight is None:
                mine = self._under_way[account] = Future()
        return flight.result(FLIGHT_S) if flight else self._lead(account, mine, ask)

    def _lead(
        self, account: int, flight: Future[Standing], ask: Callable[[], Standing]
    ) -> Standing:
        try:
            flight.set_result(answer := ask())
        except BaseException as error:
            flight.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._under_way[account]
        return answer


FLIGHTS: Final = Flights()
_KEPT_ONLY: Final = ContextVar("telegram_kept_only", default=False)


@contextmanager
def kept_only() -> Iterator[None]:
    """Have ``membership_of`` go by rows alone, as it must where rows are locked."""
    before = _KEPT_ONLY.set(True)
    try:
        yield
    finally:
        _KEPT_ONLY.reset(before)


def membership_of(*, user: User, at: datetime) -> Standing:
    """Return whether somebody is a member, asking Telegram only where the last answer is old.

    A positive answer is taken for ten minutes, a negative one for one. Where Telegram cannot be
    asked, too many are asked for, or it is ``kept_only``, the last answer stands for a day; then
    nobody is a member.
    Changes: as ``membership_set``. Announces as that does. Idempotent. Locks: none while it asks.
    """
    account = account_of(user=user) if channel_watched() else None
    if account is None:
        return NOBODY
    if is_fresh(account=account, at=at):
        telegram_memberships_total.labels("fresh").inc()
        return standing_of(account=account, at=at)
    if _KEPT_ONLY.get():
        return _kept(account, at)
    try:
        return FLIGHTS.join(account.pk, lambda: _asked_now(account, at))
    except TimeoutError:
        return _kept(account, at)


def is_member_now(user: User) -> bool:
    """Say whether somebody is a member, as ``membership_of`` does."""
    return membership_of(user=user, at=clock.now()).subscribed


def _asked_now(account: TelegramAccount, at: datetime) -> Standing:
    if not _may_ask((ASKED_OF_ONE, str(account.telegram_user_id)), (ASKED, EVERYBODY)):
        return _kept(account, at)
    return _asked(account, at) or _kept(account, at)


def _kept(account: TelegramAccount, at: datetime) -> Standing:
    telegram_memberships_total.labels("kept").inc()
    return standing_of(account=account, at=at)


def _may_ask(*limits: tuple[Limit, str]) -> bool:
    """Say whether Telegram may be asked now: it answers, and no limit is used up."""
    if is_silent() or remembers(AWAY, EVERYBODY):
        return False
    try:
        return all(verdict.allowed for verdict in take_all(limits))
    except ApplicationError:  # Redis is away, and nobody can count
        return False


def _asked(account: TelegramAccount, at: datetime) -> Standing | None:
    """Ask Telegram and store what it says; None if it says nothing of use."""
    number = account.telegram_user_id
    try:
        status = _status(number)
    except RetryAfter as refusal:
        bot_silence(seconds=refusal.seconds)
    except BotApiError as error:
        remember(AWAY, EVERYBODY, AWAY_S)
        log.warning("telegram.member_unknown", error=type(error).__name__, why=error.description)
    else:
        telegram_memberships_total.labels("asked").inc()
        return membership_set(telegram_user_id=number, status=status, checked_at=at)
    telegram_memberships_total.labels("failed").inc()
    TelegramAccount.objects.filter(pk=account.pk).update(member_tried_at=at)
    return None


def _status(number: int) -> str:
    """Return what somebody is in the channel; whom Telegram does not find there is outside."""
    channel = settings.TELEGRAM_CHANNEL_ID
    try:
        return status_kept(client_shared().get_chat_member(chat_id=channel, user_id=number))
    except BadRequest as refusal:
        if any(words in refusal.description.lower() for words in NOT_THERE):
            return OUTSIDE
        raise


@transaction.atomic
def membership_set(*, telegram_user_id: int, status: str, checked_at: datetime) -> Standing:
    """Store what Telegram said of somebody at a moment, and tell the person if it is news.

    Changes: one TelegramAccount, and ``is_telegram_subscribed`` of its User. Announces
    ``subscription.updated`` on the own stream. Idempotent: of two answers the younger one stays.
    Locks: the user's row, the account's, then the stream's.
    """
    user = _owner_locked(telegram_user_id)
    rows = TelegramAccount.objects.select_for_update().filter(telegram_user_id=telegram_user_id)
    account = rows.first() if user else None
    if user is None or account is None or account.user_id != user.pk:
        return NOBODY
    if account.member_checked_at is None or account.member_checked_at <= checked_at:
        account.membership = status
        account.member_checked_at = account.member_tried_at = checked_at
        account.save(update_fields=["membership", "member_checked_at", "member_tried_at"])
        subscription_write(user=user, subscribed=status in INSIDE, checked_at=checked_at)
    return standing_of(account=account, at=checked_at)


def _owner_locked(telegram_user_id: int) -> User | None:
    accounts = TelegramAccount.objects.filter(telegram_user_id=telegram_user_id)
    user_id = accounts.values_list("user_id", flat=True).first()
    return user_locked(user_id=user_id) if user_id else None


def subscription_write(*, user: User, subscribed: bool, checked_at: datetime) -> None:
    """Write whether somebody is a member, and tell the person if that is new.

    Changes: one User. Announces ``subscription.updated`` on the user's own stream. Idempotent.
    In the caller's transaction, which holds the user's row and does nothing else after this.
    """
    if user.is_telegram_subscribed == subscribed:
        return
    user.is_telegram_subscribed = subscribed
    user.save(update_fields=["is_telegram_subscribed"])
    told = instant_text(checked_at)
    key = f"subscription-{user.pk}-{told}-{'in' if subscribed else 'out'}"
    body = {"subscribed": subscribed, "checked_at": told}
    message = NewMessage(key=key, kind="subscription.updated", body=body)
    outbox_append(stream=personal_stream(user=user), messages=[message])


def membership_told(
    *,
    chat_id: int,
    chat_username: str,
    telegram_user_id: int,
    status: str,
    is_member: bool,
    told_at: datetime,
) -> bool:
    """Take over what an update ``chat_member`` says; return whether it is about a member here.

    ``told_at`` has no fractions of a second in Telegram's updates: until a second later, nothing
    that was asked for is younger. Changes and announces as ``membership_set``. Idempotent.
    """
    if not (channel_watched() and is_channel(chat_id=chat_id, username=chat_username)):
        return False
    kept = status_kept(Member(telegram_user_id, status, is_member))
    at = min(told_at + timedelta(seconds=1), max(told_at, clock.now()))
    return membership_set(telegram_user_id=telegram_user_id, status=kept, checked_at=at).is_known


def memberships_recheck(*, at: datetime) -> int:
    """Ask again for those whose turn it is, as many as limits let; return for how many.

    Who was asked for six hours ago is due. After three seconds others get their turn, and the next
    call goes on. Changes and announces as ``membership_set``; who counts as a member by an answer
    that is a day old does so no longer. Idempotent.
    """
    if not channel_watched():
        return 0
    for number in accounts_outdated(at=at).values_list("telegram_user_id", flat=True)[:BATCH]:
        _outdate(number, at)
    asked = 0
    for account in islice(accounts_due(at=at), BATCH):
        now = clock.now()
        if now - at > BATCH_TIME or not _may_ask((ASKED, EVERYBODY)):
            break
        if _asked(account, now) is None:
            break
        asked += 1
    return asked


@transaction.atomic
def _outdate(telegram_user_id: int, at: datetime) -> None:
    """Hold somebody for a member no longer whose answer has become too old."""
    user = _owner_locked(telegram_user_id)
    if user is None or not accounts_outdated(at=at).filter(user=user).exists():
        return
    subscription_write(user=user, subscribed=False, checked_at=at)
