"""Write the committed AsyncAPI document."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand

from events.asyncapi.document import asyncapi_bytes


class Command(BaseCommand):
    help = "Write asyncapi.json anew; a test holds it to the code."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        path = settings.BASE_DIR / "asyncapi.json"
        document = orjson.loads(asyncapi_bytes())
        path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
        self.stdout.write(f"Wrote {path.name}.")
