"""Celery is a doorbell: every task looks for rows that are due; truth is in PostgreSQL."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")

app = Celery("starscal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # also in threads that did not make it
