"""Write the letters of accounts, each in its receiver's language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.links import (
    FORGOTTEN_PAGE,
    SIGN_IN_PAGE,
    Purpose,
    email_token,
    page_address,
    registration_token,
    user_token,
)
from accounts.models import EmailChange, Mail, Registration, User
from starscal.core.formats import date_text
from starscal.core.i18n import language_active, language_normalize
from starscal.core.pages import html_tag


@dataclass(frozen=True, slots=True)
class Letter:
    """The words of a letter: paragraphs, a button that leads somewhere, and what else to know."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str
    address: str
    note: str = field(default="")


AddedWriter = Callable[[User, datetime, str], Letter]
_ADDED: Final[dict[Mail.Kind, AddedWriter]] = {}


def letter_writer_register(kind: Mail.Kind, writer: AddedWriter) -> None:
    """Have an app above this one write the letters of a kind.

    It gets the receiver, the moment at which the letter was queued, and the language, which is
    active. Errors: ValueError if there is no reason for the letter any more.
    """
    _ADDED[kind] = writer


def letter_compose(mail: Mail) -> EmailMultiAlternatives:
    """Return the letter as it is sent; its token is made here and kept nowhere."""
    receiver = mail.registration or mail.user
    address = mail.address or (receiver.email if receiver else "")
    if receiver is None or not address:
        raise ValueError("A letter needs a receiver with an address.")
    language = language_normalize(receiver.language) or settings.LANGUAGE_CODE
    with language_active(language):
        letter = _letter(mail, language)
        words = {"letter": letter, "name": _name(receiver), "html_lang": html_tag(language)}
        message = EmailMultiAlternatives(
            subject=letter.subject,
            body=render_to_string("accounts/mail/letter.txt", words),
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "Content-Language": html_tag(language)},
        )
        message.attach_alternative(
            render_to_string("accounts/mail/letter.html", words), "text/html"
        )
    return message


def letter_words(*, user: User, kind: str) -> Letter:
    """Return a letter about an account in its owner's language, for another way than e-mail.

    Its token is made here and kept nowhere. Errors: ValueError if its reason is gone.
    """
    language = language_normalize(user.language) or settings.LANGUAGE_CODE
    if kind == Mail.Kind.DEACTIVATION and user.is_active:
        raise ValueError("The account is open again.")
    with language_active(language):
        return WRITERS[Mail.Kind(kind)](user, language)


def _name(receiver: User | Registration) -> str:
    display = receiver.display_name if isinstance(receiver, User) else ""
    return display or receiver.username


def _letter(mail: Mail, language: str) -> Letter:
    if mail.registration is not None:
        return _verify(mail.registration, language)
    if mail.user is None:
        raise ValueError("A letter needs a receiver.")
    kind = Mail.Kind(mail.kind)
    if kind == Mail.Kind.EMAIL:
        return _email(mail.user, mail.address, language)
    if kind in _ADDED:
        return _ADDED[kind](mail.user, mail.created_at, language)
    return WRITERS[kind](mail.user, language)


def _verify(registration: Registration, language: str) -> Letter:
    return Letter(
        subject=_("Confirm your e-mail address"),
        paragraphs=(
            _(
                "Somebody, hopefully you, has registered the name %(username)s with this address. "
                "Confirm the address, and the account is yours."
            )
            % {"username": registration.username},
            _("The link works once, for 24 hours."),
        ),
        button=_("Confirm the address"),
        address=page_address(language, Purpose.VERIFY, registration_token(registration)),
        note=_("If it was not you, do nothing: without confirmation there will be no account."),
    )


def _known(user: User, language: str) -> Letter:
    return Letter(
        subject=_("You have an account already"),
        paragraphs=(
            _(
                "Somebody, hopefully you, has registered with this address. It belongs to your "
                "account %(username)s already, so there is no new one."
            )
            % {"username": user.username},
            _("If you have forgotten your password, you can choose a new one."),
        ),
        button=_("Choose a new password"),
        address=page_address(language, FORGOTTEN_PAGE),
        note=_("If it was not you, there is nothing to do: your account is as it was."),
    )


def _reset(user: User, language: str) -> Letter:
    return Letter(
        subject=_("Choose a new password"),
        paragraphs=(
            _("Somebody, hopefully you, wants to choose a new password for %(username)s.")
            % {"username": user.username},
            _("The link works once, for one hour. All devices will be signed out."),
        ),
        button=_("Choose a new password"),
        address=page_address(language, Purpose.RESET, user_token(Purpose.RESET, user)),
        note=_("If it was not you, do nothing: your password stays as it is."),
    )


def _password(user: User, language: str) -> Letter:
    return Letter(
        subject=_("Your password was changed"),
        paragraphs=(
            _(
                "The password of %(username)s was changed, and all devices were signed out. Sign "
                "in with the new one."
            )
            % {"username": user.username},
        ),
        button=_("Sign in"),
        address=page_address(language, SIGN_IN_PAGE),
        note=_("If it was not you, choose a new password at once: somebody else knows yours."),
    )


def _deletion(user: User, language: str) -> Letter:
    if user.delete_after is None:
        raise ValueError("The account is kept.")
    day = date_text(user.delete_after.astimezone(ZoneInfo(user.timezone or "UTC")))
    return Letter(
        subject=_("Your account will be deleted"),
        paragraphs=(
            _(
                "As you asked, the account %(username)s is closed, and on %(date)s it will be "
                "deleted with everything that belongs to it."
            )
            % {"username": user.username, "date": day},
            _("Until then you can keep it."),
        ),
        button=_("Keep my account"),
        address=page_address(language, Purpose.KEEP, user_token(Purpose.KEEP, user)),
    )


def _deactivation(user: User, language: str) -> Letter:
    return Letter(
        subject=_("Your account is deactivated"),
        paragraphs=(
            _("As you asked, the account %(username)s is deactivated. Nothing of it is deleted.")
            % {"username": user.username},
            _("Come back whenever you like; the link works once, for a year."),
        ),
        button=_("Come back"),
        address=page_address(language, Purpose.RETURN, user_token(Purpose.RETURN, user)),
    )


def _email(user: User, address: str, language: str) -> Letter:
    change = EmailChange.objects.select_related("user").filter(user=user, email=address).first()
    if change is None:  # another wish took its place: its link goes to that address alone
        raise ValueError("The address is not wanted any more.")
    return Letter(
        subject=_("Confirm your e-mail address"),
        paragraphs=(
            _(
                "Somebody, hopefully you, wants to use this address for the account %(username)s. "
                "Confirm it, and the account has it."
            )
            % {"username": user.username},
            _("The link works once, for 24 hours."),
        ),
        button=_("Confirm the address"),
        address=page_address(language, Purpose.EMAIL, email_token(change)),
        note=_("If it was not you, do nothing: nothing of yours will change."),
    )


def _email_known(user: User, language: str) -> Letter:
    return Letter(
        subject=_("You have an account already"),
        paragraphs=(
            _(
                "Somebody, hopefully you, wants to use this address for another account. It "
                "belongs to your account %(username)s already, so nothing was changed."
            )
            % {"username": user.username},
        ),
        button=_("Sign in"),
        address=page_address(language, SIGN_IN_PAGE),
        note=_("If it was not you, there is nothing to do: your account is as it was."),
    )


def _email_notice(user: User, language: str) -> Letter:
    return Letter(
        subject=_("Your e-mail address is to change"),
        paragraphs=(
            _(
                "Somebody, hopefully you, wants to give the account %(username)s another e-mail "
                "address. It changes as soon as the link in a letter to that address is opened."
            )
            % {"username": user.username},
            _("If you choose a new password before, nothing changes."),
        ),
        button=_("Choose a new password"),
        address=page_address(language, FORGOTTEN_PAGE),
        note=_("If it was not you, choose a new password at once: somebody else knows yours."),
    )


WRITERS: Final[Mapping[Mail.Kind, Callable[[User, str], Letter]]] = {
    Mail.Kind.KNOWN: _known,
    Mail.Kind.RESET: _reset,
    Mail.Kind.PASSWORD: _password,
    Mail.Kind.DELETION: _deletion,
    Mail.Kind.DEACTIVATION: _deactivation,
    Mail.Kind.EMAIL_KNOWN: _email_known,
    Mail.Kind.EMAIL_NOTICE: _email_notice,
}
