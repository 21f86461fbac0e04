"""Forms of the admin: they gather what an editor changed; services decide and save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.kinds import COMPUTED_KINDS
from events.models import Event, KindSetting
from events.rights import ADD, CHANGE, LANGUAGE_OF, PUBLISH, SCHEDULED, languages_of
from events.services.conflicts import cell_text
from events.services.curation import EDITABLE, EDITABLE_OF_STAFF_EVENTS, EventEdit
from starscal.core.admin_shared import RefusableForm

TEXT_COLUMNS = tuple(sorted(LANGUAGE_OF))


def columns_of(actor: User, event: Event | None) -> frozenset[str]:
    """Return the columns that somebody may write of an event, or of a new one."""
    staff = event is None or event.origin == Event.Origin.STAFF
    plain = CHANGE if event else ADD
    rights = {
        name: PUBLISH if name == SCHEDULED else plain
        for name in (EDITABLE_OF_STAFF_EVENTS if staff else EDITABLE)
    }
    languages = languages_of(actor)
    texts = {name for name, code in LANGUAGE_OF.items() if code in languages}
    return frozenset(texts | {name for name, right in rights.items() if actor.has_perm(right)})


class EventForm(RefusableForm[Event]):
    """The editable side of an event; it sends back what the editor had before them, cell by cell.

    Each field has a hidden twin with its first value, so that only what the editor changed counts
    as changed, whatever others saved meanwhile; ``seen_revision`` stands for what has no twin.
    """

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Event
        fields = (*EDITABLE_OF_STAFF_EVENTS, *TEXT_COLUMNS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance._state.adding:
            self.fields.pop("seen_revision", None)
            return
        for field in self.fields.values():
            field.show_hidden_initial = True
        if revision := self.fields.get("seen_revision"):
            revision.show_hidden_initial = False
            revision.initial = self.instance.revision
        if self.is_bound:
            self._twins_mark()
        if self._cells():
            self._see_again()

    def edit(self) -> EventEdit:
        """Return what was changed."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return EventEdit(
            fields={n: value for n, value in changed.items() if n in EDITABLE_OF_STAFF_EVENTS},
            texts={name: value or "" for name, value in changed.items() if name in LANGUAGE_OF},
            revision=self.cleaned_data.get("seen_revision"),
            seen={name: seen for name in changed if (seen := self._seen(name)) is not None},
        )

    def clean(self) -> dict[str, Any] | None:
        for name, cell in self._cells().items():
            if name in self.fields:
                self.add_error(name, _theirs_told(cell["theirs"]))
        return super().clean()

    def _cells(self) -> dict[str, dict[str, str]]:
        """Return the cells that others have written meanwhile, if the service said so."""
        return self.refusal.extra.get("cells", {}) if self.refusal else {}

    def _seen(self, name: str) -> str | None:
        bound = self[name]
        twin = bound.field.hidden_widget()
        if twin.value_omitted_from_data(self.data, self.files, bound.html_initial_name):
            return None
        sent = twin.value_from_datadict(self.data, self.files, bound.html_initial_name)
        try:
            return cell_text(bound.field.clean(sent))
        except forms.ValidationError:
            return None

    def _twins_mark(self) -> None:
        """Let Django find twins of several parts: it looks for one that has the name of the field.

        Without, a form with an error would send what was typed as what had been there before.
        """
        data = dict(self.data.items())
        for bound in self:
            twin = bound.field.hidden_widget()
            if not twin.value_omitted_from_data(data, self.files, bound.html_initial_name):
                data.setdefault(bound.html_initial_name, "")
        self.data = data

    def _see_again(self) -> None:
        """Show what is stored now: instead of what the editor left alone, beside what they typed.

        The twins are renewed, so that whoever saves again has seen what they replace.
        """
        typed = set(self.changed_data)
        data = dict(self.data.items())
        for bound in self:
            data |= _sent(bound.html_initial_name, bound.field.hidden_widget(), bound.initial)
            if bound.name not in typed:
                data |= _sent(bound.html_name, bound.field.widget, bound.initial)
        data["seen_revision"] = str(self.instance.revision)
        self.data = data


def _sent(name: str, widget: forms.Widget, value: Any) -> dict[str, str]:
    """Return what a browser sends of a widget that shows a value."""
    if not isinstance(widget, forms.MultiWidget):
        return {name: widget.format_value(value) or ""}
    values = widget.decompress(value) or []
    return {
        f"{name}_{number}": part.format_value(value) or ""
        for number, (part, value) in enumerate(zip(widget.widgets, values, strict=True))
    }


def _theirs_told(words: str) -> str:
    if not words:
        return str(_("Meanwhile somebody else has emptied this. Saving again keeps yours."))
    told = _("Meanwhile somebody else has written “%(words)s”. Saving again keeps yours.")
    return str(told % {"words": words})


class KindSettingForm(RefusableForm[KindSetting]):
    code = forms.ChoiceField(label=_("kind"))

    class Meta:
        model = KindSetting
        fields = ("code", "needs_review")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(field := self.fields.get("code"), forms.ChoiceField):
            field.choices = [(code, kind.name) for code, kind in COMPUTED_KINDS.items()]


class StatusForm(forms.Form):
    """What a button on the page of an event asks for."""

    operation = forms.ChoiceField(choices=[(n, n) for n in ("publish", "hide", "cancel")])
    reason = forms.CharField(max_length=500, required=False, strip=True)
    revision = forms.IntegerField(min_value=0, required=False)
