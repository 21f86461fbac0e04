from __future__ import annotations

import sys
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "starscal.core"
    label = "core"
    verbose_name = _("Log and audit")

    def ready(self) -> None:
        from django.core.signals import got_request_exception  # noqa: PLC0415
        from django.db.backends.signals import connection_created  # noqa: PLC0415

        from starscal.core import (  # noqa: F401, PLC0415 - models are loaded only now
            checks,  # registers the system checks
            health_checks,
            lookups,  # registers comparisons
            sentry,
            task_context,
        )
        from starscal.core.request_context import watch_connection  # noqa: PLC0415

        health_checks.register()
        task_context.connect()
        sentry.start()
        connection_created.connect(watch_connection, dispatch_uid="starscal.queries")
        got_request_exception.connect(record_request_error, dispatch_uid="starscal.errors")


def record_request_error(**_kwargs: Any) -> None:
    """Record what Django is about to answer with a 500; it calls this while handling it."""
    from starscal.core.errors import error_record  # noqa: PLC0415 - needs the models

    exception = sys.exception()
    if exception is not None:
        error_record(exception=exception, where="request")
