"""Who of the staff may do what: the rights, the groups that have them, and the question itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import TRANSLATED_FIELDS
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.i18n import column

ADD: Final = "events.add_event"
CHANGE: Final = "events.change_event"
PUBLISH: Final = "events.publish_event"
REVIEW: Final = "events.review_event"
EXCHANGE: Final = "events.exchange_texts"
LANGUAGES: Final = tuple(code for code, _name in settings.LANGUAGES)
LANGUAGE_OF: Final[Mapping[str, str]] = {
    column(field, code): code for field in TRANSLATED_FIELDS for code in LANGUAGES
}
SCHEDULED: Final = "publish_at"  # whoever sets it publishes, only later


def text_right(language: str) -> str:
    """Return the right to write texts in a language: ``events.translate_zh_hans``."""
    return f"events.{column('translate', language)}"


def languages_of(actor: User) -> tuple[str, ...]:
    """Return the languages that somebody may write."""
    return tuple(code for code in LANGUAGES if actor.has_perm(text_right(code)))


def reviewed_by(actor: User) -> tuple[str, ...]:
    """Return the languages somebody may mark as reviewed: one's own, or as publisher all."""
    if not actor.has_perm(REVIEW):
        return ()
    return LANGUAGES if actor.has_perm(PUBLISH) else languages_of(actor)


def may_edit(actor: User) -> bool:
    """Say whether there is anything of an event that somebody may write."""
    return actor.has_perm(CHANGE) or actor.has_perm(PUBLISH) or bool(languages_of(actor))


def right_require(actor: User, right: str) -> None:
    """Refuse whoever lacks a right, with permission.denied."""
    if not actor.has_perm(right):
        raise ApplicationError(
            ErrorCode.PERMISSION_DENIED,
            _("You may not do this; ask an administrator."),
            extra={"right": right},
        )


def edit_require(
    actor: User, *, fields: Iterable[str], texts: Iterable[str], plain: str = CHANGE
) -> None:
    """Refuse an edit unless the actor may write all of it: ``plain`` is the right to fields.

    An edit of nothing takes the right to write something.
    """
    wanted = {PUBLISH if name == SCHEDULED else plain for name in fields}
    wanted |= {text_right(LANGUAGE_OF[name]) for name in texts if name in LANGUAGE_OF}
    if not wanted and not may_edit(actor):
        wanted = {plain}
    for right in sorted(wanted):
        right_require(actor, right)


def _events(*codes: str) -> tuple[str, ...]:
    return tuple(f"events.{code}" for code in codes)


TEXTS: Final = tuple(text_right(code) for code in LANGUAGES)
SEEN_BY_TRANSLATORS: Final = _events(
    "view_event", "view_textstate", "review_event", "exchange_texts"
)
QUEUE_SEEN: Final = ("telegram_link.view_notification", "telegram_link.view_telegramupdate")
GROUP_RIGHTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Curator": (
        *_events("view_event", "add_event", "change_event", "review_event", "override_event"),
        *_events("recompute_event", "exchange_texts"),
        *TEXTS,
        *_events("view_textstate", "view_kindsetting", "view_computedwindow"),
        *_events("view_announcement", "add_announcement", "change_announcement"),
    ),
    "Publisher": (
        *_events("view_event", "publish_event", "review_event", "view_textstate"),
        *_events("view_kindsetting", "add_kindsetting", "change_kindsetting"),
        *_events("view_announcement", "publish_announcement"),
        *QUEUE_SEEN,
        "telegram_link.change_notification",
    ),
    **{f"Translator-{code}": (*SEEN_BY_TRANSLATORS, text_right(code)) for code in LANGUAGES},
    "Auditor": (
        *_events("view_event", "view_textstate", "view_kindsetting", "view_computedwindow"),
        *_events("view_announcement"),
        *QUEUE_SEEN,
        "core.view_auditentry",
        "core.view_stream",
        "core.view_outboxmessage",
        "core.view_errorgroup",
    ),
}
