"""What people wish to see: known keys, bounded values, consent to what may reveal a belief."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NotRequired, TypedDict

import orjson
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.faults import Faults, pointer_of
from accounts.texts import text_clean
from starscal.core.api.parameters import quoted

BYTES_MOST: Final = 4096
CODES_MOST: Final = 100
INTERESTS_MOST: Final = 20
INTEREST_CHARACTERS: Final = 50
LEAD_TIMES_MOST: Final = 10
LEAD_MINUTES_MOST: Final = 30 * 24 * 60
SIGNS: Final = (
    "aries", "taurus", "gemini", "cancer", "leo", "virgo",
    "libra", "scorpio", "sagittarius", "capricorn", "aquarius", "pisces",
)  # fmt: skip
REVEALING: Final = ("interests", "calendars", "ayanamsa")  # kept only with consent
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,49}", re.ASCII)
_KNOWN: Final[dict[str, frozenset[str]]] = {"signs": frozenset(SIGNS)}


class Preferences(TypedDict):
    """What a person wishes to see; every key may be left out."""

    event_types: NotRequired[list[str]]
    families: NotRequired[list[str]]
    signs: NotRequired[list[str]]
    calendars: NotRequired[list[str]]
    ayanamsa: NotRequired[str]
    min_significance: NotRequired[int]
    lead_times: NotRequired[list[int]]
    interests: NotRequired[list[str]]
    consent: NotRequired[bool]


def known_codes_register(key: str, codes: Iterable[str]) -> None:
    """Tell which codes a key takes; the app that knows them says so when it starts."""
    _KNOWN[key] = frozenset(codes)


def known_codes(key: str) -> tuple[str, ...]:
    return tuple(sorted(_KNOWN.get(key, ())))


def preferences_read(value: object, faults: Faults, *steps: object) -> dict[str, Any]:
    """Return the preferences; what is wrong with them goes to ``faults`` under ``steps``."""
    here = pointer_of(*steps)
    if not isinstance(value, Mapping):
        faults.add(here, _("This must be an object."))
        return {}
    kept: dict[str, Any] = {}
    for key, part in value.items():
        reader = READERS.get(str(key))
        if reader is None:
            faults.add(pointer_of(*steps, key), _unknown(READERS))
            continue
        try:
            kept[str(key)] = reader(str(key), part)
        except ValidationError as error:
            faults.add_all(pointer_of(*steps, key), error)
    _check_consent(kept, faults, steps)
    if len(orjson.dumps(kept)) > BYTES_MOST:
        faults.add(
            here, _("All preferences together may have %(most)d bytes.") % {"most": BYTES_MOST}
        )
    return kept


def _check_consent(kept: Mapping[str, Any], faults: Faults, steps: tuple[object, ...]) -> None:
    if kept.get("consent"):
        return
    for key in REVEALING:
        if kept.get(key):
            faults.add(
                pointer_of(*steps, key),
                _(
                    "This may reveal a belief. It is kept only if consent is true in the "
                    "preferences."
                ),
            )


def _unknown(known: Iterable[str]) -> str:
    return _("This is not known here. Known are: %(known)s.") % {"known": ", ".join(known)}


def _codes(key: str, value: object) -> list[str]:
    items = _items(value, CODES_MOST)
    for item in items:
        _code(key, item)
    return list(dict.fromkeys(map(str, items)))


def _code(key: str, value: object) -> str:
    known = _KNOWN.get(key)
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValidationError(
            _("%(value)s is not a code: small letters, digits and underscores.")
            % {"value": quoted(str(value))}
        )
    if known is not None and value not in known:
        raise ValidationError(
            _("%(value)s is not known. Known are: %(known)s.")
            % {"value": quoted(value), "known": ", ".join(sorted(known))}
        )
    return value


def _items(value: object, most: int) -> list[object]:
    if not isinstance(value, list) or len(value) > most:
        raise ValidationError(_("This must be a list of at most %(most)d items.") % {"most": most})
    return value


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValidationError(
            _("This must be a whole number from %(least)d to %(most)d.")
            % {"least": least, "most": most}
        )
    return value


def _significance(_key: str, value: object) -> int:
    return _whole(value, 1, 5)


def _lead_times(_key: str, value: object) -> list[int]:
    items = _items(value, LEAD_TIMES_MOST)
    return sorted({_whole(item, 0, LEAD_MINUTES_MOST) for item in items})


def _interests(_key: str, value: object) -> list[str]:
    kept = []
    for item in _items(value, INTERESTS_MOST):
        if not isinstance(item, str) or not item.strip():
            raise ValidationError(_("This must be a list of short texts."))
        kept.append(text_clean(item, most=INTEREST_CHARACTERS))
    return list(dict.fromkeys(kept))


def _consent(_key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("This must be true or false."))
    return value


READERS: Final[Mapping[str, Callable[[str, object], Any]]] = {
    "event_types": _codes,
    "families": _codes,
    "signs": _codes,
    "calendars": _codes,
    "ayanamsa": _code,
    "min_significance": _significance,
    "lead_times": _lead_times,
    "interests": _interests,
    "consent": _consent,
}
