"""The languages of the service and their texts, for front ends."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from starscal.core.api.conditional import conditional_answer
from starscal.core.api.openapi import (
    NOT_MODIFIED,
    caching_headers,
    problem_responses,
    schema_ref,
)
from starscal.core.api.parameters import QueryReader
from starscal.core.api.renderers import OrjsonRenderer, ProblemRenderer, json_bytes
from starscal.core.api.requests import django_request
from starscal.core.catalogues.export import FORMATS, catalogue_content
from starscal.core.catalogues.scopes import SCOPES
from starscal.core.i18n import language_resolve
from starscal.core.language_facts import languages_told

JSON: Final = "application/json"
LANGUAGES_AGE_S: Final = 300
CATALOGUE_AGE_S: Final = 3600
TAGS: Final = ["languages"]
LANG: Final = OpenApiParameter(
    "lang",
    str,
    OpenApiParameter.QUERY,
    description=(
        "The language of the names, and of what goes wrong, in any spelling (`pt`, `zh-CN`, `rus`)."
    ),
)
PATH: Final = OpenApiParameter(
    "language",
    str,
    OpenApiParameter.PATH,
    description=(
        "The language of the texts in any spelling (`de`, `zh-CN`, `PT_br`, `rus`); one that is "
        "not known gives English, and traditional Chinese the simplified one, with "
        "`fallback: true`."
    ),
    examples=[OpenApiExample("German", value="de")],
)
FORMAT: Final = OpenApiParameter(
    "format",
    {"type": "string", "enum": list(FORMATS), "default": FORMATS[0]},
    OpenApiParameter.QUERY,
    description="How texts with places to fill and plurals are written.",
)
SCOPE: Final = OpenApiParameter(
    "scope",
    {"type": "array", "items": {"type": "string", "enum": list(SCOPES)}},
    OpenApiParameter.QUERY,
    description="Only texts for these purposes, repeated or separated by commas; by default all.",
    explode=True,
    style="form",
)


def answers(schema: str, description: str) -> dict[Any, OpenApiResponse]:
    """Return the answers of an operation whose result caches keep."""
    return {
        (200, JSON): OpenApiResponse(schema_ref(schema), description=description),
        304: OpenApiResponse(description=NOT_MODIFIED),
        **problem_responses(400, 405, 406, 503),
    }


class LanguageListView(APIView):
    """List the languages: their names, plurals, clock, first day of the week, signs of numbers."""

    permission_classes = (AllowAny,)
    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(
        operation_id="languages_list",
        tags=TAGS,
        summary="List the languages",
        parameters=[LANG, *caching_headers()],
        responses=answers("LanguageList", "The languages, by CLDR."),
    )
    def get(self, request: Request) -> HttpResponseBase:
        http = django_request(request)
        QueryReader(http, known=("lang",)).finish()
        told = languages_told(
            language=http.LANGUAGE_CODE, fallback=getattr(http, "language_fallback", False)
        )
        return conditional_answer(
            http, json_bytes(told), content_type=JSON, max_age_s=LANGUAGES_AGE_S
        )


class CatalogueView(APIView):
    """Give the texts of the service in one language, by their English.

    The answer is the same for everybody, whoever asks.
    """

    permission_classes = (AllowAny,)
    authentication_classes = ()
    renderer_classes = (OrjsonRenderer, ProblemRenderer)

    @extend_schema(
        operation_id="language_catalog",
        tags=TAGS,
        summary="Load the texts of a language",
        description=(
            "The key of a text is its English, after its context and U+0004 where it has a "
            "context. With `format=gettext` places to fill read `%(name)s` and a text that counts "
            "is a list of forms, which `plural.rule` chooses from; with `format=icu` every text is "
            "an ICU MessageFormat. A text that the language lacks stands in English and is named "
            "in `untranslated`."
        ),
        parameters=[PATH, FORMAT, SCOPE, LANG, *caching_headers()],
        responses=answers("LanguageCatalog", "The texts; `version` changes when one of them does."),
    )
    def get(self, request: Request, language: str) -> HttpResponseBase:
        http = django_request(request)
        query = QueryReader(http, known=("format", "scope", "lang"), repeatable=("scope",))
        styles, scopes = query.choices("format", FORMATS), query.choices("scope", tuple(SCOPES))
        if len(styles) > 1:
            query.refuse("format", _("Give this parameter once."))
        query.finish()
        found = language_resolve(language)
        code = found.code if found else settings.LANGUAGE_CODE
        content = catalogue_content(
            code=code,
            fallback=found is None or not found.exact,
            style=styles[0] if styles else FORMATS[0],
            scopes=frozenset(scopes),
        )
        return conditional_answer(
            http,
            content,
            content_type=JSON,
            max_age_s=CATALOGUE_AGE_S,
            headers={"Content-Language": code},
        )
