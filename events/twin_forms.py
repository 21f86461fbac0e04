"""Forms that send back what the editor had before them, so that nobody overwrites others unseen."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from events.services.conflicts import cell_text
from starscal.core.admin_shared import RefusableForm

M = TypeVar("M", bound=Model)


class TwinForm(RefusableForm[M]):
    """A form whose fields have hidden twins with their first values.

    Only what the editor changed counts as changed, whatever others saved meanwhile. Where the
    service tells of conflicts, the form shows both values.
    """

    without_twins: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance._state.adding:
            return
        for name, field in self.fields.items():
            field.show_hidden_initial = name not in self.without_twins
        if self.is_bound:
            self._twins_mark()
        if self._cells():
            self._see_again()

    def seen(self) -> dict[str, str]:
        """Return what the editor had before them of what they changed, as far as it was sent."""
        sent = {name: self._seen(name) for name in self.changed_data}
        return {name: text for name, text in sent.items() if text is not None}

    def clean(self) -> dict[str, Any] | None:
        for name, cell in self._cells().items():
            if name in self.fields:
                self.add_error(name, theirs_told(cell["theirs"]))
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
            if bound.name in self.without_twins:
                data |= _sent(bound.html_name, bound.field.widget, bound.initial)
                continue
            data |= _sent(bound.html_initial_name, bound.field.hidden_widget(), bound.initial)
            if bound.name not in typed:
                data |= _sent(bound.html_name, bound.field.widget, bound.initial)
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


def theirs_told(words: str) -> str:
    if not words:
        return str(_("Meanwhile somebody else has emptied this. Saving again keeps yours."))
    told = _("Meanwhile somebody else has written “%(words)s”. Saving again keeps yours.")
    return str(told % {"words": words})
