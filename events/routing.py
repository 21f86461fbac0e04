"""The sockets of this app."""

from __future__ import annotations

from django.urls import re_path

from events.consumers import LiveConsumer, UnknownPathConsumer

websocket_urlpatterns = [
    re_path(r"^ws/v1/live/?$", LiveConsumer.as_asgi()),
    re_path(r"", UnknownPathConsumer.as_asgi()),
]
