"""Write the committed OpenAPI document."""

from __future__ import annotations

from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand

from starscal.core.api.views import openapi_document


class Command(BaseCommand):
    help = "Write openapi.json anew; a test holds it to the code."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        path = settings.BASE_DIR / "openapi.json"
        document = orjson.loads(openapi_document())
        path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
        self.stdout.write(f"Wrote {path.name}.")
