"""What a place sees of one event."""

from __future__ import annotations

from typing import Any, Final, TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from astronomy.api.local_operations import reader_parameters
from astronomy.api.local_parameters import READER
from astronomy.api.local_payloads import PlacePayload, place_payload
from astronomy.api.local_schemas import CIRCUMSTANCE_NOTES
from astronomy.api.place_parameters import PLACE, place_parameters, read_place
from astronomy.local_sky import place_rounded, place_view
from astronomy.observer.circumstances import WhyUnseen
from astronomy.observer.place import Place
from astronomy.observer.visibility import Circumstances as LocalCircumstances
from events.api.views import DETAIL_AGE_S, JSON
from events.kinds import FAMILIES
from events.local_names import local_name
from events.onthefly import range_refused
from events.selectors import event_find
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    Schema,
    caching_headers,
    problem_responses,
    schema_of,
    schema_ref,
)
from starscal.core.api.parameters import QueryReader
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request
from starscal.core.exceptions import ApplicationError, ErrorCode


class Circumstances(TypedDict):
    """What a place sees of an event."""

    key: str
    family: str
    place: PlacePayload
    visible: bool
    reason: WhyUnseen | None
    visible_spans_utc: list[list[str]]
    circumstances: LocalCircumstances
    local_name: str | None


OPERATION: Final[dict[str, Any]] = {
    "operation_id": "events_circumstances",
    "tags": ["events", "sky"],
    "summary": "What a place sees of an event",
    "description": (
        "Whether a computed event can be seen from a place, when, and if not why. Of an eclipse, "
        "a transit or an occultation its contacts there, and of an eclipse how much is covered; "
        "the altitude is tested over the whole event, not at its contacts alone. Of any other "
        "event where its bodies stand at its instant and how dark it is; it is visible if they "
        "can be seen within 12 hours of it. An equinox or solstice has the name of the season that "
        "begins at the place."
    ),
    "parameters": [
        OpenApiParameter(
            "reference",
            str,
            OpenApiParameter.PATH,
            description="The id, the slug or the key of the event.",
            examples=[OpenApiExample("key", value="solar-eclipses-sun-moon-37434-126")],
        ),
        *place_parameters(note=" Computed to 0.001."),
        *reader_parameters(),
        *caching_headers(),
    ],
    "responses": {
        (200, "application/json"): OpenApiResponse(
            schema_ref("Circumstances"), description="What the place sees."
        ),
        304: OpenApiResponse(description=NOT_MODIFIED),
        **problem_responses(400, 404, 405, 406, 503),
    },
}


class EventCircumstancesView(APIView):
    """What a place sees of one event."""

    permission_classes = (AllowAny,)

    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(**OPERATION)
    def get(self, request: Request, reference: str) -> HttpResponseBase:
        http = django_request(request)
        body = _circumstances(reference, _read_place(http))
        return conditional_answer(http, json_bytes(body), content_type=JSON, max_age_s=DETAIL_AGE_S)


def _read_place(request: HttpRequest) -> Place:
    query = QueryReader(request, known=(*PLACE, *READER))
    place = read_place(query)
    query.finish()
    return place_rounded(place or Place(0.0, 0.0))


def _circumstances(reference: str, place: Place) -> Circumstances:
    found = event_find(reference=reference, languages=(settings.LANGUAGE_CODE,))
    if found is None:
        raise ApplicationError(ErrorCode.EVENT_NOT_FOUND, _("There is no such event."))
    with range_refused():
        view = place_view(key=found.event.key, place=place)
    if view is None:
        raise ApplicationError(
            ErrorCode.NOT_FOUND, _("Only computed events have circumstances at a place.")
        )
    return {
        "key": found.event.key,
        "family": found.event.family,
        "place": place_payload(place),
        "visible": view.visibility["visible"],
        "reason": view.visibility["reason"],
        "visible_spans_utc": view.visibility["visible_spans_utc"],
        "circumstances": view.circumstances,
        "local_name": local_name(found.event.event_type, place.lat_deg),
    }


def schemas_add(result: Schema, **_context: Any) -> Schema:
    """Add the schema of this answer to the document (a hook of spectacular)."""
    notes = {
        **CIRCUMSTANCE_NOTES,
        "key": "The identity of the event.",
        "family": {"enum": list(FAMILIES), "description": "The family of the event."},
        "circumstances": "Of an eclipse, transit or occultation; else of the instant.",
        "local_name": (
            "What an equinox or solstice is called by the seasons of the place, in the language "
            "of the answer; null for other kinds and within 10 degrees of the equator."
        ),
    }
    result["components"]["schemas"]["Circumstances"] = schema_of(Circumstances, notes)
    return result
