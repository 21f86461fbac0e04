"""A desk with something on each of its pages, for whoever looks at them."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.services.api_keys import api_key_create
from events.desk.selection import EventSelection
from events.models import Event, TextState
from events.services.curation import EventEdit, event_cancel, event_create, event_hide, event_update
from events.services.groups import groups_settle
from events.services.jobs import desk_job_create, desk_job_step
from events.services.kinds import kind_setting_update
from events.services.notices import announcement_create, announcement_publish
from starscal.core import clock
from starscal.core.i18n import column

# What a curator may write.
OWN_TITLES: Final = {
    "en": "Full Moon over the valley",
    "zh-hans": "山谷上空的满月",
    "es": "Luna llena sobre el valle",
    "hi": "घाटी के ऊपर पूर्णिमा",
    "pt-br": "Lua cheia sobre o vale",
    "de": "Vollmond über dem Tal",
    "fr": "Pleine lune sur la vallée",
    "ja": "谷の上の満月",
    "ru": "Полнолуние над долиной",
    "hy": "Լիալուսին հովտի վրա",
}


def desk_fill(owner: User, event: Event) -> None:
    """Have people of the desk at work on a computed event, and on what is stored beside it."""
    _texts(owner, event)
    _events(owner, event)
    texts = {**_columns("title"), **_columns("body")}
    notice = announcement_create(actor=owner, fields=texts)
    announcement_publish(announcement_id=notice.pk, actor=owner, at=clock.now())
    groups_settle(using="default")
    reader = User.objects.create_user("translator-of-armenian", password=None, is_staff=True)
    reader.groups.set(Group.objects.order_by("name")[:2])
    api_key_create(user=reader, name="3D", scopes=["read"])


def _columns(field: str, *codes: str) -> dict[str, str]:
    return {column(field, code): OWN_TITLES[code] for code in codes or OWN_TITLES}


def _texts(owner: User, event: Event) -> None:
    """Write texts in every language: titles that are stale by now, descriptions to review."""
    texts = {**_columns("title"), **_columns("description"), **_columns("reflection", "en", "de")}
    edit = EventEdit(texts=texts, fields={"quantum_resonance": 0.25}, revision=event.revision)
    event_update(event_id=event.pk, actor=owner, edit=edit, at=clock.now())
    states = TextState.objects.filter(event=event)
    states.filter(field="title").update(status=TextState.Status.STALE)
    states.filter(field="description").update(status=TextState.Status.NEEDS_REVIEW)


def _events(owner: User, event: Event) -> None:
    """Hide and call off events, draft one of staff, have a job ended and another wait."""
    first, second, third, *_rest = Event.objects.exclude(pk=event.pk).order_by("occurs_at", "pk")[
        9:
    ]
    event_hide(event_id=first.pk, actor=owner)
    event_cancel(event_id=second.pk, actor=owner, reason="☁☁☁")
    edit = EventEdit(texts=_columns("title"))
    event_create(actor=owner, occurs_at=event.occurs_at, edit=edit, at=clock.now())
    kind_setting_update(code=third.event_type, needs_review=True, actor=owner)
    Event.objects.filter(event_type=third.event_type).update(status=Event.Status.DRAFT)
    asked = EventSelection(ids=tuple(str(one.pk) for one in (first, second, third)))
    done = desk_job_create(kind="cancel", asked=asked, actor=owner, reason="☁☁☁")
    desk_job_step(job_id=done.pk, at=clock.now(), budget_s=30.0)
    desk_job_create(kind="recompute", asked=EventSelection(ids=(str(event.pk),)), actor=owner)
