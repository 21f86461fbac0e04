"""The pages of the desk's list, as addresses, and what each asks of the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.contrib.admin import site
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from accounts.models import User
from events.desk.event_list import EventChangeList
from events.models import Event
from events.selectors_desk import drafts_waiting
from events.selectors_texts import QueuePlace, queue_page
from events.tests.list_queries import Read

LIST: Final = "/admin/events/event/"
PAGES: Final[Mapping[str, str]] = {
    "desk, coming": "",
    "desk, all": "time=all",
    "desk, past": "time=past",
    "desk, newest first": "time=all&o=-1",
    "desk, last page": "time=all&p=200",
    "desk, beyond the last page": "time=all&p=9999",
    "desk, a year": "occurs_at__year=2030",
    "desk, a month": "occurs_at__year=2030&occurs_at__month=5",
    "desk, a day": "occurs_at__year=2030&occurs_at__month=5&occurs_at__day=17",
    "desk, published": "time=all&status__exact=published",
    "desk, draft": "time=all&status__exact=draft",
    "desk, hidden": "time=all&status__exact=hidden",
    "desk, cancelled": "time=all&status__exact=cancelled",
    "desk, of staff": "time=all&origin__exact=staff",
    "desk, computed": "time=all&origin__exact=computed",
    "desk, staff's drafts": "time=all&origin__exact=staff&status__exact=draft",
    "desk, family, common": "time=all&family=aspects",
    "desk, family, rare": "time=all&family=transits",
    "desk, kind": "time=all&event_type=full_moon",
    "desk, significance 5": "time=all&least=5",
    "desk, significance 3": "time=all&least=3",
    "desk, drafts of a family": "time=all&family=aspects&status__exact=draft",
    "desk, stale": "time=all&texts=stale",
    "desk, stale in German": "time=all&texts=stale&text_language=de",
    "desk, in order": "time=all&texts=ok",
    "desk, to look after in French": "time=all&text_language=fr",
}
SEARCHES: Final[Mapping[str, str]] = {
    "desk, search, rare": "time=all&q=transit+of+venus",
    "desk, search, common": "time=all&q=moon",
    "desk, search, two words": "time=all&q=eclipse+total",
    "desk, search, slug": "time=all&q=moon-full-2026",
    "desk, search, nowhere": "time=all&q=betelgeuse",
}


def _page(query: str) -> Read:
    """Read what a page of the list shows: the ladder of dates, the count, the rows."""

    def read(_at: datetime) -> object:
        request = RequestFactory().get(f"{LIST}?{query}")
        request.user = User(is_superuser=True, is_staff=True)
        request.session = {}  # type: ignore[assignment] # a session of no store
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined] # as its middleware does
        shown = site.get_model_admin(Event).get_changelist_instance(request)
        assert isinstance(shown, EventChangeList)
        return list(shown.result_list), shown.ladder(), shown.result_count

    return read


DESK_READS: Final[Mapping[str, Read]] = {
    **{name: _page(query) for name, query in PAGES.items()},
    "desk, stale queue": lambda _at: queue_page(status="stale", languages=["de"]),
    "desk, review queue": lambda _at: queue_page(
        status="needs_review", languages=["hy"], after=QueuePlace("hy", 9)
    ),
    "desk, waiting": lambda _at: drafts_waiting(language="ja"),
}
