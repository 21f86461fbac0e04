"""The shape of an event as readers get it: facts, and words in one language."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NotRequired, TypedDict, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from events.civil import all_day
from events.figures.families import has_figure
from events.models import TRANSLATED_FIELDS
from events.models.image import image_name_read
from events.overridden import Overrides
from events.stored_rows import ReadableEvent

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
FALLBACK = settings.LANGUAGE_CODE


class ComputedFacts(TypedDict):
    """What was computed of the facts that the editors set otherwise, and of no others."""

    occurs_at: NotRequired[str]
    begins_at: NotRequired[str | None]
    ends_at: NotRequired[str | None]
    significance: NotRequired[int]


class Overridden(TypedDict):
    """What the editors set otherwise than it was computed, why, and when they did."""

    computed: ComputedFacts
    reason: str
    at: str


class ImageLink(TypedDict):
    """Where the image of an event is, relative to the service, and its size in pixels."""

    url: str
    width: int
    height: int


class EventFacts(TypedDict):
    """What is true of an event in every language; times are UTC, RFC 3339, to the millisecond."""

    id: str
    key: str
    slug: str
    event_type: str
    family: str
    bodies: list[str]
    occurs_at: str
    begins_at: str | None
    ends_at: str | None
    all_day: str | None
    uncertainty_s: float | None
    significance: int
    quantum_resonance: float | None
    status: str
    origin: str
    revision: int
    link: str | None
    image: ImageLink | None
    series: str | None
    astronomical_data: dict[str, Any]
    overridden: NotRequired[Overridden]


class LocalTimes(TypedDict):
    """The same instants in the reader's zone, with offset."""

    timezone: str
    occurs_at: str
    begins_at: str | None
    ends_at: str | None


class FigureLinks(TypedDict):
    """Where the figure of an event is, relative to the service."""

    svg: str
    png: str


class Words(TypedDict):
    """The words of an event in one language; an empty one is not there."""

    title: str
    description: str
    reflection: str


NO_WORDS: Final[Words] = {"title": "", "description": "", "reflection": ""}
UNDER_TITLE: Final = ("description", "reflection")


class TextMark(TypedDict):
    """The language of one text, and whether it stands in for one that was wished for."""

    lang: str
    fallback: bool


class EventPayload(EventFacts, Words):
    """Facts and words of an event for one reader; ``texts`` marks those not in ``lang_used``."""

    lang_used: str
    fallback: bool
    texts: NotRequired[dict[str, TextMark]]
    stored: NotRequired[bool]
    figure: FigureLinks | None
    local: NotRequired[LocalTimes]


def instant_text(at: datetime) -> str:
    """Write an instant as RFC 3339 in UTC, to the millisecond, rounded once."""
    moment = at.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant_or_none(at: datetime | None) -> str | None:
    return instant_text(at) if at else None


def event_facts(event: ReadableEvent) -> EventFacts:
    day = all_day(event)
    facts: EventFacts = {
        "id": str(event.pk),
        "key": event.key,
        "slug": event.slug,
        "event_type": event.event_type,
        "family": event.family,
        "bodies": list(event.bodies),
        "occurs_at": instant_text(event.occurs_at),
        "begins_at": instant_or_none(event.begins_at),
        "ends_at": instant_or_none(event.ends_at),
        "all_day": day.isoformat() if day else None,
        "uncertainty_s": event.uncertainty_s,
        "significance": event.significance,
        "quantum_resonance": event.quantum_resonance,
        "status": event.status,
        "origin": event.origin,
        "revision": event.revision,
        "link": event.link or None,
        "image": image_link(event.image_id) if event.image_id else None,
        "series": str(event.series_id) if event.series_id else None,
        "astronomical_data": event.astronomical_data,
    }
    if (overrides := event.overrides) is not None:
        facts["overridden"] = _overridden(overrides)
    return facts


def _overridden(overrides: Overrides) -> Overridden:
    computed = {
        name: instant_text(value) if isinstance(value, datetime) else value
        for name, value in overrides.computed.items()
    }
    return {
        "computed": cast("ComputedFacts", computed),
        "reason": overrides.reason,
        "at": instant_text(overrides.at),
    }


def event_words(event: ReadableEvent, languages: Collection[str] = LANGUAGES) -> dict[str, Words]:
    """Return the words of those languages that have any."""
    found: dict[str, Words] = {}
    for language in languages:
        title, description, reflection = (event.text(f, language) for f in TRANSLATED_FIELDS)
        if title or description or reflection:
            found[language] = {"title": title, "description": description, "reflection": reflection}
    return found


def payload_compose(
    facts: EventFacts, words: dict[str, Words], language: str, *, fallback: bool = False
) -> EventPayload:
    """Join facts and words; a text missing in the language comes from English, marked.

    ``fallback`` says that the reader asked for a language that the service does not have.
    """
    own, english = words.get(language) or NO_WORDS, words.get(FALLBACK) or NO_WORDS
    shown: Words = {
        "title": own["title"] or english["title"],
        "description": own["description"] or english["description"],
        "reflection": own["reflection"] or english["reflection"],
    }
    is_own = shown == own
    payload: EventPayload = {
        **facts,
        **shown,  # type: ignore[typeddict-item] # facts and words hold no optional keys
        "lang_used": language if own["title"] or not english["title"] else FALLBACK,
        "fallback": fallback or not is_own,
        "figure": figure_links(facts),
    }
    if not is_own and (marks := _marks(shown, own, language, fallback=fallback)):
        payload["texts"] = marks
    return payload


def _marks(shown: Words, own: Words, language: str, *, fallback: bool) -> dict[str, TextMark]:
    """Return the language of the texts that are not in that of the title."""
    if not own["title"] and shown["title"]:  # the title is English: mark what is not
        mark: TextMark = {"lang": language, "fallback": fallback}
        return {name: mark for name in UNDER_TITLE if own[name]}
    mark = {"lang": FALLBACK, "fallback": True}
    return {name: mark for name in UNDER_TITLE if shown[name] and not own[name]}


def text_language(payload: EventPayload, name: str) -> str:
    """Return the language of one text of an event."""
    mark = payload.get("texts", {}).get(name)
    return mark["lang"] if mark else payload["lang_used"]


def local_times(event: ReadableEvent, zone: ZoneInfo) -> LocalTimes:
    def local(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat(timespec="milliseconds") if at else None

    return {
        "timezone": zone.key,
        "occurs_at": event.occurs_at.astimezone(zone).isoformat(timespec="milliseconds"),
        "begins_at": local(event.begins_at),
        "ends_at": local(event.ends_at),
    }


def event_payload(
    event: ReadableEvent,
    *,
    language: str,
    zone: ZoneInfo | None = None,
    stored: bool = True,
    fallback: bool = False,
) -> EventPayload:
    """Return what a reader of ``language`` in ``zone`` gets."""
    words = event_words(event, {language, FALLBACK})
    payload = payload_compose(event_facts(event), words, language, fallback=fallback)
    payload["stored"] = stored
    if zone is not None:
        payload["local"] = local_times(event, zone)
    return payload


def image_link(name: str) -> ImageLink:
    """Return where an image is; its name never means another one."""
    said = image_name_read(name)
    return {
        "url": reverse("pages:image", args=[name]),
        "width": said.width,
        "height": said.height,
    }


def figure_links(facts: EventFacts) -> FigureLinks | None:
    """Return the addresses of the figure, or None for an event that has none."""
    if not has_figure(facts["origin"], facts["family"]):
        return None
    base = f"{_events_address()}/{facts['key']}/figure"
    return {"svg": f"{base}.svg", "png": f"{base}.png"}


@cache
def _events_address() -> str:
    """Return the address of the list: resolving it for every row would cost more than the row."""
    return reverse("event-list")
