"""Forms of the admin: they gather what an editor changed; services decide and save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.kinds import COMPUTED_KINDS
from events.models import Event, KindSetting
from events.rights import ADD, CHANGE, LANGUAGE_OF, PUBLISH, SCHEDULED, languages_of
from events.services.curation import EDITABLE, EDITABLE_OF_STAFF_EVENTS, EventEdit
from events.twin_forms import TwinForm
from starscal.core.admin_shared import RefusableForm

TEXT_COLUMNS = tuple(sorted(LANGUAGE_OF))
PICTURE = ("picture", "picture_remove")


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


class EventForm(TwinForm[Event]):
    """The editable side of an event; ``seen_revision`` stands for what has no twin."""

    seen_revision = forms.IntegerField(label=_("revision"), widget=forms.HiddenInput, min_value=0)
    spread = forms.BooleanField(
        label=_("Also for all that come after it"),
        required=False,
        help_text=_("What was changed in one of them by itself stays as it is there."),
    )
    picture = forms.FileField(
        label=capfirst(_("new image")),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP. It is shown without the place and time it was taken."),
    )
    picture_remove = forms.BooleanField(label=_("Remove the image"), required=False)
    without_twins = ("seen_revision", *PICTURE)

    class Meta:
        model = Event
        fields = (*(n for n in EDITABLE_OF_STAFF_EVENTS if n != "image_id"), *TEXT_COLUMNS)

    def __init__(self, *args: Any, **options: Any) -> None:
        if event := options.get("instance"):
            options["initial"] = {**options.get("initial", {}), "seen_revision": event.revision}
        super().__init__(*args, **options)
        if self.instance._state.adding:
            self.fields.pop("seen_revision", None)
        if self.instance.series_id is None:
            self.fields.pop("spread", None)
        if self.instance.origin != Event.Origin.STAFF:
            for name in PICTURE:
                self.fields.pop(name, None)

    def edit(self) -> EventEdit:
        """Return what was changed."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        return EventEdit(
            fields={n: value for n, value in changed.items() if n in EDITABLE_OF_STAFF_EVENTS},
            texts={name: value or "" for name, value in changed.items() if name in LANGUAGE_OF},
            revision=self.cleaned_data.get("seen_revision"),
            seen=self.seen(),
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
    revision = forms.IntegerField(min_value=0, required=False)
