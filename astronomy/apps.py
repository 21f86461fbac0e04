from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AstronomyConfig(AppConfig):
    name = "astronomy"
    verbose_name = _("Astronomy")

    def ready(self) -> None:
        from astronomy import checks  # noqa: PLC0415 - Skyfield loads when the apps are ready

        checks.register()
