from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "starscal.core"
    label = "core"
    verbose_name = _("Log and audit")

    def ready(self) -> None:
        from starscal.core import checks  # noqa: F401, PLC0415 - registers the system checks
