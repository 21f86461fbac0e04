"""Admin of the audit trail: who did what, found fast however long the trail is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from starscal.core.admin_shared import AnyLanguageList, ReadOnlyAdmin, json_block, time_shown
from starscal.core.models import AuditEntry

USER: Final = "user"
ID_SHOWN: Final = 8
LONG_ID: Final = re.compile("[0-9a-f-]{32,36}")
CHANGES_SHOWN: Final = 90
CREATED = time_shown("created_at", _("created"))
# From one type to the next by the index; DISTINCT would read the whole trail.
OBJECT_TYPES: Final = """
WITH RECURSIVE found(name) AS (
    SELECT min(object_type) FROM core_auditentry
    UNION ALL
    SELECT (SELECT min(object_type) FROM core_auditentry WHERE object_type > name)
    FROM found WHERE name IS NOT NULL
) SELECT name FROM found WHERE name IS NOT NULL"""


class ObjectFilter(admin.SimpleListFilter):
    title = _("object")
    parameter_name = "object_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(OBJECT_TYPES)
            return [(name, name) for (name,) in cursor.fetchall()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class CreatedFilter(admin.DateFieldListFilter):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.title = _("created")


class AuditChangeList(AnyLanguageList):
    """A page of the trail that knows the names of the people on it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = people_named(list(self.result_list), request)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin[AuditEntry]):
    list_display = (
        CREATED, "actor_shown", "action_shown", "object_shown", "changes_line", "reason_shown",
    )  # fmt: skip
    list_filter = (("created_at", CreatedFilter), ObjectFilter)
    search_fields = ("object_id__exact", "actor__exact", "action__exact")
    search_help_text = _("A username, an id or an action, as it is written here.")
    ordering = ("-pk",)

    def get_fields(self, request: HttpRequest, obj: AuditEntry | None = None) -> Any:
        whole = {"changes_line": "changes_shown"}
        return (*(whole.get(str(name), name) for name in self.list_display), "request_shown")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AuditChangeList

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> AuditEntry | None:
        entry = super().get_object(request, object_id, from_field)
        return people_named([entry], request)[0] if entry else None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """Find also what a person, named by the username, did or had done to them."""
        found, repeats = super().get_search_results(request, queryset, search_term)
        person = person_called(search_term, request)
        if person is not None:
            found |= queryset.filter(Q(actor=person) | Q(object_type=USER, object_id=person))
        return found, repeats

    @admin.display(description=_("actor"))
    def actor_shown(self, entry: AuditEntry) -> str:
        return person_link(entry, entry.actor)

    @admin.display(description=_("action"))
    def action_shown(self, entry: AuditEntry) -> str:
        return entry.action

    @admin.display(description=_("object"))
    def object_shown(self, entry: AuditEntry) -> SafeString:
        return format_html("{} {}", entry.object_type, person_link(entry, entry.object_id))

    @admin.display(description=_("changes"))
    def changes_line(self, entry: AuditEntry) -> SafeString:
        text = json.dumps(entry.changes, ensure_ascii=False) if entry.changes else ""
        return format_html("<code>{}</code>", Truncator(text).chars(CHANGES_SHOWN))

    @admin.display(description=_("changes"))
    def changes_shown(self, entry: AuditEntry) -> SafeString:
        return json_block(entry.changes)

    @admin.display(description=_("reason"))
    def reason_shown(self, entry: AuditEntry) -> str:
        return entry.reason

    @admin.display(description=_("request"))
    def request_shown(self, entry: AuditEntry) -> str:
        return entry.request_id


def people_named(entries: list[AuditEntry], request: HttpRequest) -> list[AuditEntry]:
    """Give entries the names of their people in one query, for a reader who may see accounts."""
    known = names_known(entries) if may_see_people(request) else {}
    for entry in entries:
        entry.names = known  # type: ignore[attr-defined] # of this page alone
    return entries


def names_known(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the usernames behind the ids of entries; who was deleted has none."""
    ids = {text for entry in entries for text in (entry.actor, entry.object_id) if is_id(text)}
    people = get_user_model().objects.filter(pk__in=ids)
    return {str(person.pk): person.get_username() for person in people.only("pk", "username")}


def person_called(name: str, request: HttpRequest) -> str | None:
    if not name or not may_see_people(request):
        return None
    try:
        return str(get_user_model().objects.get_by_natural_key(name).pk)
    except ObjectDoesNotExist:
        return None


def may_see_people(request: HttpRequest) -> bool:
    meta = get_user_model()._meta
    return request.user.has_perm(f"{meta.app_label}.view_{meta.model_name}")


def person_link(entry: AuditEntry, text: str) -> str:
    """Show an id as the name of its person, else its beginning; all else as it is."""
    name = getattr(entry, "names", {}).get(text)
    if name is not None:
        meta = get_user_model()._meta
        page = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[text])
        return format_html('<a href="{}">{}</a>', page, name)
    if not LONG_ID.fullmatch(text):
        return text
    return format_html('<span title="{}">{}…</span>', text, text[:ID_SHOWN])


def is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
