"""Pages of a kind of event: what waits in it, and how to be done with all of that at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from events.admin_forms import KindSettingForm
from events.desk.actions import job_begun
from events.desk.pages import page_path
from events.desk.selection import EventSelection
from events.kinds import COMPUTED_KINDS, kind_name
from events.models import Event, KindSetting, TextState
from events.models.desk import DeskJob
from events.rights import PUBLISH, reviewed_by
from events.selectors_kinds import (
    KindWaiting,
    drafts_by_kind,
    kind_waiting,
    ready_selection,
    review_selection,
)
from events.services.kinds import kind_setting_update
from starscal.core.admin_shared import AnyLanguageList, ServiceAdmin
from starscal.core.pages import NATIVE_NAMES

CONFIRM: Final = "admin/events/desk/kind_confirm.html"
ASKED: Final = require_http_methods(["GET", "HEAD", "POST"])
Status = TextState.Status


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done with a kind, to how many events, and the question that asks for it."""

    job: str
    asked: EventSelection
    number: int
    question: str
    note: str
    button: Any


def kind_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the addresses of the pages, below the list of events."""
    below, wrap = "desk/kinds/<slug:code>/", model_admin.admin_site.admin_view

    def confirm(request: HttpRequest, code: str, language: str = "") -> HttpResponse:
        if not model_admin.has_view_permission(request):
            raise PermissionDenied
        shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
        return _confirmed(request, code, language, shared)

    view = wrap(ASKED(confirm))
    return [
        page_path(model_admin, below, "desk_kind", "kind.html", _kind),
        path(f"{below}publish/", view, name="desk_kind_publish"),
        path(f"{below}review/<slug:language>/", view, name="desk_kind_review"),
    ]


def _kind(request: HttpRequest, code: str) -> dict[str, Any]:
    name, waiting, user = _name(code), kind_waiting(kind=code), cast("User", request.user)
    return {
        "title": name,
        "code": code,
        "waiting": waiting,
        "may_publish": user.has_perm(PUBLISH),
        "languages": [_language(waiting, language, user) for language in NATIVE_NAMES],
    }


def _language(waiting: KindWaiting, code: str, user: User) -> dict[str, Any]:
    review, stale = (waiting.texts.get((code, s), 0) for s in (Status.NEEDS_REVIEW, Status.STALE))
    return {
        "code": code,
        "name": NATIVE_NAMES[code],
        "review": review,
        "stale": stale,
        "may_review": bool(review + stale) and code in reviewed_by(user),
    }


def _confirmed(
    request: HttpRequest, code: str, language: str, shared: dict[str, Any]
) -> HttpResponse:
    """Ask whether so many events are meant; begin the job once that is answered of that number."""
    user = cast("User", request.user)
    name = _name(code)
    wish = _review(code, language, user) if language else _publish(code, user)
    if request.method == "POST" and request.POST.get("seen") == str(wish.number) and wish.number:
        begun = job_begun(request, wish.job, wish.asked, reason="")
        return begun or HttpResponseRedirect(reverse("admin:desk_kind", args=[code]))
    if request.method == "POST":
        messages.warning(request, _("The number has changed in the meantime; look again."))
    return TemplateResponse(request, CONFIRM, {**shared, "title": name, "code": code, "wish": wish})


def _publish(code: str, user: User) -> Wish:
    if not user.has_perm(PUBLISH):
        raise PermissionDenied
    asked = ready_selection(code)
    count = asked.rows().count()
    question = ngettext(
        "Publish %(count)d draft of this kind?", "Publish %(count)d drafts of this kind?", count
    )
    note = _("Drafts with a text that waits for somebody, or with a planned publication, stay.")
    return Wish(DeskJob.Kind.PUBLISH, asked, count, question % {"count": count}, note, _("Publish"))


def _review(code: str, language: str, user: User) -> Wish:
    if language not in NATIVE_NAMES:
        raise Http404
    if language not in reviewed_by(user):
        raise PermissionDenied
    asked, waiting = review_selection(code, language), kind_waiting(kind=code)
    count = asked.rows().count()
    question = ngettext(
        "Mark the texts of %(count)d event in this language as reviewed: %(language)s?",
        "Mark the texts of %(count)d events in this language as reviewed: %(language)s?",
        count,
    )
    row = _language(waiting, language, user)
    note = _("To review: %(review)d, stale: %(stale)d. They stay as they are written now.")
    said = question % {"count": count, "language": NATIVE_NAMES[language]}
    return Wish(DeskJob.Kind.REVIEW, asked, count, said, note % row, _("Mark as reviewed"))


def _name(code: str) -> str:
    kind = COMPUTED_KINDS.get(code)
    if kind is None:
        raise Http404
    return str(kind.name)


class KindList(AnyLanguageList):
    """Beside each setting, how many drafts of its kind there are; one query for all."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        drafts = drafts_by_kind()
        for row in self.result_list:
            row.drafts = drafts.get(row.code, 0)


@admin.register(KindSetting)
class KindSettingAdmin(ServiceAdmin[KindSetting]):
    form = KindSettingForm
    list_display = ("kind_shown", "needs_review", "drafts_shown")
    list_filter = ("needs_review",)
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return KindList

    def get_readonly_fields(self, request: HttpRequest, obj: KindSetting | None = None) -> Any:
        # The code is among them so that the form asks for none, though the name alone is shown.
        return ("kind_shown", "code") if obj else ()

    def get_fields(self, request: HttpRequest, obj: KindSetting | None = None) -> Any:
        return ("kind_shown" if obj else "code", "needs_review")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        if (setting := context["original"]) is not None:
            context |= {"subtitle": self.kind_shown(setting)}
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj: KindSetting, form: Any, change: bool) -> None:
        actor = cast("User", request.user)
        kind_setting_update(code=obj.code, needs_review=obj.needs_review, actor=actor)

    @admin.display(description=gettext_lazy("kind"), ordering="code")
    def kind_shown(self, setting: KindSetting) -> str:
        return kind_name(setting.code)

    @admin.display(description=gettext_lazy("drafts"))
    def drafts_shown(self, setting: KindSetting) -> SafeString | str:
        number = str(getattr(setting, "drafts", 0))
        if setting.code not in COMPUTED_KINDS:
            return number
        page = reverse("admin:desk_kind", args=[setting.code])
        return format_html('<a href="{}">{}</a>', page, number)
