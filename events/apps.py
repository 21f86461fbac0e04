from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from accounts.preference_labels import preference_labels_register
from events.kinds import FAMILIES, KINDS
from starscal.core.backup.engine import engine_register
from starscal.core.health import health_register
from starscal.core.metrics import REGISTRY


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from accounts.preferences import known_codes_register  # noqa: PLC0415
        from events.hub import hub_health  # noqa: PLC0415 - models are loaded only now
        from events.kinds import EVENT_FAMILIES, EVENT_TYPES  # noqa: PLC0415
        from events.live.presence import PresenceCollector  # noqa: PLC0415
        from events.version import engine_version  # noqa: PLC0415

        known_codes_register("event_types", EVENT_TYPES)
        known_codes_register("families", EVENT_FAMILIES)
        known_codes_register("calendars", ("chinese", "hindu", "armenian", "christian"))
        known_codes_register("ayanamsa", ("true_chitra", "lahiri"))
        health_register("hub", hub_health)
        REGISTRY.register(PresenceCollector())
        engine_register(engine_version)
        names = {code: kind.name for code, kind in KINDS.items()}
        families = {code: FAMILIES[kind.family] for code, kind in KINDS.items()}
        preference_labels_register("event_types", names, families)
        # Rights exist for all apps when Django comes to auth, the one app that stands behind them.
        post_migrate.connect(_groups_settled, sender=apps.get_app_config("auth"))


def _groups_settled(**told: Any) -> None:
    from events.services.groups import groups_settle  # noqa: PLC0415

    try:
        told.get("apps", apps).get_model("events", "GivenRight")
    except LookupError:  # on the way to an older state
        return
    groups_settle(using=told["using"])
