"""Celery is a doorbell: every task looks for rows that are due; truth is in PostgreSQL."""

from __future__ import annotations

import os

from celery import Celery
from click import Option

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

app = Celery("starscal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # also in threads that did not make it
app.user_options["worker"].add(
    Option(("--with-beat",), is_flag=True, help="Run beat as a thread of this worker.")
)
app.steps["worker"].add("starscal.core.beat:BeatThread")  # imported by workers alone
