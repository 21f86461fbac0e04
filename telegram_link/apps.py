from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from starscal.core.backup.journal import restored_register


class TelegramLinkConfig(AppConfig):
    name = "telegram_link"
    verbose_name = _("Telegram")

    def ready(self) -> None:
        from accounts.pages.additions import (  # noqa: PLC0415 - models are loaded only now
            Addition,
            tab_register,
            way_in_register,
        )
        from accounts.selectors.belongings import loose_ends_register  # noqa: PLC0415
        from telegram_link import watch  # noqa: PLC0415
        from telegram_link.selectors.links import bot_is_on, telegram_loose_ends  # noqa: PLC0415
        from telegram_link.services.restoration import UNLINKED, links_end_again  # noqa: PLC0415

        watch.register()
        loose_ends_register(telegram_loose_ends)
        restored_register("telegram_link", actions=[UNLINKED], obey=links_end_again)
        tab_register(Addition("telegram:link", _("Telegram"), bot_is_on))
        way_in_register(Addition("telegram:sign-in", _("Sign in with Telegram"), bot_is_on))
