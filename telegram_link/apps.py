from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelegramLinkConfig(AppConfig):
    name = "telegram_link"
    verbose_name = _("Telegram")

    def ready(self) -> None:
        from telegram_link import ties, watch  # noqa: PLC0415 - they need the models of other apps

        ties.register()
        watch.register()
