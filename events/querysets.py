"""Filters that every reader of events shares; time comes in as an argument."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import IsNull

from events.civil import TITHIS
from events.zodiac import signs_path

if TYPE_CHECKING:
    from events.models import Event  # noqa: F401 - named in annotations below

PUBLIC = ("published", "cancelled")


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """Keep what everybody may see: published events, and cancelled ones as cancelled."""
        return self.filter(status__in=PUBLIC)

    def published(self) -> Self:
        return self.filter(status="published")

    def of_instants(self) -> Self:
        """Leave out whole days of a calendar: when those are is for each place to say."""
        return self.filter(~Q(astronomical_data__has_key="civil_date") | Q(event_type__in=TITHIS))

    def between(self, start: datetime, end: datetime) -> Self:
        """Keep the half-open span ``[start, end)``."""
        return self.filter(occurs_at__gte=start, occurs_at__lt=end)

    def of_families(self, families: Collection[str]) -> Self:
        return self.filter(family__in=families) if families else self

    def with_any_body(self, bodies: Collection[str], *, sieve: bool = False) -> Self:
        """Keep what one of the bodies takes part in; ``sieve`` says that few rows are looked at.

        Then the index of bodies is better left alone: it knows no order of time.
        """
        if not bodies:
            return self
        if not sieve:
            return self.filter(bodies__overlap=list(bodies))
        return self.filter(reduce(or_, (Q(IsNull(_place(body), False)) for body in bodies)))

    def significant(self, least: int) -> Self:
        """Keep what matters at least so much; everything does from 1 on."""
        return self if least <= 1 else self.filter(significance__gte=least)

    def resonant(self, least: float | None) -> Self:
        return self if least is None else self.filter(quantum_resonance__gte=least)

    def in_any_sign(self, signs: Collection[str]) -> Self:
        """Keep what has one of the signs in its facts; every row in time is looked at."""
        if not signs:
            return self
        return self.filter(
            Func(
                F("astronomical_data"),
                Value(signs_path(signs)),
                arg_joiner=" @@ ",
                template="(%(expressions)s::jsonpath)",
                output_field=models.BooleanField(),
            )
        )

    def due_for_publication(self, at: datetime) -> Self:
        return self.filter(status="draft", publish_at__lte=at)

    def in_time_order(self) -> Self:
        return self.order_by("occurs_at", "id")


def _place(body: str) -> Func:
    """Return where a body stands among those of the event, NULL if it takes no part."""
    field = models.IntegerField()
    return Func(F("bodies"), Value(body), function="array_position", output_field=field)
