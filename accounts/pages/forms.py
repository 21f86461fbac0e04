"""The forms of an account: their fields and where a refusal stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.preference_labels import preference_choices, preference_groups
from accounts.preferences import REVEALING
from accounts.profile_changes import PLACE_LIMITS, ZONES
from starscal.core.exceptions import ApplicationError, ErrorCode
from starscal.core.pages import NATIVE_NAMES

# What Django's fields take for their words: a text, or one translated late.
Words = Any
LOGIN_CHARACTERS = 255
PASSWORD_CHARACTERS = 1024
_COMMAS = re.compile("[,，、،]")


class PageForm(forms.Form):
    """A form that knows what a service refused, and where its cursor stands."""

    status = 400
    headers: Mapping[str, str] = {}

    def succeeded(self, action: Callable[[], object]) -> bool:
        """Do what a valid form asks for; what the service refuses goes back into the form.

        Raises: ApplicationError for a link that does not work, which no field could put right.
        """
        if not self.is_valid():
            return False
        try:
            action()
        except ApplicationError as error:
            if error.code == ErrorCode.LINK_INVALID:
                raise
            self.refuse(error)
            return False
        return True

    def refuse(self, error: ApplicationError) -> None:
        """Put a service's refusal beside the fields that it names, else above them all."""
        self.status, self.headers = error.status, error.headers
        entries = error.extra.get("errors") or [{"pointer": error.pointer, "detail": error.message}]
        for entry in entries:
            name = self.field_of(str(entry.get("pointer", "")))
            self.add_error(name, str(entry["detail"]))

    def field_of(self, pointer: str) -> str | None:
        """Return the field that a pointer such as ``/display_name`` means."""
        names = pointer.split("/")
        return next((name for name in names[::-1] if name in self.fields), None)

    def lead_to_error(self) -> None:
        """Have the cursor stand in the first wrong field, else in the one that came back empty."""
        wrong = next((name for name in self.fields if name in self.errors), None)
        emptied = (name for name, field in self.fields.items() if is_password(field))
        wrong = wrong or next(emptied, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("autofocus", None)
            if name == wrong:
                field.widget.attrs["autofocus"] = True


def is_password(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.PasswordInput)


Some = TypeVar("Some", bound=PageForm)


def for_user(form: Some, user: User) -> Some:
    """Do not ask for the present password of whoever has none; a fresh sign-in stands for it."""
    if not user.has_usable_password():
        for name in ("current_password", "password"):
            form.fields.pop(name, None)
    return form


def password_help() -> str:
    """Return how long a password must be, as the setting says."""
    validators = get_default_password_validators()
    lengths = [rule for rule in validators if isinstance(rule, MinimumLengthValidator)]
    return lengths[0].get_help_text() if lengths else ""


def password_field(label: Words, *, new: bool = False) -> forms.CharField:
    kind = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        strip=False,
        max_length=PASSWORD_CHARACTERS,
        widget=forms.PasswordInput(attrs={"autocomplete": kind}),
        help_text=lazy(password_help, str)() if new else "",
    )


def email_field(label: Words) -> forms.EmailField:
    return forms.EmailField(
        label=label, max_length=255, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


def username_field(label: Words, *, characters: int) -> forms.CharField:
    plain = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label, max_length=characters, widget=forms.TextInput(attrs={**plain})
    )


class SignInForm(PageForm):
    login = username_field(_("Username or e-mail address"), characters=LOGIN_CHARACTERS)
    password = password_field(_("Password"))


class RegisterForm(PageForm):
    username = username_field(_("username"), characters=50)
    email = email_field(_("e-mail address"))
    password = password_field(_("Password"), new=True)


class EmailForm(PageForm):
    email = email_field(_("e-mail address"))


class NewPasswordForm(PageForm):
    new_password = password_field(_("New password"), new=True)


class PasswordForm(PageForm):
    current_password = password_field(_("Current password"))
    new_password = password_field(_("New password"), new=True)


class EmailChangeForm(PageForm):
    email = email_field(_("New e-mail address"))
    password = password_field(_("Current password"))


class ConfirmForm(PageForm):
    """What cannot be undone at once asks for the password again."""

    password = password_field(_("Current password"))


class EmptyForm(PageForm):
    """One button, which a program that follows links does not press."""


def zone_choices() -> list[tuple[str, str]]:
    return [("", gettext("Not chosen")), *((name, name) for name in sorted(ZONES))]


def place_field(label: Words, name: str, help_text: Words) -> forms.FloatField:
    least, most = PLACE_LIMITS[name]
    return forms.FloatField(
        label=label,
        required=False,
        min_value=plain_number(least),
        max_value=plain_number(most),
        help_text=help_text,
    )


def plain_number(value: Any) -> Any:
    """Return a whole number without a fraction that says nothing, and all else as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class ProfileForm(PageForm):
    display_name = forms.CharField(
        label=_("display name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    language = forms.ChoiceField(
        label=_("language"), required=False, choices=[("", _("Not chosen")), *NATIVE_NAMES.items()]
    )
    timezone = forms.ChoiceField(label=_("time zone"), required=False, choices=zone_choices)
    latitude_deg = place_field(
        _("latitude"), "latitude_deg", _("In degrees; north of the equator is positive.")
    )
    longitude_deg = place_field(
        _("longitude"), "longitude_deg", _("In degrees; east of Greenwich is positive.")
    )
    elevation_m = place_field(_("elevation"), "elevation_m", _("In metres above the sea."))

    @staticmethod
    def values_of(user: User) -> dict[str, Any]:
        return {name: plain_number(getattr(user, name)) for name in ProfileForm.base_fields}

    def changes(self) -> dict[str, Any]:
        """Return the body that the profile's service reads."""
        given = dict(self.cleaned_data)
        place = {name: given.pop(name) for name in PLACE_LIMITS}
        if place["elevation_m"] is None:
            del place["elevation_m"]
        return {**given, "place": place if any(v is not None for v in place.values()) else None}


def lead_time_choices() -> list[tuple[str, str]]:
    return [
        ("0", gettext("When it happens")),
        ("60", gettext("One hour before")),
        ("1440", gettext("One day before")),
        ("10080", gettext("One week before")),
    ]


class GroupedChoices(forms.CheckboxSelectMultiple):
    """Many boxes in groups that have a name."""

    template_name = "accounts/parts/groups.html"


class PreferencesForm(PageForm):
    """What the page offers of the preferences; all else that was set stays."""

    event_types = forms.MultipleChoiceField(
        label=_("What you want to hear of"),
        required=False,
        widget=GroupedChoices,
        choices=partial(preference_groups, "event_types"),
        help_text=_("Nothing chosen means everything."),
    )
    min_significance = forms.TypedChoiceField(
        label=_("How much it must matter"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("Not chosen")), *((str(n), str(n)) for n in range(1, 6))],
        help_text=_("1 is every small step in the sky, 5 what people travel for."),
    )
    lead_times = forms.TypedMultipleChoiceField(
        label=_("When to tell you"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        choices=lead_time_choices,
    )
    interests = forms.CharField(
        label=_("Interests"),
        required=False,
        max_length=1100,
        help_text=_("In your own words, separated by commas."),
    )
    consent = forms.BooleanField(
        label=_("I agree that interests, which may reveal a belief, are kept."),
        required=False,
        help_text=_("You can take this back at any time: remove the tick and what it covers."),
    )

    @staticmethod
    def values_of(user: User) -> dict[str, Any]:
        kept = user.spiritual_preferences
        return {**kept, "interests": ", ".join(kept.get("interests", []))}

    def changes(self, user: User) -> dict[str, Any]:
        """Return the body that the profile's service reads; what is empty is left out."""
        given = dict(self.cleaned_data)
        given["interests"] = [part for part in _COMMAS.split(given["interests"]) if part.strip()]
        offered = {code for code, _label in preference_choices("event_types")}
        kept = dict(user.spiritual_preferences)
        given["event_types"] += [c for c in kept.get("event_types", []) if c not in offered]
        if not given["consent"]:
            kept = {name: value for name, value in kept.items() if name not in REVEALING}
        merged = {**kept, **given}
        return {
            "spiritual_preferences": {
                name: value for name, value in merged.items() if value or value == 0
            }
        }


class KeyForm(PageForm):
    name = forms.CharField(
        label=_("name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    scopes = forms.MultipleChoiceField(label=_("scopes"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, scopes: Mapping[str, Words], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = list(scopes.items())  # type: ignore[attr-defined]
        self.initial.setdefault("scopes", list(scopes)[:1])
