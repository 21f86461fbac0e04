"""The reminders of an account. No key opens them: these views name no scope."""

from __future__ import annotations

import uuid
from typing import Final

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.auth_inputs import Input, body_read
from accounts.api.personal import PersonalView, nothing, person, private_json
from events.api.schemas import ReminderItem
from events.kinds import EVENT_TYPES
from events.models import LEAD_MINUTES_MOST, Reminder
from events.payloads import instant_text
from events.selectors_reminders import reminders_of
from events.services.reminders import REMINDERS_MOST, reminder_delete, reminder_set
from starscal.core.api.openapi import problem_responses, schema_ref
from starscal.core.exceptions import ApplicationError, ErrorCode

TAGS: Final = ["me"]
REMINDER_ID: Final = OpenApiParameter(
    "reminder_id", uuid.UUID, OpenApiParameter.PATH, description="The `id` of a reminder."
)


class ReminderInput(Input):
    event_type = serializers.ChoiceField(
        choices=EVENT_TYPES, help_text="The kind of event, as `/api/v1/kinds` has it."
    )
    lead_minutes = serializers.IntegerField(
        min_value=0, max_value=LEAD_MINUTES_MOST, help_text="So many minutes before the event."
    )


class ReminderListView(PersonalView):
    """List the account's reminders, or set one."""

    @extend_schema(
        operation_id="me_reminders_list",
        tags=TAGS,
        summary="List the own reminders",
        responses={200: schema_ref("ReminderList"), **problem_responses(401, 403, 405, 406, 503)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return private_json({"results": [_item(one) for one in reminders_of(user=person(request))]})

    @extend_schema(
        operation_id="me_reminders_set",
        tags=TAGS,
        summary="Set a reminder",
        description="Has `reminder.due` said on the own stream so many minutes before every event "
        "of a kind; who has linked Telegram is told there, too. Setting it again changes nothing. "
        f"An account may have {REMINDERS_MOST}.",
        request=ReminderInput,
        responses={
            200: schema_ref("ReminderItem"),
            **problem_responses(400, 401, 403, 405, 406, 413, 415, 503),
        },
    )
    def post(self, request: Request) -> HttpResponseBase:
        return private_json(
            _item(reminder_set(user=person(request), **body_read(ReminderInput, request)))
        )


class ReminderView(PersonalView):
    """Delete a reminder."""

    @extend_schema(
        operation_id="me_reminders_delete",
        tags=TAGS,
        summary="Delete a reminder",
        parameters=[REMINDER_ID],
        responses={204: None, **problem_responses(401, 403, 404, 405, 406, 503)},
    )
    def delete(self, request: Request, reminder_id: uuid.UUID) -> HttpResponseBase:
        if not reminder_delete(user=person(request), reminder_id=reminder_id):
            raise ApplicationError(
                ErrorCode.NOT_FOUND, _("The account has no reminder of this number.")
            )
        return nothing()


def _item(reminder: Reminder) -> ReminderItem:
    return {
        "id": str(reminder.pk),
        "event_type": reminder.event_type,
        "lead_minutes": reminder.lead_minutes,
        "created_at": instant_text(reminder.created_at),
    }
