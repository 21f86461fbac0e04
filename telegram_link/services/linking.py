"""Link accounts with chats of Telegram, one with one, and unlink them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Mail, User
from accounts.selectors.people import user_locked
from accounts.services.letters import notice_queue
from accounts.services.profile import profile_announce
from starscal.core import clock
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import language_active
from telegram_link.messages import Button, Message, escaped
from telegram_link.models import Notification, TelegramAccount, TelegramChat, TelegramLinkToken
from telegram_link.selectors.links import chat_language, is_only_way_in, link_token, tokens_open
from telegram_link.services.digests import digests_reschedule
from telegram_link.services.membership import subscription_write
from telegram_link.services.queue import message_queue, queue_drop
from telegram_link.services.tokens import (
    Asked,
    Purpose,
    link_invalid,
    token_new,
    token_settle,
    tokens_end,
)

UNLINK: Final = "link:off"
RESET: Final = "reset"


@transaction.atomic
def link_ask(*, user: User, session_id: UUID) -> Asked:
    """Make a token by which a chat can be linked with ``user``; this session alone can confirm.

    Changes: a TelegramLinkToken; what the session asked for before ends. Announces nothing.
    Errors: TELEGRAM_OFF; TELEGRAM_TAKEN if the account is linked already.
    """
    if TelegramAccount.objects.filter(user=user).exists():
        raise linked_already()
    tokens_open().filter(session=session_id, purpose=Purpose.LINK).update(ended_at=Now())
    return token_new(purpose=Purpose.LINK, user=user, session_id=session_id)


def link_confirm(*, user: User, session_id: UUID, token_id: UUID) -> TelegramAccount:
    """Link the chat that opened a token, and said yes there, with the user whose session asked.

    Changes: TelegramAccount, the user's ``telegram_user_id``, the token, a Notification that tells
    the chat, a Mail that tells the owner; audit. Announces ``profile.updated``. Locks: the chat's
    row, the user's, the token's; the bot, which answers a chat, takes them in the same order.
    Errors: NOT_FOUND for a token of any other session, TELEGRAM_UNOPENED, LINK_INVALID,
    TELEGRAM_TAKEN if either side is linked already: the unique keys decide.
    """
    try:
        with transaction.atomic():
            _opener_held(token_id, session_id)
            locked = _present(user)
            token = _settled(token_id, session_id)
            account = chat_link(user=locked, token=token)
            notice_queue(user=locked, kind=Mail.Kind.TELEGRAM_LINKED)
            return account
    except IntegrityError:
        raise taken() from None


def chat_link(*, user: User, token: TelegramLinkToken) -> TelegramAccount:
    """Link the chat that opened a token with a user. The caller holds the user's row.

    In the caller's transaction. Changes and announces what ``link_confirm`` does, but for the Mail.
    Errors: TELEGRAM_TAKEN; IntegrityError if somebody else is faster.
    """
    if TelegramAccount.objects.filter(user=user).exists():
        raise linked_already()
    if token.opened_id is None:
        raise unopened()
    if TelegramAccount.objects.filter(telegram_user_id=token.opened_id).exists():
        raise taken()
    account = _account_new(user, token, token.opened_id)
    _user_set(user, token.opened_id)
    _audit(user, "telegram.link")
    _tell(account.chat, user, f"linked-{token.pk}", partial(linked_message, account))
    profile_announce(user=user, fields=["telegram_linked"])
    return account


@transaction.atomic
def account_unlink(*, user: User, actor: str, account_id: int | None = None) -> bool:
    """Part a user from the chat, whichever side asked; say whether there was a link to end.

    ``account_id`` names the link that is meant: that of an old message may be another's.
    Changes: TelegramAccount goes, the user's number and ``is_telegram_subscribed``, what waits to
    be sent is dropped, the chat is told, and the owner by a Mail; audit (``actor`` is ``app``,
    ``bot`` or ``reset``, which proves another way in). Announces ``profile.updated``, before it
    ``subscription.updated`` of whoever was a member. Idempotent. Locks: the user's row.
    Errors: TELEGRAM_ONLY_WAY.
    """
    held = _chat_held(user)
    locked = user_locked(user_id=user.pk)
    linked = TelegramAccount.objects.filter(user=user, chat__in=held)
    account = linked.select_related("chat").first()
    if locked is None or account is None or account_id not in {None, account.pk}:
        return False
    if actor != RESET and is_only_way_in(user=locked):
        raise only_way()
    fields = ["telegram_linked"] + ["telegram_subscribed"] * locked.is_telegram_subscribed
    key, chat = f"unlinked-{account.pk}", account.chat
    account.delete()
    tokens_end(user=locked)
    queue_drop(chat_id=chat.pk, reason="unlinked", kept=[Notification.Kind.REPLY])
    digests_reschedule(chat_ids=[chat.pk], at=clock.now())  # by the zone of the chat alone
    _audit(locked, "telegram.unlink", reason=actor)
    _tell(chat, locked, key, unlinked_message)
    notice_queue(user=locked, kind=Mail.Kind.TELEGRAM_UNLINKED)
    subscription_write(user=locked, subscribed=False, checked_at=clock.now())
    _user_set(locked, None)
    profile_announce(user=locked, fields=fields)
    return True


def links_reset(user: User) -> None:
    """End what somebody else may have made who had the account: the link, and tokens for one.

    In the caller's transaction, which does not hold the user's row yet, as the chat's comes first.
    Changes, announces and locks what ``account_unlink`` does.
    """
    if not account_unlink(user=user, actor=RESET):
        account_unlink(user=user, actor=RESET)  # one that was made while this one waited
    tokens_end(user=user)


def _chat_held(user: User) -> list[int]:
    """Hold the chat of a user, before the user's row, as the bot does; return its number."""
    chats = TelegramAccount.objects.filter(user=user).values("chat")
    rows = TelegramChat.objects.select_for_update(no_key=True).filter(pk__in=chats)
    return list(rows.values_list("pk", flat=True))


def _opener_held(token_id: UUID, session_id: UUID) -> None:
    """Hold the chat that opened a token, before any user's row, as the bot does."""
    token = link_token(token_id=token_id, session_id=session_id)
    if token is not None and token.opened_id is not None:
        rows = TelegramChat.objects.select_for_update(no_key=True).filter(pk=token.opened_id)
        rows.first()


def linked_message(account: TelegramAccount) -> Message:
    """Return what the chat is told, in the language that is active."""
    text = _(
        "This chat is linked with the account %(name)s now. If that was not you, unlink it."
    ) % {"name": f"<b>{escaped(account.user.username)}</b>"}
    button = Button(text=_("Not me: unlink"), data=f"{UNLINK}:{account.pk}")
    return Message(text, keyboard=((button,),))


def unlinked_message() -> Message:
    return Message(_("This chat is not linked with an account any more."))


def unopened() -> ApplicationError:
    return ApplicationError(
        ErrorCode.TELEGRAM_UNOPENED, gettext_lazy("Open the link in Telegram first.")
    )


def taken() -> ApplicationError:
    return ApplicationError(
        ErrorCode.TELEGRAM_TAKEN,
        gettext_lazy(
            "This Telegram account is linked with another account already. Unlink it there first."
        ),
    )


def linked_already() -> ApplicationError:
    return ApplicationError(
        ErrorCode.TELEGRAM_TAKEN,
        gettext_lazy("Your account is linked with a Telegram account already. Unlink it first."),
    )


def only_way() -> ApplicationError:
    return ApplicationError(
        ErrorCode.TELEGRAM_ONLY_WAY,
        gettext_lazy(
            "You sign in with Telegram alone. Give your account an e-mail address and a password "
            "first, then unlink."
        ),
    )


def _present(user: User) -> User:
    locked = user_locked(user_id=user.pk)
    if locked is None or not locked.is_active:
        raise ApplicationError(
            ErrorCode.AUTH_USER_NOT_FOUND,
            gettext_lazy("The account of this token no longer exists."),
        )
    return locked


def _settled(token_id: UUID, session_id: UUID) -> TelegramLinkToken:
    """Return the token of this session that its opener agreed to, and end it.

    A rollback undoes that.
    """
    token = link_token(token_id=token_id, session_id=session_id)
    if token is None:
        raise ApplicationError(
            ErrorCode.NOT_FOUND, gettext_lazy("There is nothing at this address.")
        )
    agreed = token.agreed_at is not None
    if not agreed and tokens_open().filter(pk=token.pk).exists():
        raise unopened()
    if not agreed or not token_settle(token=token):
        raise link_invalid()
    return token


def _account_new(user: User, token: TelegramLinkToken, telegram_id: int) -> TelegramAccount:
    chat = TelegramChat(pk=telegram_id, title=token.opened_name, username=token.opened_username)
    TelegramChat.objects.bulk_create([chat], ignore_conflicts=True)
    return TelegramAccount.objects.create(
        user=user,
        chat=TelegramChat.objects.get(pk=telegram_id),
        telegram_user_id=telegram_id,
        name=token.opened_name,
        username=token.opened_username,
    )


def _user_set(user: User, telegram_id: int | None) -> None:
    user.telegram_user_id = telegram_id
    user.save(update_fields=["telegram_user_id"])
    user.refresh_from_db()


def _tell(chat: TelegramChat, user: User, key: str, message: Callable[[], Message]) -> None:
    """Queue a message about the account, in the language in which the chat reads."""
    with language_active(chat_language(chat=chat, user=user)):
        told = message()
    message_queue(
        chat_id=chat.pk, key=f"telegram-{key}", message=told, kind=Notification.Kind.ACCOUNT
    )


def _audit(user: User, action: str, reason: str = "") -> None:
    audit_record(
        actor=str(user.pk),
        action=action,
        object_type="user",
        object_id=str(user.pk),
        reason=reason,
    )
