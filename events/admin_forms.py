"""Forms of the admin: they gather what an editor changed; services decide and save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from events.kinds import COMPUTED_KINDS
from events.models import TRANSLATED_FIELDS, Event, KindSetting
from events.services.curation import EDITABLE_OF_STAFF_EVENTS, EventEdit
from starscal.core.admin_shared import RefusableForm
from starscal.core.i18n import column

TEXT_COLUMNS = tuple(
    column(field, code) for code, _name in settings.LANGUAGES for field in TRANSLATED_FIELDS
)


class EventForm(RefusableForm[Event]):
    """The editable side of an event; ``seen_revision`` is what the editor had before them."""

    seen_revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    class Meta:
        model = Event
        fields = (*EDITABLE_OF_STAFF_EVENTS, *TEXT_COLUMNS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance._state.adding and "seen_revision" in self.fields:
            self.fields["seen_revision"].initial = self.instance.revision

    def edit(self) -> EventEdit:
        """Return what was changed."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return EventEdit(
            fields={n: value for n, value in changed.items() if n in EDITABLE_OF_STAFF_EVENTS},
            texts={name: value or "" for name, value in changed.items() if name in TEXT_COLUMNS},
            revision=self.cleaned_data.get("seen_revision"),
        )


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
