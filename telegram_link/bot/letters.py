"""A letter about an account as a message: the words that an e-mail has, the link as a button."""

from __future__ import annotations

from accounts.mailing import letter_words
from accounts.models import User
from telegram_link.bot.lines import bold
from telegram_link.bot.phrases import paragraphs
from telegram_link.messages import Button, Message, escaped


def letter_message(chat_id: int, kind: str) -> Message | None:
    """Return the letter to the owner of a chat; None if there is no reason for it any more."""
    user = User.objects.filter(telegram__chat_id=chat_id).first()
    if user is None:
        return None
    try:
        letter = letter_words(user=user, kind=kind)
    except ValueError:
        return None
    told = [escaped(part) for part in (*letter.paragraphs, letter.note) if part]
    button = Button(letter.button, url=letter.address)
    return Message(paragraphs(bold(letter.subject), *told), keyboard=((button,),))
