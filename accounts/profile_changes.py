"""Read what a person wants to change in the own profile."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.faults import Faults, pointer_of
from accounts.preferences import preferences_read
from accounts.texts import text_clean
from starscal.core.api.parameters import quoted
from starscal.core.exceptions import ErrorCode
from starscal.core.i18n import language_normalize

# The same limits as everywhere a place is asked for.
PLACE_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "elevation_m": (-500.0, 9000.0),
}
DISPLAY_NAME_CHARACTERS: Final = 100
ZONES: Final = frozenset(available_timezones()) - {"localtime", "Factory"}


def changes_read(body: object) -> dict[str, Any]:
    """Return the fields of User that a body sets, by name.

    A field that is left out stays as it is; ``place`` and ``spiritual_preferences`` are replaced as
    a whole. Everything that is wrong is told at once.

    Errors: PROFILE_INVALID with a JSON pointer for each.
    """
    faults = Faults(ErrorCode.PROFILE_INVALID)
    changes: dict[str, Any] = {}
    if not isinstance(body, Mapping):
        faults.add("", _("This must be an object."))
        faults.settle()
        return {}
    for key, value in body.items():
        reader = READERS.get(str(key))
        if reader is None:
            known = {"known": ", ".join(READERS)}
            faults.add(
                pointer_of(key),
                _("This cannot be changed here. You can change: %(known)s.") % known,
            )
        else:
            changes |= reader(value, faults)
    faults.settle()
    return changes


def _display_name(value: object, faults: Faults) -> dict[str, Any]:
    if not isinstance(value, str):
        faults.add("/display_name", _("This must be a text."))
        return {}
    try:
        return {"display_name": text_clean(value, most=DISPLAY_NAME_CHARACTERS)}
    except ValidationError as error:
        faults.add_all("/display_name", error)
        return {}


def _language(value: object, faults: Faults) -> dict[str, Any]:
    code = language_read(value)
    if code is None:
        faults.add("/language", language_fault())
        return {}
    return {"language": code}


def _timezone(value: object, faults: Faults) -> dict[str, Any]:
    if not is_zone(value):
        faults.add("/timezone", zone_fault(value))
        return {}
    return {"timezone": value}


def language_read(value: object) -> str | None:
    """Return our code of a language in any spelling, an empty one for none, or None."""
    if not isinstance(value, str):
        return None
    return language_normalize(value) if value else ""


def language_fault() -> str:
    known = ", ".join(code for code, _name in settings.LANGUAGES)
    return _("Use one of these languages: %(known)s.") % {"known": known}


def is_zone(value: object) -> bool:
    """Say whether a value names a zone of the database; an empty text leaves it open."""
    return isinstance(value, str) and (value == "" or value in ZONES)


def zone_fault(value: object) -> str:
    return _("%(value)s is not a time zone. Use a name such as Europe/Berlin.") % {
        "value": quoted(str(value))
    }


def _place(value: object, faults: Faults) -> dict[str, Any]:
    if value is None:
        return dict.fromkeys(PLACE_LIMITS)
    if not isinstance(value, Mapping):
        faults.add("/place", _("This must be an object, or null for no place."))
        return {}
    for key in value:
        if key not in PLACE_LIMITS:
            known = {"known": ", ".join(PLACE_LIMITS)}
            faults.add(
                pointer_of("place", key), _("This is not known here. Known are: %(known)s.") % known
            )
    given = {"elevation_m": 0.0, **value}
    return {name: _coordinate(name, given.get(name), faults) for name in PLACE_LIMITS}


def _coordinate(name: str, value: object, faults: Faults) -> float | None:
    least, most = PLACE_LIMITS[name]
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Not a number is outside as well; an integer may be too large for a float.
        number = float(value) if abs(value) < 1e6 else math.nan
        if least <= number <= most:
            return number
    limits = {"least": f"{least:g}", "most": f"{most:g}"}
    faults.add(
        pointer_of("place", name), _("This must be a number from %(least)s to %(most)s.") % limits
    )
    return None


def _preferences(value: object, faults: Faults) -> dict[str, Any]:
    return {
        "spiritual_preferences": preferences_read(value, faults, "spiritual_preferences"),
    }


READERS: Final[Mapping[str, Callable[[object, Faults], dict[str, Any]]]] = {
    "display_name": _display_name,
    "language": _language,
    "timezone": _timezone,
    "place": _place,
    "spiritual_preferences": _preferences,
}
