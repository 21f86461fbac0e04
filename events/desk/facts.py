"""The facts of an event and where they come from, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from events.fact_labels import Fact, facts_table
from events.models import Event
from events.page_context import provenance_table
from events.payloads import FALLBACK
from starscal.core.pages import html_tag

EMPTY: Final = "–"
ROW: Final = '<tr><th scope="row">{}</th><td lang="{}">{}</td></tr>'


def facts_block(event: Event) -> SafeString:
    """Show what is known of the event, and all of it as JSON."""
    return _block(facts_table(event.event_type, event.astronomical_data), event.astronomical_data)


def provenance_block(event: Event) -> SafeString:
    """Show how the event was found, and all that is kept of it as JSON."""
    return _block(provenance_table(event), event.provenance)


def _block(facts: Iterable[Fact], value: Any) -> SafeString:
    own = get_language() or FALLBACK
    rows = format_html_join(
        "", ROW, ((row.label, row.tag or html_tag(own), row.value) for row in facts)
    )
    table = format_html('<table class="desk-facts"><tbody>{}</tbody></table>', rows) if rows else ""
    if not value:
        return SafeString(table or EMPTY)
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html("{}<details><summary>JSON</summary><pre>{}</pre></details>", table, text)
