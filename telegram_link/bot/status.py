"""/status: what the bot knows of a chat, and what it will send there."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.models import Reminder
from starscal.core.pages import NATIVE_NAMES
from telegram_link.bot.frame import Answer, Command, said
from telegram_link.bot.lines import bold, hour_text, weekday_text
from telegram_link.bot.members import channel_keyboard
from telegram_link.bot.phrases import paragraphs
from telegram_link.bot.reader import Reader
from telegram_link.bot.zones import zone_shown
from telegram_link.messages import Keyboard
from telegram_link.models import TelegramChat
from telegram_link.positions import position_text
from telegram_link.selectors.membership import channel_watched
from telegram_link.services.membership import membership_of


def answer(reader: Reader, _words: str) -> Answer:
    membership, keyboard = _membership(reader)
    own = [_account(reader), membership] if reader.chat.is_private else []
    told = [*own, *_words_and_place(reader), *_what_comes(reader)]
    return said(paragraphs(*told), keyboard=keyboard)


def _account(reader: Reader) -> str:
    if reader.user is None:
        return _("This chat is not linked to an account. To link yours, send /link.")
    name = {"name": bold(reader.user.display_name or reader.user.username)}
    return _("This chat belongs to the account %(name)s.") % name


def _membership(reader: Reader) -> tuple[str, Keyboard]:
    if reader.user is None or not channel_watched():
        return "", ()
    standing = membership_of(user=reader.user, at=reader.at)
    if standing.subscribed:
        return _("You are a member of our channel."), ()
    if not standing.is_known:
        return _("Whether you are a member of our channel is not known yet."), channel_keyboard()
    return _("You are not a member of our channel."), channel_keyboard()


def _words_and_place(reader: Reader) -> list[str]:
    language = {"language": bold(NATIVE_NAMES[reader.language])}
    spot = reader.spot
    place = (
        _("The place: %(place)s")
        % {"place": bold(position_text(spot.latitude_deg, spot.longitude_deg))}
        if spot
        else _("No place is known yet. Set one with /place.")
    )
    return [_("I write in %(language)s.") % language, place, zone_shown(reader)]


def _what_comes(reader: Reader) -> list[str]:
    return [_stopped(reader), _digest(reader.chat), _quiet(reader.chat), _reminders(reader)]


def _stopped(reader: Reader) -> str:
    if reader.chat.stopped_at is None:
        return ""
    return _("Nothing comes unasked since you sent /stop. /start changes that.")


def _digest(chat: TelegramChat) -> str:
    when = {"time": bold(hour_text(time(chat.digest_hour)))}
    if chat.digest == TelegramChat.Digest.DAILY:
        return _("A digest comes every day at %(time)s.") % when
    if chat.digest == TelegramChat.Digest.WEEKLY:
        # Translators: a sentence such as "A digest comes every week: Monday, 8:00 AM."
        return _("A digest comes every week: %(weekday)s, %(time)s.") % {
            **when,
            "weekday": bold(weekday_text(chat.digest_weekday)),
        }
    return _("No digest is set.")


def _quiet(chat: TelegramChat) -> str:
    if chat.quiet_from is None or chat.quiet_until is None:
        return _("There are no quiet hours.")
    span = {"start": bold(hour_text(chat.quiet_from)), "end": bold(hour_text(chat.quiet_until))}
    return _("It is quiet from %(start)s to %(end)s.") % span


def _reminders(reader: Reader) -> str:
    if reader.user is None:
        return ""
    count = Reminder.objects.filter(user=reader.user).count()
    if not count:
        return _("No reminders are set. Set some with /reminders.")
    return ngettext(
        "%(count)d reminder is set; /reminders shows it.",
        "%(count)d reminders are set; /reminders shows them.",
        count,
    ) % {"count": count}


COMMAND = Command("status", gettext_lazy("What I know about this chat"), answer)
