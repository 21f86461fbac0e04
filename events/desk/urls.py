"""Addresses of the desk's pages, below the list of events."""

from __future__ import annotations

from django.contrib.admin import ModelAdmin
from django.urls import URLPattern

from events.desk.exchange import exchange_urls
from events.desk.glossary import glossary_urls
from events.desk.kinds import kind_urls
from events.desk.queues import queue_urls
from events.desk.runs import run_urls
from events.models import Event


def desk_urls(model_admin: ModelAdmin[Event]) -> list[URLPattern]:
    """Return the addresses of all pages that stand beside the list."""
    parts = (queue_urls, run_urls, glossary_urls, kind_urls, exchange_urls)
    return [url for urls in parts for url in urls(model_admin)]
