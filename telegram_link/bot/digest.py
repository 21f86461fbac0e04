"""The digest: the events of a day, or the notable ones of a week, for one chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import NOTABLE
from starscal.core.i18n import language_active
from telegram_link.bot.day_words import (
    DayAsked,
    day_asked,
    day_text_of,
    day_words,
    sky_lines,
)
from telegram_link.bot.lines import bold, day_blocks, fitted, link, zone_line
from telegram_link.bot.reader import Reader
from telegram_link.bot.sky_lines import place_or_none
from telegram_link.messages import LONGEST_TEXT, Message, escaped
from telegram_link.selectors.day_events import day_events
from telegram_link.selectors.wishes import events_wanted

WEEK_DAYS: Final = 7


def digest_message(reader: Reader, day: date, weekly: bool) -> Message:
    """Return the digest of a day, or of the week that begins with it, in the reader's language.

    What a linked person wishes to hear of decides what is in it, with consent; it never says so.
    Errors: range.outside.
    """
    wanted = events_wanted(reader.user)
    with language_active(reader.language):
        asked = day_asked(reader, day, wanted)
        text = _week_text(reader, asked) if weekly else _day_text(reader, asked)
    return Message(text)


def _day_text(reader: Reader, asked: DayAsked) -> str:
    return day_text_of(reader, asked, LONGEST_TEXT, _site_link(asked.language))


def _week_text(reader: Reader, asked: DayAsked) -> str:
    """Write seven days' notable events, under the Sun and the Moon of the first day."""
    wanted = replace(asked.wanted, min_significance=max(asked.wanted.min_significance, NOTABLE))
    days = day_events(
        first=asked.day, days=WEEK_DAYS, zone=asked.zone, language=asked.language, wanted=wanted
    )
    rows = day_blocks([event for events in days for event in events], asked.zone)
    words = day_words(asked)
    sky = sky_lines(words, asked, place_or_none(reader))
    head = [bold(_("The week ahead in the sky")), "", words.title, *words.calendars, *sky]
    none = escaped(_("The calendar has no notable event in this week."))
    tail = ["", zone_line(asked.zone), _site_link(asked.language)]
    return fitted(head, rows or ["", none], tail)


def _site_link(language: str) -> str:
    """Return the way to the list of the site, which begins with now."""
    address = settings.SITE_URL + reverse("pages:home", args=[language])
    return link(_("What comes next in the sky"), address)
