"""What the sign-in and key endpoints take; anything else is refused with what is allowed."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.services.api_keys import Scope
from accounts.services.sessions import DEVICE_LENGTH

PASSWORD_LENGTH: Final = 1024
LOGIN_LENGTH: Final = 255
TOKEN_LENGTH: Final = 4096
KEY_DAYS: Final = 3650


class Input(serializers.Serializer[Any]):
    """A body whose every field is known."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                text = _("This field is not known here. The known ones are: %(known)s.")
                told = text % {"known": ", ".join(self.fields)}
                raise serializers.ValidationError({name: [told] for name in unknown[:10]})
        return super().to_internal_value(data)


class SignInInput(Input):
    username = serializers.CharField(
        max_length=LOGIN_LENGTH, help_text="The username or the e-mail address."
    )
    password = serializers.CharField(
        max_length=PASSWORD_LENGTH, trim_whitespace=False, style={"input_type": "password"}
    )
    device = serializers.CharField(
        max_length=DEVICE_LENGTH, required=False, allow_blank=True,
        help_text="How the session is called in the list of sessions.",
    )  # fmt: skip


class RefreshInput(Input):
    refresh = serializers.CharField(
        max_length=TOKEN_LENGTH, trim_whitespace=False, help_text="The newest refresh token."
    )


class KeyInput(Input):
    name = serializers.CharField(max_length=100, help_text="What the key is for.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in Scope]),
        min_length=1, max_length=len(Scope), help_text="What the key may do.",
    )  # fmt: skip
    expires_in_days = serializers.IntegerField(
        min_value=1, max_value=KEY_DAYS, required=False, allow_null=True,
        help_text="After so many days the key ends; without, when it is deleted.",
    )  # fmt: skip


def body_read(kind: type[Input], request: Request) -> dict[str, Any]:
    """Return the checked body. Errors: validation.invalid with a pointer to each field."""
    form = kind(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
