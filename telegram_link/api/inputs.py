"""What the calls of Telegram take."""

from __future__ import annotations

from rest_framework import serializers

from accounts.api.auth_inputs import Input
from accounts.services.sessions import DEVICE_LENGTH

SECRET_LENGTH = 100
CODE_LENGTH = 20


class AskInput(Input):
    device = serializers.CharField(
        max_length=DEVICE_LENGTH, required=False, allow_blank=True,
        help_text="What the bot says is signing in, and how the session is called. Of it letters, "
        "digits, spaces and hyphens are kept, thirty signs at most.",
    )  # fmt: skip


class CodeInput(Input):
    holder = serializers.CharField(
        max_length=SECRET_LENGTH, trim_whitespace=False,
        help_text="The secret that was given with the link.",
    )  # fmt: skip
    code = serializers.CharField(
        max_length=CODE_LENGTH, help_text="The six digits that the bot has told."
    )
    consent = serializers.BooleanField(
        required=False, default=False,
        help_text="Whether to create an account if the Telegram account has none yet.",
    )  # fmt: skip
