"""When a series comes, in words of the active language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.kinds import KINDS
from events.models.series import EventSeries
from events.recurrence import number_in_month
from starscal.core.formats import active_locale

Rhythm = EventSeries.Rhythm


def series_words(series: EventSeries) -> str:
    """Say when a series comes, and until when if it has a last day."""
    said = _sky(series) if series.is_of_sky else _civil(series)
    if series.until is None:
        return said
    until = str(format_date(series.until, "long", locale=active_locale()))
    # Translators: rule is a sentence that says when an event comes, such as "Every week: Friday."
    return _("%(rule)s Until %(date)s.") % {"rule": said, "date": until}


def _sky(series: EventSeries) -> str:
    return _("With each event of this kind: %(kind)s.") % {"kind": KINDS[series.kind].name}


def _civil(series: EventSeries) -> str:
    start, locale = series.starts_at.astimezone(ZoneInfo(series.timezone)), active_locale()
    return SENTENCES[series.rhythm](series.every) % {
        "count": series.every,
        "weekday": get_day_names("wide", "stand-alone", locale)[start.weekday()],
        "number": number_in_month(start.date()),
        "day": start.day,
        "date": format_skeleton("MMMMd", start, locale=locale),
    }


def _weekly(every: int) -> str:
    if every == 1:
        return _("Every week: %(weekday)s.")
    return ngettext(
        "Every %(count)d week: %(weekday)s.", "Every %(count)d weeks: %(weekday)s.", every
    )


def _monthly_day(every: int) -> str:
    if every == 1:
        return _("Every month: day %(day)d.")
    return ngettext(
        "Every %(count)d month: day %(day)d.", "Every %(count)d months: day %(day)d.", every
    )


def _monthly_weekday(every: int) -> str:
    if every == 1:
        # Translators: such as "Every month: Friday (2)."; the number says which of the month
        return _("Every month: %(weekday)s (%(number)d).")
    return ngettext(
        "Every %(count)d month: %(weekday)s (%(number)d).",
        "Every %(count)d months: %(weekday)s (%(number)d).",
        every,
    )


def _monthly_last(every: int) -> str:
    if every == 1:
        # Translators: such as "Every month, the last of these days: Friday."
        return _("Every month, the last of these days: %(weekday)s.")
    return ngettext(
        "Every %(count)d month, the last of these days: %(weekday)s.",
        "Every %(count)d months, the last of these days: %(weekday)s.",
        every,
    )


def _yearly(every: int) -> str:
    if every == 1:
        return _("Every year: %(date)s.")
    return ngettext("Every %(count)d year: %(date)s.", "Every %(count)d years: %(date)s.", every)


SENTENCES: Final[Mapping[str, Callable[[int], str]]] = {
    Rhythm.WEEKLY: _weekly,
    Rhythm.MONTHLY_DAY: _monthly_day,
    Rhythm.MONTHLY_WEEKDAY: _monthly_weekday,
    Rhythm.MONTHLY_LAST: _monthly_last,
    Rhythm.YEARLY: _yearly,
}
