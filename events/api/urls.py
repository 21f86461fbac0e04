from __future__ import annotations

from django.urls import path

from events.api import kind_views, live_docs, views
from events.api.announcements import AnnouncementListView
from events.api.circumstances import EventCircumstancesView
from events.api.exports import EventFeedView, EventTableView
from events.api.figures import EventFigurePngView, EventFigureSvgView
from events.api.live_stream import LiveStreamView
from events.api.moments import EventsNowView, NextEventsView
from events.api.reminders import ReminderListView, ReminderView

urlpatterns = [
    path("announcements", AnnouncementListView.as_view(), name="announcement-list"),
    path("events", views.EventListView.as_view(), name="event-list"),
    path("events.ics", views.EventCalendarView.as_view(), name="event-calendar"),
    path("events.csv", EventTableView.as_view(), name="event-table"),
    path("events.atom", EventFeedView.as_view(), name="event-feed"),
    path("events/next", NextEventsView.as_view(), name="event-next"),
    path("events/now", EventsNowView.as_view(), name="event-now"),
    path(
        "events/<str:reference>/circumstances",
        EventCircumstancesView.as_view(),
        name="event-circumstances",
    ),
    path(
        "events/<str:reference>/figure.svg", EventFigureSvgView.as_view(), name="event-figure-svg"
    ),
    path(
        "events/<str:reference>/figure.png", EventFigurePngView.as_view(), name="event-figure-png"
    ),
    path("events/<str:reference>", views.EventDetailView.as_view(), name="event-detail"),
    path("me/reminders", ReminderListView.as_view(), name="reminder-list"),
    path("me/reminders/<uuid:reminder_id>", ReminderView.as_view(), name="reminder"),
    path("asyncapi.json", live_docs.asyncapi, name="asyncapi"),
    path("docs/live/", live_docs.docs, name="live-docs"),
    path("live", LiveStreamView.as_view(), name="live-stream"),
    path("kinds", kind_views.KindListView.as_view(), name="kind-list"),
    path("kinds/<str:code>", kind_views.KindView.as_view(), name="kind"),
]
