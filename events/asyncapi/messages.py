"""The types of messages: what each says, in which stream, and what its data hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from events.api.schemas import event_schema as event_of_the_list
from events.live.rows import VOID
from starscal.core.api.openapi import Schema, schema_ref

# Of no event in the log: they follow from who reads, or are told in another way.
NOT_IN_MESSAGES: Final = ("stored", "local")
OPEN: Final[Schema] = {"type": "object"}


class MessageType(NamedTuple):
    """A type of message."""

    text: str
    data: Schema
    streams: tuple[str, ...] = ("events",)


_EVENT: Final[Schema] = schema_ref("LiveEvent")
MESSAGES: Final[Mapping[str, MessageType]] = {
    "event.published": MessageType("An event is public now.", _EVENT),
    "event.updated": MessageType("A public event has changed: its facts or its words.", _EVENT),
    "event.cancelled": MessageType(
        "An event was cancelled, and stays visible as such, or was hidden: drop it.",
        {"anyOf": [_EVENT, schema_ref("HiddenEvent")]},
    ),
    "event.upcoming": MessageType(
        "An event is a day or an hour away; `lead_s` says which.", schema_ref("UpcomingEvent")
    ),
    "event.started": MessageType("The instant of an event has come.", _EVENT),
    "event.ended": MessageType("An event that lasts is over.", _EVENT),
    "coverage": MessageType("A span was computed: fetch it.", schema_ref("CoverageData")),
    "announcement": MessageType(
        "A notice by the staff; the newest revision of an id replaces, a withdrawn one is dropped.",
        schema_ref("AnnouncementPayload"),
    ),
    "profile.updated": MessageType(
        "The own profile has changed: load it.", schema_ref("ProfileData"), ("me",)
    ),
    "reminder.due": MessageType(
        "The time has come at which one wished to be told of an event; load the rest by its id.",
        schema_ref("ReminderPayload"),
        ("me",),
    ),
    "subscription.updated": MessageType(
        "Joined or left the Telegram channel.", schema_ref("SubscriptionData"), ("me",)
    ),
    "message": MessageType("A word to one person.", OPEN, ("me",)),
    VOID: MessageType(
        "A message that could not be written; its number counts.",
        {"type": "object", "maxProperties": 0},
        ("events", "me"),
    ),
}


def live_event() -> Schema:
    """Return the schema of an event in a message."""
    schema = event_of_the_list()
    properties = {k: v for k, v in schema["properties"].items() if k not in NOT_IN_MESSAGES}
    required = [name for name in schema["required"] if name not in NOT_IN_MESSAGES]
    text = "Facts and words of an event, in the language of the connection."
    return {**schema, "description": text, "properties": properties, "required": required}


def upcoming_event() -> Schema:
    """Return the schema of an event that is near."""
    schema = live_event()
    lead = {"type": "integer", "enum": [86_400, 3_600], "description": "Seconds before it."}
    return {
        **schema,
        "properties": {**schema["properties"], "lead_s": lead},
        "required": [*schema["required"], "lead_s"],
    }
