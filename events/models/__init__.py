"""Events as they are stored, curated and published, and what staff and computations do to them."""

from __future__ import annotations

from events.models.announcement import ANNOUNCED_FIELDS, Announcement
from events.models.computing import ComputedWindow, KindSetting
from events.models.desk import ComputationRun, DeskJob, DeskText, RunChange
from events.models.event import (
    EVENT_NAMESPACE,
    MAJOR,
    NOTABLE,
    TRANSLATED_FIELDS,
    Event,
    event_id,
)
from events.models.given_right import GivenRight
from events.models.image import EventImage
from events.models.reminder import LEAD_MINUTES_MOST, Reminder, ReminderRound
from events.models.series import EventSeries
from events.models.text_state import TextState

__all__ = [
    "ANNOUNCED_FIELDS",
    "EVENT_NAMESPACE",
    "LEAD_MINUTES_MOST",
    "MAJOR",
    "NOTABLE",
    "TRANSLATED_FIELDS",
    "Announcement",
    "ComputationRun",
    "ComputedWindow",
    "DeskJob",
    "DeskText",
    "Event",
    "EventImage",
    "EventSeries",
    "GivenRight",
    "KindSetting",
    "Reminder",
    "ReminderRound",
    "RunChange",
    "TextState",
    "event_id",
]
