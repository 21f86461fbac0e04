from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from starscal.core.backup.journal import restored_register


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts.services.restoration import (  # noqa: PLC0415 - models are loaded only now
            RULES,
            accounts_end_again,
        )

        restored_register("accounts", actions=RULES, obey=accounts_end_again)
        import_module("accounts.browsers")  # listens to Django's signing in and out
