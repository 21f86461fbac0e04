"""Forms of the pages where texts leave and come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.exchange.files import MOST_BYTES
from events.kinds import COMPUTED_KINDS, EVENT_FAMILIES, FAMILIES
from events.rights import languages_of
from events.selectors_exchange import TextsAsked
from events.services.window import SPAN_END_YEAR, SPAN_FIRST_YEAR
from starscal.core.pages import NATIVE_NAMES

SEPARATORS: Final = {"csv": ",", "semicolons": ";"}
FORMATS: Final = (
    ("csv", _("CSV, with commas")),
    ("semicolons", _("CSV, with semicolons")),
    ("po", _("PO file")),
)
STATES: Final = (
    ("all", _("All")),
    ("needs_review", _("to review")),
    ("stale", _("stale")),
    ("missing", _("missing")),
    ("human", _("written by a person")),
)
DAYS: Final = (
    MinValueValidator(date(SPAN_FIRST_YEAR, 1, 1)),
    MaxValueValidator(date(SPAN_END_YEAR - 1, 12, 31)),
)
YEAR: Final = timedelta(days=365)


class ExportForm(forms.Form):
    """Which texts somebody carries away, and as what."""

    language = forms.ChoiceField(label=_("Language"))
    start = forms.DateField(label=_("first day"), validators=DAYS)
    end = forms.DateField(label=_("last day"), validators=DAYS)
    family = forms.ChoiceField(label=_("family"), required=False)
    kind = forms.MultipleChoiceField(label=_("kind"), required=False)
    state = forms.ChoiceField(label=_("texts"), choices=STATES)
    format = forms.ChoiceField(label=_("format"), choices=FORMATS)

    def __init__(self, *args: Any, actor: User, today: date, **options: Any) -> None:
        first = {"start": today.isoformat(), "end": (today + YEAR).isoformat()}
        options["initial"] = {**first, **options.get("initial", {})}
        super().__init__(*args, **options)
        choices = {
            "language": [(code, NATIVE_NAMES[code]) for code in languages_of(actor)],
            "family": [("", _("All")), *((name, FAMILIES[name]) for name in EVENT_FAMILIES)],
            "kind": [(code, kind.name) for code, kind in COMPUTED_KINDS.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined] # all three choose
        for name in ("start", "end"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day is before the first one."))
        return cleaned

    def asked(self) -> TextsAsked:
        """Return which texts were asked for; days are those of UTC."""
        wish = self.cleaned_data
        return TextsAsked(
            language=wish["language"],
            start=_midnight(wish["start"]),
            end=_midnight(wish["end"]) + timedelta(days=1),
            kinds=tuple(wish["kind"]),
            family=wish["family"],
            state=wish["state"],
        )


class ImportForm(forms.Form):
    """A file that comes back."""

    file = forms.FileField(label=_("File"), max_length=200, allow_empty_file=True)
    file.widget.attrs["accept"] = ".csv,.tsv,.txt,.po,.gz"

    def data_read(self) -> bytes:
        """Return the bytes of the file, one more than may be at most."""
        return bytes(self.cleaned_data["file"].read(MOST_BYTES + 1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
