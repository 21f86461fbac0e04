from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AstronomyConfig(AppConfig):
    name = "astronomy"
    verbose_name = _("Astronomy")
