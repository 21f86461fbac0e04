"""The figures of events: SVG for pages, PNG for everything that cannot draw."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from events.api.parameters import read_language
from events.figures.families import FAMILIES
from events.figures.palette import THEMES, Theme
from events.figures.selectors import figure_drawing, figure_png, figure_svg
from events.figures.svg import Drawing
from events.models import Event
from events.onthefly import range_refused
from events.selectors import event_find
from starscal.core.api.conditional import conditional_answer
from starscal.core.api.openapi import NOT_MODIFIED, caching_headers, problem_responses
from starscal.core.api.parameters import QueryReader, quoted
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer
from starscal.core.api.requests import django_request
from starscal.core.exceptions import ApplicationError, ErrorCode

FIGURE_AGE_S: Final = 3600
WIDTH_LEAST: Final = 200
WIDTH_MOST: Final = 1600
WIDTH_DEFAULT: Final = 800
SVG: Final = "image/svg+xml"
PNG: Final = "image/png"
# Opened by itself, an SVG is a document: it may use its own style sheet, and nothing else.
POLICY: Final = "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; sandbox"
_STYLE: Final = re.compile(rb"<style>([^<]*)</style>")


class SvgRenderer(OrjsonRenderer):
    """Stand for SVG in content negotiation; the view writes the drawing itself."""

    media_type = SVG
    format = "svg"


class PngRenderer(OrjsonRenderer):
    """Stand for PNG in content negotiation; the view writes the image itself."""

    media_type = PNG
    format = "png"


@dataclass(frozen=True, slots=True)
class ImageAsked:
    """How an image is asked for."""

    language: str
    width: int
    theme: Theme


def _reference() -> OpenApiParameter:
    return OpenApiParameter(
        "reference",
        str,
        OpenApiParameter.PATH,
        description="The id, the slug or the key of the event.",
        examples=[OpenApiExample("slug", value="solar-eclipse-2026-08-12")],
    )


def _language() -> OpenApiParameter:
    return OpenApiParameter(
        "lang",
        str,
        OpenApiParameter.QUERY,
        description="The language of the words, in any spelling; else `Accept-Language`.",
    )


_ABOUT: Final = (
    "Drawn from the ephemeris. Families that have a figure: "
    f"{', '.join(f'`{name}`' for name in FAMILIES)}; for others the answer is 404 `figure.none`."
)
_OTHERS: Final[dict[Any, OpenApiResponse]] = {
    304: OpenApiResponse(description=NOT_MODIFIED),
    **problem_responses(400, 404, 405, 406, 503),
}
SVG_OPERATION: Final[dict[str, Any]] = {
    "operation_id": "events_figure_svg",
    "tags": ["events"],
    "summary": "The figure of an event as SVG",
    "description": (
        f"{_ABOUT} `title` and `desc` of the document are its text alternative. Its colours "
        "follow the reader's system; it has no script and refers to nothing outside."
    ),
    "parameters": [_reference(), _language(), *caching_headers()],
    "responses": {
        (200, SVG): OpenApiResponse({"type": "string"}, description="The drawing."),
        **_OTHERS,
    },
}
PNG_OPERATION: Final[dict[str, Any]] = {
    "operation_id": "events_figure_png",
    "tags": ["events"],
    "summary": "The figure of an event as PNG",
    "description": (
        f"{_ABOUT} The text alternative is in the image as international text, `Title` and "
        "`Description`."
    ),
    "parameters": [
        _reference(),
        _language(),
        OpenApiParameter(
            "width",
            {"type": "integer", "minimum": WIDTH_LEAST, "maximum": WIDTH_MOST, "default": 800},
            OpenApiParameter.QUERY,
            description="Width in pixels; the height follows.",
        ),
        OpenApiParameter(
            "theme",
            {"type": "string", "enum": list(THEMES), "default": THEMES[0]},
            OpenApiParameter.QUERY,
            description="For pages of which theme the colours are.",
        ),
        *caching_headers(),
    ],
    "responses": {
        (200, PNG): OpenApiResponse(
            {"type": "string", "contentMediaType": PNG}, description="The image."
        ),
        **_OTHERS,
    },
}


class EventFigureSvgView(APIView):
    """The figure of one event as SVG."""

    permission_classes = (AllowAny,)

    renderer_classes = (SvgRenderer, OrjsonRenderer, ProblemRenderer)

    @extend_schema(**SVG_OPERATION)
    def get(self, request: Request, reference: str) -> HttpResponseBase:
        http = django_request(request)
        language = read_language(http).language
        _event, drawing = _found(reference, language)
        content = figure_svg(drawing=drawing, language=language)
        return conditional_answer(
            http,
            content,
            content_type=f"{SVG}; charset=utf-8",
            max_age_s=FIGURE_AGE_S,
            headers={"Content-Security-Policy": policy_of(content)},
        )


def policy_of(svg: bytes) -> str:
    """Return the policy of a drawing: its own style sheet, by its digest, and nothing else."""
    style = _STYLE.search(svg)
    digest = hashlib.sha256(style[1] if style else b"").digest()
    return POLICY.format(digest=base64.b64encode(digest).decode())


class EventFigurePngView(APIView):
    """The figure of one event as PNG."""

    permission_classes = (AllowAny,)

    renderer_classes = (PngRenderer, OrjsonRenderer, ProblemRenderer)

    @extend_schema(**PNG_OPERATION)
    def get(self, request: Request, reference: str) -> HttpResponseBase:
        http = django_request(request)
        asked = _read_image(http)
        event, drawing = _found(reference, asked.language)
        image = figure_png(
            event=event,
            drawing=drawing,
            language=asked.language,
            width=asked.width,
            theme=asked.theme,
        )
        return conditional_answer(http, image, content_type=PNG, max_age_s=FIGURE_AGE_S)


def _read_image(request: HttpRequest) -> ImageAsked:
    """Return what an image is asked for. Errors: parameter.unknown, parameter.invalid."""
    query = QueryReader(request, known=("lang", "width", "theme"))
    width = query.whole("width", least=WIDTH_LEAST, most=WIDTH_MOST, default=WIDTH_DEFAULT)
    named = query.text("theme")
    theme = next((each for each in THEMES if each == named), THEMES[0])
    if named is not None and named not in THEMES:
        query.refuse(
            "theme",
            _("%(value)s is not known. The known values are: %(known)s.")
            % {"value": quoted(named), "known": ", ".join(THEMES)},
        )
    query.finish()
    return ImageAsked(getattr(request, "LANGUAGE_CODE", "en"), width, theme)


def _found(reference: str, language: str) -> tuple[Event, Drawing]:
    """Return an event and its figure. Errors: event.not_found, figure.none."""
    found = event_find(reference=reference, languages=(language,))
    if found is None:
        raise ApplicationError(ErrorCode.EVENT_NOT_FOUND, _("There is no such event."))
    with range_refused():
        drawing = figure_drawing(event=found.event, language=language)
    if drawing is None:
        raise ApplicationError(
            ErrorCode.FIGURE_NONE,
            _("Events of this kind have no figure. The families that have one are: %(families)s.")
            % {"families": ", ".join(FAMILIES)},
        )
    return found.event, drawing
