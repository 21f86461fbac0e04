from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelegramLinkConfig(AppConfig):
    name = "telegram_link"
    verbose_name = _("Telegram")
