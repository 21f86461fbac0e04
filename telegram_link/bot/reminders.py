"""/reminders: the digest of a chat, and the kinds of event that a person is reminded of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import time, timedelta
from itertools import groupby
from typing import Final

from babel.dates import format_timedelta
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from events.kinds import COMPUTED, EVENT_FAMILIES, EVENT_TYPES, FAMILIES, STAFF_KIND, kind_name
from events.models import Reminder
from events.selectors_reminders import reminders_of
from events.services.reminders import reminder_set, reminder_unset
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.formats import active_locale
from telegram_link.bot.frame import Answer, Command
from telegram_link.bot.lines import bold, fitted, hour_text, parts, weekday_text
from telegram_link.bot.members import members_refusal
from telegram_link.bot.phrases import choice, paragraphs, rows
from telegram_link.bot.reader import Reader
from telegram_link.bot.zones import zone_shown
from telegram_link.messages import Button, Keyboard, Message, escaped
from telegram_link.models import TelegramChat
from telegram_link.services.digests import digest_set

NAME: Final = "reminders"
Rhythm = TelegramChat.Digest
LEADS: Final[Mapping[int, str | Promise]] = {
    0: gettext_lazy("When it happens"),
    60: gettext_lazy("One hour before"),
    1_440: gettext_lazy("One day before"),
    10_080: gettext_lazy("One week before"),
}


def answer(reader: Reader, words: str) -> Answer:
    del words  # whatever was written behind the command
    return Answer(messages=(_overview(reader),))


def pressed(reader: Reader, data: str) -> Answer:
    """Do what a button says: its first letter names what, the rest which."""
    what, _point, which = data.partition(".")
    work = PRESSED.get(what)
    try:
        message = work(reader, which) if work else None
    except ApplicationError as error:
        return _refused(reader, error)
    return Answer(edited=message or _overview(reader))


def _refused(reader: Reader, error: ApplicationError) -> Answer:
    """Say why not; whoever is no member of the channel is shown the way in."""
    feature = error.extra.get("feature") if error.code == ErrorCode.SUBSCRIPTION_REQUIRED else None
    refusal = members_refusal(reader, feature) if feature else None
    return Answer(messages=(refusal,)) if refusal else Answer(toast=str(error.message))


def _overview(reader: Reader) -> Message:
    own = _own_lines(reader)
    told = fitted([_digest_text(reader), ""], own, [])
    return Message(told, keyboard=(*_digest_keyboard(reader), *_kinds_keyboard(reader)))


def _digest_text(reader: Reader) -> str:
    chat = reader.chat
    clock = {"time": bold(hour_text(time(chat.digest_hour)))}
    if chat.digest == Rhythm.DAILY:
        text = _("The digest comes every day at %(time)s.") % clock
    elif chat.digest == Rhythm.WEEKLY:
        day = {"weekday": bold(weekday_text(chat.digest_weekday))}
        # Translators: "Digest, once a week: Monday, 8:00." The name of the day stands alone.
        text = _("Digest, once a week: %(weekday)s, %(time)s.") % {**clock, **day}
    else:
        return paragraphs(
            _("The digest tells you what is coming up in the sky. How often should it come?"),
            zone_shown(reader),
        )
    return paragraphs(text, zone_shown(reader))


def _digest_keyboard(reader: Reader) -> Keyboard:
    chat = reader.chat
    rhythms = tuple(
        choice(capfirst(str(label)), f"{NAME}:r.{value}", chosen=chat.digest == value)
        for value, label in Rhythm.choices
    )
    when = []
    if chat.digest != Rhythm.NONE:
        when.append(Button(capfirst(_("hour")), f"{NAME}:h"))
    if chat.digest == Rhythm.WEEKLY:
        when.append(Button(capfirst(_("weekday")), f"{NAME}:w"))
    return (rhythms, tuple(when)) if when else (rhythms,)


def _kinds_keyboard(reader: Reader) -> Keyboard:
    if not reader.chat.is_private or reader.user is None:
        return ()
    return ((Button(_("Reminders of single events"), f"{NAME}:f"),),)


def _own_lines(reader: Reader) -> list[str]:
    """Return what a person is reminded of, a line for each kind; whose account it is, matters."""
    if not reader.chat.is_private:
        return []
    if reader.user is None:
        return [escaped(_("Reminders of single events need an account. Link yours with /link."))]
    wishes = groupby(reminders_of(user=reader.user), key=lambda one: one.event_type)
    lines = [_wish_line(code, ours) for code, ours in wishes]
    return lines or [escaped(_("You are not reminded of single events yet."))]


def _wish_line(code: str, ours: Iterable[Reminder]) -> str:
    leads = parts(*(escaped(_lead(one.lead_minutes)) for one in ours))
    return f"🔔 {bold(kind_name(code))}\n{leads}"


def _rhythm(reader: Reader, which: str) -> Message:
    if which in Rhythm.values:
        digest_set(chat=reader.chat, at=reader.at, rhythm=which)
    return _overview(reader)


def _hours(reader: Reader, which: str) -> Message | None:
    if which.isdecimal() and int(which) < 24:
        digest_set(chat=reader.chat, at=reader.at, hour=int(which))
        return None
    hours = [
        choice(hour_text(time(hour)), f"{NAME}:h.{hour}", chosen=hour == reader.chat.digest_hour)
        for hour in range(24)
    ]
    return Message(
        _("At which hour should the digest come?"), keyboard=(*rows(hours, 4), _back(""))
    )


def _weekdays(reader: Reader, which: str) -> Message | None:
    if which.isdecimal() and 1 <= int(which) <= 7:
        digest_set(chat=reader.chat, at=reader.at, weekday=int(which))
        return None
    days = [
        choice(
            capfirst(weekday_text(day)), f"{NAME}:w.{day}", chosen=day == reader.chat.digest_weekday
        )
        for day in range(1, 8)
    ]
    text = _("On which day of the week should the digest come?")
    return Message(text, keyboard=(*rows(days, 2), _back("")))


def _families(reader: Reader, which: str) -> Message | None:
    """Return the families of kinds, or the kinds of one."""
    user = _person(reader)
    if user is None:
        return None
    wished = {one.event_type for one in reminders_of(user=user)}
    if which in EVENT_FAMILIES:
        kinds = _kinds(which)
        if len(kinds) == 1:
            return _kind(reader, kinds[0])
        buttons = [
            choice(kind_name(code), f"{NAME}:k.{code}", chosen=code in wished) for code in kinds
        ]
        return Message(bold(str(FAMILIES[which])), keyboard=(*rows(buttons, 1), _back("f")))
    buttons = [
        choice(str(FAMILIES[family]), f"{NAME}:f.{family}", chosen=bool(wished & set(kinds)))
        for family in EVENT_FAMILIES
        if (kinds := _kinds(family))
    ]
    text = _("Which events should I remind you of?")
    return Message(text, keyboard=(*rows(buttons, 1), _back("")))


def _kind(reader: Reader, which: str) -> Message | None:
    """Return the times before a kind of event, those that are set with a mark."""
    user = _person(reader)
    if user is None or which not in EVENT_TYPES:
        return None
    own = {one.lead_minutes for one in reminders_of(user=user) if one.event_type == which}
    buttons = [
        choice(_lead(minutes), f"{NAME}:t.{minutes}.{which}", chosen=minutes in own)
        for minutes in sorted({*LEADS, *own})
    ]
    text = _("When should I remind you of it?")
    family = next(name for name in EVENT_FAMILIES if which in _kinds(name))
    above = f"f.{family}" if len(_kinds(family)) > 1 else "f"
    return Message(
        paragraphs(bold(kind_name(which)), text), keyboard=(*rows(buttons, 1), _back(above))
    )


def _toggle(reader: Reader, which: str) -> Message | None:
    """Set a reminder, or delete it if it is set."""
    minutes, _point, code = which.partition(".")
    user = _person(reader)
    if user is None or code not in EVENT_TYPES or not minutes.isdecimal() or len(minutes) > 5:
        return None
    if not reminder_unset(user=user, event_type=code, lead_minutes=int(minutes)):
        reminder_set(user=user, event_type=code, lead_minutes=int(minutes))
    return _kind(reader, code)


def _person(reader: Reader) -> User | None:
    return reader.user if reader.chat.is_private else None


def _kinds(family: str) -> tuple[str, ...]:
    return tuple(COMPUTED[family].kinds) if family in COMPUTED else (STAFF_KIND,)


def _back(data: str) -> tuple[Button, ...]:
    return (Button("‹ " + _("Back"), f"{NAME}:{data}"),)


def _lead(minutes: int) -> str:
    if minutes in LEADS:
        return str(LEADS[minutes])
    return str(format_timedelta(timedelta(minutes=minutes), threshold=2, locale=active_locale()))


PRESSED: Final[Mapping[str, Callable[[Reader, str], Message | None]]] = {
    "r": _rhythm,
    "h": _hours,
    "w": _weekdays,
    "f": _families,
    "k": _kind,
    "t": _toggle,
}
COMMAND: Final = Command(
    NAME, gettext_lazy("Digest and reminders"), answer, pressed, for_admins=True
)
