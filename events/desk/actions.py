"""Actions of the list of events: a few at once, many as a job."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from events.desk.event_list import selection_shown
from events.desk.selection import EventSelection
from events.models import Event
from events.models.desk import DeskJob
from events.services.curation import event_cancel, event_hide, event_publish
from events.services.jobs import CHOSEN_MOST, desk_job_create
from starscal.core.admin_shared import reader_language
from starscal.core.exceptions import ApplicationError
from starscal.core.pages import NATIVE_NAMES

AT_ONCE: Final = 20  # events that are handled while the curator waits
Operation = Callable[[uuid.UUID, User, str, int | None], Event]
OPERATIONS: Final[dict[str, Operation]] = {
    "publish": lambda pk, actor, _reason, revision: event_publish(
        event_id=pk, actor=actor, revision=revision
    ),
    "hide": lambda pk, actor, _reason, revision: event_hide(
        event_id=pk, actor=actor, revision=revision
    ),
    "cancel": lambda pk, actor, reason, revision: event_cancel(
        event_id=pk, actor=actor, reason=reason, revision=revision
    ),
}


class ReasonActionForm(ActionForm):
    """The choice of an action, with a reason for the record, and whose texts a review is of."""

    reason = forms.CharField(
        label=_("Reason for the record"), max_length=500, required=False, strip=True
    )
    language = forms.ChoiceField(
        label=_("Language of the texts"), choices=NATIVE_NAMES.items(), required=False,
        initial=reader_language,
    )  # fmt: skip


def language_offered(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let the form of actions begin with the language whose texts the list is narrowed to."""
    form = (getattr(answer, "context_data", None) or {}).get("action_form")
    narrowed = request.GET.get("text_language", "")
    if form is not None and narrowed in NATIVE_NAMES:
        form.initial["language"] = narrowed
    return answer


@admin.action(description=_("Publish the chosen events"), permissions=["publish"])
def publish_chosen(_list: Any, request: HttpRequest, chosen: QuerySet[Event]) -> Any:
    return chosen_handle(request, "publish", chosen)


@admin.action(description=_("Hide the chosen events"), permissions=["publish"])
def hide_chosen(_list: Any, request: HttpRequest, chosen: QuerySet[Event]) -> Any:
    return chosen_handle(request, "hide", chosen)


@admin.action(description=_("Cancel the chosen events"), permissions=["publish"])
def cancel_chosen(_list: Any, request: HttpRequest, chosen: QuerySet[Event]) -> Any:
    return chosen_handle(request, "cancel", chosen)


@admin.action(description=_("Compute the chosen events again"), permissions=["recompute"])
def recompute_chosen(_list: Any, request: HttpRequest, chosen: QuerySet[Event]) -> Any:
    return chosen_handle(request, "recompute", chosen)


@admin.action(description=_("Mark texts of the chosen events as reviewed"), permissions=["review"])
def review_chosen(_list: Any, request: HttpRequest, chosen: QuerySet[Event]) -> Any:
    return chosen_handle(request, "review", chosen)


ACTIONS: Final = (publish_chosen, hide_chosen, cancel_chosen, recompute_chosen, review_chosen)


def chosen_handle(request: HttpRequest, kind: str, chosen: QuerySet[Event]) -> HttpResponse | None:
    """Handle a few events now; make a job of more, of every recomputation and review."""
    reason = request.POST.get("reason", "").strip()
    if kind == "cancel" and not reason:
        told = _("Give a reason for cancelling; it is kept in the audit trail.")
        messages.error(request, str(told))
        return None
    if is_everything(request):
        shown = selection_shown(request, language=reader_language())
        return job_begun(request, kind, shown, reason)
    pks = list(chosen.order_by("pk").values_list("pk", flat=True)[: CHOSEN_MOST + 1])
    if kind in OPERATIONS and len(pks) <= AT_ONCE:
        operate(request, kind, pks, reason)
        return None
    asked = EventSelection(ids=tuple(map(str, pks)))
    return job_begun(request, kind, asked, reason)


def job_begun(
    request: HttpRequest, kind: str, asked: EventSelection, reason: str
) -> HttpResponse | None:
    """Ask for a job and lead to its page, or say what is wrong."""
    said = "language" in request.POST and not asked.text_language  # else the list's, as shown
    if kind == DeskJob.Kind.REVIEW and said:
        asked = replace(asked, text_language=request.POST["language"])
    try:
        job = desk_job_create(
            kind=kind, asked=asked, actor=cast("User", request.user), reason=reason
        )
    except ApplicationError as refusal:
        messages.error(request, str(refusal.message))
        return None
    return HttpResponseRedirect(job_address(job))


def job_address(job: DeskJob) -> str:
    return reverse("admin:events_deskjob_change", args=[job.pk])


def operate(
    request: HttpRequest,
    name: str,
    pks: list[uuid.UUID],
    reason: str = "",
    revision: int | None = None,
) -> None:
    """Do one thing to each event and say what became of it."""
    done, refusals = 0, []
    for pk in pks:
        try:
            OPERATIONS[name](pk, cast("User", request.user), reason, revision)
        except ApplicationError as refusal:
            refusals.append(str(refusal.message))
        else:
            done += 1
    for sentence in dict.fromkeys(refusals):
        messages.error(request, sentence)
    if done:
        messages.success(request, _done_text(name, done))


def is_everything(request: HttpRequest) -> bool:
    """Say whether all that the list shows is meant, on its other pages too."""
    return request.POST.get("select_across", "0") not in {"", "0"}


def ids_checked(request: HttpRequest) -> None:
    """Refuse what is no id: the list would ask the database for it."""
    for text in request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME):
        try:
            uuid.UUID(text)
        except ValueError:
            raise BadRequest("_selected_action takes ids of events.") from None


def _done_text(name: str, count: int) -> str:
    sentences = {
        "publish": ngettext(
            "%(count)d event is published.", "%(count)d events are published.", count
        ),
        "hide": ngettext("%(count)d event is hidden.", "%(count)d events are hidden.", count),
        "cancel": ngettext(
            "%(count)d event is cancelled.", "%(count)d events are cancelled.", count
        ),
    }
    return sentences[name] % {"count": count}
