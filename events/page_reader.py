"""Who reads a page, as far as the page shows it: a place, and calendars of their choice."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from astronomy.api.place_parameters import VISIBLE_FROM, read_visible_from
from events.calendar_days import CHOSEN
from starscal.core.api.parameters import QueryReader, query_pairs
from starscal.core.culture import culture_of


@dataclass(frozen=True, slots=True)
class PageReader:
    """``latitude_deg`` is None where no place is known."""

    calendars: tuple[str, ...]
    latitude_deg: float | None = None


def reader_of(request: HttpRequest, language: str) -> PageReader:
    """Return what the address and the signed-in person say; what a person chose goes first.

    Nobody is looked up without a session's cookie. Errors: parameter.invalid for a place that is
    none, query.invalid.
    """
    user, asked = _person(request), _latitude_asked(request)
    own = user.latitude_deg if user else None
    return PageReader(
        _chosen(user) or culture_of(language).calendars, own if asked is None else asked
    )


def _person(request: HttpRequest) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def _chosen(user: User | None) -> tuple[str, ...]:
    codes = user.spiritual_preferences.get("calendars", ()) if user else ()
    return tuple(part for code in codes for part in CHOSEN.get(code, ()))


def _latitude_asked(request: HttpRequest) -> float | None:
    """Read ``visible_from``; whatever else links put into an address means nothing here."""
    if VISIBLE_FROM not in request.GET:
        return None
    names = tuple(name for name, _value in query_pairs(request))
    others = frozenset(names) - {VISIBLE_FROM}
    query = QueryReader(request, known=names, repeatable=others)
    place = read_visible_from(query)
    query.finish()
    return place.lat_deg if place else None
