"""Which events a reader wants, and which calendars beside the Gregorian one."""

from __future__ import annotations

from accounts.models import User
from events.calendar_days import CHOSEN
from events.filters import EventFilter
from events.kinds import EVENT_FAMILIES
from starscal.core.culture import culture_of
from telegram_link.bot.reader import Reader


def events_wanted(user: User | None) -> EventFilter:
    """Return the filter of a linked person who consented to it; of everybody else everything."""
    wishes = user.spiritual_preferences if user else {}
    if not wishes.get("consent"):
        return EventFilter()
    families = tuple(name for name in wishes.get("families", ()) if name in EVENT_FAMILIES)
    return EventFilter(families=families, min_significance=wishes.get("min_significance", 1))


def calendars_of(reader: Reader) -> tuple[str, ...]:
    """Return the calendars that the chat chose, else those of its language.

    What a person prefers in the account may reveal a belief and stays there.
    """
    chosen = reader.chat.calendar
    if not chosen:
        return culture_of(reader.language).calendars
    return CHOSEN.get(chosen, ())
