from __future__ import annotations

from django.apps import AppConfig
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
