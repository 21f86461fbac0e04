"""What only members of the channel may have, as the bot tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from accounts.selectors.membership import channel_address, members_only
from telegram_link.bot.happened import ButtonPressed, CommandSent, Happened
from telegram_link.bot.phrases import paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.messages import Button, Keyboard, Message
from telegram_link.selectors.membership import channel_watched
from telegram_link.services.membership import membership_of

STANDING: Final = "standing"  # whether somebody is a member, which /status tells
# What commands and buttons, these to the point in what they send, need to know a standing for.
WANTED: Final[Mapping[str, str]] = {
    "status": STANDING,
    "moon": "figures",
    "eclipses": "figures",
    "reminders:r": "digest",
    "reminders:t": "reminders",
}


def needs_standing(happened: Happened) -> bool:
    """Say whether the answer to something depends on who is a member."""
    if not happened.chat.is_private or not channel_watched():
        return False
    wanted = _wanted(happened)
    return wanted == STANDING or (bool(wanted) and members_only(feature=wanted))


def _wanted(happened: Happened) -> str:
    if isinstance(happened, CommandSent):
        return WANTED.get(happened.name, "")
    if not isinstance(happened, ButtonPressed):
        return ""
    name, data = happened.data.partition(":")[0], happened.data.partition(".")[0]
    return WANTED.get(name) or WANTED.get(data, "")


def members_refusal(reader: Reader, feature: str) -> Message | None:
    """Return why the reader cannot have a feature and where to join; None for who can.

    ``feature`` is one that TELEGRAM_MEMBERS_ONLY may name. In a group nobody in particular asks:
    what is for members does not go there.
    """
    if not members_only(feature=feature):
        return None
    if reader.user is not None and membership_of(user=reader.user, at=reader.at).subscribed:
        return None
    words = {
        "digest": _("The digest is for members of our channel."),
        "reminders": _("Reminders are for members of our channel."),
        "figures": _("Figures are for members of our channel."),
    }
    text = paragraphs(f"🔒 {words[feature]}", _way_in(reader))
    return Message(text, keyboard=channel_keyboard())


def figured(reader: Reader, message: Message, reference: str) -> Message:
    """Return a message with the figure of an event, or with a word on why there is none."""
    refusal = members_refusal(reader, "figures")
    if refusal is None:
        return replace(message, figure_of=reference)
    text = paragraphs(message.text, refusal.text)
    return replace(message, text=text, keyboard=(*message.keyboard, *refusal.keyboard))


def _way_in(reader: Reader) -> str:
    if not reader.chat.is_private:
        return _("Ask for it in a private chat with me.")
    if reader.user is None:
        return _("Link your account with /link, so that I know whether you are one.")
    return _("Join it and try again in a minute.")


def channel_keyboard() -> Keyboard:
    """Return a button that opens the channel; none where its address is not known."""
    address = channel_address()
    return ((Button(_("Open the channel"), url=address),),) if address else ()
