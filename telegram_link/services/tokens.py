"""One-time tokens that open the bot: made, opened once, tried, ended."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.plain_text import is_hidden
from telegram_link.models import TelegramLinkToken
from telegram_link.selectors.links import bot_address, tokens_open

LIFETIME: Final = timedelta(minutes=10)
TOKEN_BYTES: Final = 32
TRIES: Final = 5
CODE_DIGITS: Final = 6
NAME_CHARACTERS: Final = 150
DEVICE_CHARACTERS: Final = 30
ASKER_CHARACTERS: Final = 100
FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
USERNAME: Final = re.compile(r"[A-Za-z0-9_]{1,32}", re.ASCII)
Purpose = TelegramLinkToken.Purpose

# Of two who open it at the same time the second waits for the first, and finds it used.
OPEN: Final = """
    UPDATE telegram_link_telegramlinktoken
    SET used = true, opened_at = statement_timestamp(), opened_id = %(id)s,
        opened_name = %(name)s, opened_username = %(username)s,
        code_hash = CASE WHEN purpose = 'sign_in' THEN %(code_hash)s ELSE '' END
    WHERE token_hash = %(token_hash)s AND NOT used AND ended_at IS NULL
        AND expires_at > statement_timestamp()
    RETURNING id
"""
# The try is counted before anybody knows whether the code was right.
TRY: Final = """
    UPDATE telegram_link_telegramlinktoken SET tries = tries + 1
    WHERE id = %(id)s AND holder_hash = %(holder_hash)s AND purpose = 'sign_in' AND used
        AND ended_at IS NULL AND tries < %(tries)s AND expires_at > statement_timestamp()
    RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Opener:
    """Who opened a token in Telegram, as Telegram tells it."""

    telegram_id: int
    name: str
    username: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A new token, its address in Telegram, and the secret of whoever asked to sign in."""

    row: TelegramLinkToken
    url: str
    holder: str = ""


def token_new(
    *, purpose: Purpose, user: User | None = None, session_id: Any = None, device: str = ""
) -> Asked:
    """Make a token that opens the bot once within ten minutes.

    Changes: one TelegramLinkToken, which knows token and secret by their hashes alone. Announces
    nothing. Errors: TELEGRAM_OFF.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    holder = secrets.token_urlsafe(TOKEN_BYTES) if purpose == Purpose.SIGN_IN else ""
    url = bot_address(token)
    row = TelegramLinkToken.objects.create(
        purpose=purpose,
        user=user,
        session_id=session_id,
        token_hash=secret_hash(token),
        holder_hash=secret_hash(holder) if holder else "",
        device=name_clean(device, ASKER_CHARACTERS),
        expires_at=Now() + LIFETIME,
    )
    row.refresh_from_db()
    return Asked(row, url, holder)


def token_open(*, token: str, opener: Opener, code: str) -> TelegramLinkToken | None:
    """Note who opened a token, once; None if it was opened before, has ended or never was.

    ``code`` is what a sign-in needs besides. Changes: the token, by one statement. Announces
    nothing. Locks: the token's row until the caller's transaction ends.
    """
    if not FORM.fullmatch(token):
        return None
    hashed = secret_hash(token)
    told = {
        "id": opener.telegram_id,
        "name": name_clean(opener.name, NAME_CHARACTERS),
        "username": opener.username if USERNAME.fullmatch(opener.username) else "",
        "token_hash": hashed,
        "code_hash": code_hash(hashed, code),
    }
    return _row(OPEN, told)


def token_try(*, token_id: UUID, holder: str, code: str) -> TelegramLinkToken | None:
    """Count a try of a code, and return the token if it was right and anybody may still try.

    Changes: the token's ``tries``, by one statement, so that no crowd gets more tries than one.
    Not in a transaction that a refusal rolls back. Announces nothing.
    """
    told = {"id": token_id, "holder_hash": secret_hash(holder), "tries": TRIES}
    row = _row(TRY, told)
    # Compared either way, so that time does not tell which of the two is unknown.
    known, tried = (row.token_hash, row.code_hash) if row else (secret_hash(""), "")
    right = secrets.compare_digest(tried, code_hash(known, code))
    return row if right else None


def token_try_return(*, token: TelegramLinkToken) -> None:
    """Give back a try that was right, for whoever has to be asked something before going on."""
    TelegramLinkToken.objects.filter(pk=token.pk, tries__gt=0).update(tries=F("tries") - 1)


def token_settle(*, token: TelegramLinkToken) -> bool:
    """End a token for what it was made for; say whether this call was the one that did."""
    return tokens_open().filter(pk=token.pk).update(ended_at=Now()) == 1


def token_agree(*, token_id: UUID, opener_id: int) -> TelegramLinkToken | None:
    """Note that who opened a token to link says yes; None if there is nothing to agree to.

    Changes: the token, by one statement. Announces nothing. Idempotent.
    """
    opened = tokens_open().filter(pk=token_id, opened_id=opener_id, purpose=Purpose.LINK)
    if not opened.update(agreed_at=Now()):
        return None
    return TelegramLinkToken.objects.select_related("user").get(pk=token_id)


def token_refuse(*, token_id: UUID, opener_id: int) -> bool:
    """End a token that somebody opened who did not ask for it. Idempotent."""
    opened = tokens_open().filter(pk=token_id, opened_id=opener_id)
    return opened.update(ended_at=Now()) == 1


def tokens_end(*, user: User) -> None:
    """End what a user has asked for and not finished. Idempotent."""
    tokens_open().filter(user=user).update(ended_at=Now())


def code_new() -> str:
    """Return six digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def code_hash(token_hash: str, code: str) -> str:
    """Return what is kept of a code: keyed, for a million codes are hashed in no time."""
    digits = "".join(str(unicodedata.digit(sign, "")) for sign in code if not sign.isspace())
    return salted_hmac(
        "telegram_link.code", f"{token_hash}:{digits}", algorithm="sha256"
    ).hexdigest()


def secret_hash(secret: str) -> str:
    """Return what is kept of a secret of 256 random bits, which a plain hash does not betray."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def name_clean(text: str, most: int) -> str:
    """Return a name on one line without what hides or turns writing, cut to what is kept."""
    seen = "".join(" " if sign in "\n\r\t" else sign for sign in text)
    kept = "".join(sign for sign in seen if not is_hidden(sign))
    return " ".join(unicodedata.normalize("NFC", kept).split())[:most].strip()


def device_clean(text: str) -> str:
    """Return what strangers call their device, of which no address can be made.

    It stands in a message of the bot.
    """
    return words_clean(text, DEVICE_CHARACTERS)


def words_clean(text: str, most: int) -> str:
    """Return letters (with what belongs to them), digits, blanks and hyphens, cut to a length.

    Strangers make no address of those where we write to others.
    """
    kept = "".join(sign if _is_plain(sign) else " " for sign in unicodedata.normalize("NFC", text))
    return name_clean(kept, most)


def _is_plain(sign: str) -> bool:
    return sign == "-" or unicodedata.category(sign)[0] in "LM" or sign.isdecimal()


def link_invalid() -> ApplicationError:
    return ApplicationError(
        ErrorCode.LINK_INVALID,
        _("The link has been used already or has expired. Ask for a new one."),
    )


def _row(statement: str, told: dict[str, Any]) -> TelegramLinkToken | None:
    """Run a statement that changes at most one token, and return that one."""
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        found = cursor.fetchone()
    if found is None:
        return None
    return TelegramLinkToken.objects.select_related("user").get(pk=found[0])
