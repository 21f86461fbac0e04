"""Letters go once, in the receiver's language, and wait for a server that is away."""

from __future__ import annotations

import itertools
import re
import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header
from email.policy import default

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.template.loader import render_to_string

from accounts.mailing import WRITERS, letter_compose
from accounts.models import EmailChange, Mail
from accounts.services.mails import TRIES_MOST, mails_send
from accounts.services.passwords import password_reset_request
from accounts.tests.people_support import letters, person
from starscal.core import clock

pytestmark = pytest.mark.django_db


def test_a_letter_goes_once_as_text_and_html() -> None:
    user = person(display_name="Vera <b>")
    password_reset_request(email=user.email or "")
    (letter,) = letters()
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert "Vera &lt;b&gt;" in str(html)
    assert "Vera <b>" in str(letter.body)
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not letters()
    assert not Mail.objects.exists()


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", [*WRITERS, Mail.Kind.EMAIL])
def test_every_letter_is_written_in_every_language(kind: Mail.Kind, language: str) -> None:
    user = person(language=language)
    user.delete_after = clock.now() + timedelta(days=7)
    new = "new@example.org" if kind == Mail.Kind.EMAIL else ""
    EmailChange.objects.create(user=user, email="new@example.org", expires_at=clock.now())
    letter = letter_compose(Mail(kind=kind, user=user, address=new))
    assert letter.to == [new or user.email]
    assert f"/{language}/account/" in str(letter.body)
    assert letter.subject
    letter.message().as_bytes()  # no header is broken


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("kind", [*WRITERS, Mail.Kind.EMAIL])
def test_a_subject_is_folded_between_characters(kind: Mail.Kind, language: str) -> None:
    """RFC 5322, 2.1.1: at most 78 characters a line; RFC 2047, 5: each word is text by itself."""
    user = person(language=language)
    user.delete_after = clock.now() + timedelta(days=7)
    EmailChange.objects.create(user=user, email="new@example.org", expires_at=clock.now())
    new = "new@example.org" if kind == Mail.Kind.EMAIL else ""
    letter = letter_compose(Mail(kind=kind, user=user, address=new))
    assert all(len(line) <= 78 for line in folded_header(letter.message().as_bytes(), b"Subject"))
    letter.subject = f"{letter.subject} {letter.subject}"  # long enough to need more lines
    sent = letter.message().as_bytes()
    assert message_from_bytes(sent, policy=default)["Subject"].strip() == letter.subject
    written = b"".join(folded_header(sent, b"Subject"))
    for word in re.findall(r"=\?\S+\?=", written.decode("ascii")):
        ((content, charset),) = decode_header(word)
        assert content.decode(charset)


def folded_header(message: bytes, name: bytes) -> list[bytes]:
    """Return the lines of a header as they travel."""
    head = message.partition(b"\n\n")[0].split(b"\n")
    start = next(at for at, line in enumerate(head) if line.startswith(name + b":"))
    more = itertools.takewhile(lambda line: line[:1] in b" \t", head[start + 1 :])
    return [head[start], *more]


def test_a_name_cannot_break_out_of_the_html() -> None:
    words = {"letter": None, "name": '"><script>', "html_lang": "en"}
    assert "<script>" not in render_to_string("accounts/mail/letter.html", words)


def test_a_server_that_is_away_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    user = person()
    password_reset_request(email=user.email or "")

    def refuse(*_args: object) -> int:
        raise smtplib.SMTPServerDisconnected("away")

    now = clock.now()
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        assert mails_send(at=now) == 0
        assert mails_send(at=now) == 0  # not due yet
        assert Mail.objects.get().tries == 1
    assert mails_send(at=now + timedelta(minutes=3)) == 1
    assert len(mail.outbox) == 1


def test_a_letter_that_never_goes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    password_reset_request(email=person().email or "")

    def refuse(*_args: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    for hour in range(TRIES_MOST):
        mails_send(at=clock.now() + timedelta(hours=hour))
    assert not Mail.objects.exists()
