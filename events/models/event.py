"""Events as they are stored, curated and published."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
)
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.constraints import OVERRIDABLE, REASON_MOST, override_constraints, staff_constraints
from events.overridden import Overrides, overrides_of
from events.querysets import EventQuerySet
from events.searching import UNSPACED, characters
from starscal.core.i18n import column

EventManager = models.Manager.from_queryset(EventQuerySet)
EVENT_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "events.starscalendars")
NOTABLE = 3  # from this significance on, events are seen without looking for them
MAJOR = 4  # everybody hears of these
TRANSLATED_FIELDS = ("title", "description", "reflection")
# In small letters, as the database wants it, and without signs that turn what stands around them.
PLAIN_LINK = RegexValidator(
    r"\Ahttps://[^\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+\Z", _("Enter a valid URL.")
)


def event_id(key: str) -> uuid.UUID:
    """Return the id of a computed event: the same before and after it is stored."""
    return uuid.uuid5(EVENT_NAMESPACE, key)


class Event(models.Model):
    """One event of the sky, or one that staff created.

    ``occurs_at`` is UTC from 1972 and UT1 before; ``tt_jd1 + tt_jd2`` is the Julian date in TT,
    the stored truth. ``astronomical_data`` holds the typed facts of the kind, units in the names.
    Of a fact that staff override, the plain column holds what is served, which is what they set;
    what was computed stands in ``computed_…`` and comes back when the override is lifted.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        HIDDEN = "hidden", _("Hidden")
        CANCELLED = "cancelled", _("Cancelled")

    class Origin(models.TextChoices):
        COMPUTED = "computed", _("Computed")
        STAFF = "staff", _("Staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    key = models.CharField(_("key"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    event_type = models.CharField(_("kind"), max_length=50)
    family = models.CharField(_("family"), max_length=50)
    bodies = ArrayField(
        models.CharField(max_length=30), verbose_name=_("bodies"), default=list, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    reflection = models.TextField(_("reflection"), blank=True)
    astronomical_data = models.JSONField(_("astronomical data"), default=dict, blank=True)
    quantum_resonance = models.FloatField(
        _("quantum resonance"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text=_("Set by curators, from 0 to 1; never computed."),
    )
    occurs_at = models.DateTimeField(_("occurs at"))
    begins_at = models.DateTimeField(_("begins at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    tt_jd1 = models.FloatField(null=True, editable=False)
    tt_jd2 = models.FloatField(null=True, editable=False)
    uncertainty_s = models.FloatField(_("uncertainty (s)"), null=True, editable=False)
    # Of events of staff alone, as the columns of their series and image are.
    link = models.CharField(
        _("link"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        validators=[URLValidator(schemes=["https"]), PLAIN_LINK],
    )
    image = models.ForeignKey(
        "events.EventImage",
        verbose_name=_("image"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # of few rows: a partial index below
    )
    series = models.ForeignKey(
        "events.EventSeries",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # of few rows: the constraint below is one
    )
    series_slot = models.CharField(max_length=120, default="", db_default="", editable=False)
    # The columns in which it was edited by itself: what is said of all that come leaves them alone.
    series_own = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], editable=False
    )
    significance = models.PositiveSmallIntegerField(
        _("significance"), validators=[MinValueValidator(1), MaxValueValidator(5)], default=3
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.STAFF, editable=False
    )
    override_occurs_at = models.DateTimeField(null=True, editable=False)
    override_begins_at = models.DateTimeField(null=True, editable=False)
    override_ends_at = models.DateTimeField(null=True, editable=False)
    override_significance = models.PositiveSmallIntegerField(null=True, editable=False)
    computed_occurs_at = models.DateTimeField(null=True, editable=False)
    computed_begins_at = models.DateTimeField(null=True, editable=False)
    computed_ends_at = models.DateTimeField(null=True, editable=False)
    computed_significance = models.PositiveSmallIntegerField(null=True, editable=False)
    # Null, not empty, without an override: COPY writes null into what a row does not name.
    override_reason = models.CharField(max_length=REASON_MOST, null=True, editable=False)  # noqa: DJ001
    override_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # of few rows: a partial index below
    )
    override_set_at = models.DateTimeField(null=True, editable=False)
    provenance = models.JSONField(_("provenance"), default=dict, blank=True, editable=False)
    facts_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    template_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    # How often the time changed, for calendars; a trigger counts it, whoever writes.
    sequence = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated"), db_default=Now(), editable=False)

    objects = EventManager()  # type: ignore[django-manager-missing] # modeltranslation wraps it

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        permissions = [
            ("publish_event", "Can publish, hide, cancel and schedule events"),
            ("override_event", "Can override facts of events"),
            ("review_event", "Can mark texts of events as reviewed"),
            ("recompute_event", "Can recompute events"),
            ("exchange_texts", "Can export and import texts of events"),
            *(
                (column("translate", code), f"Can write texts of events in {code}")
                for code, _name in settings.LANGUAGES
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantum_resonance__isnull=True)
                | models.Q(quantum_resonance__range=(0.0, 1.0)),
                name="event_resonance_range",
            ),
            models.CheckConstraint(
                condition=models.Q(significance__range=(1, 5)), name="event_significance_range"
            ),
            *override_constraints(),
            *staff_constraints(),
        ]
        indexes = [
            models.Index(fields=["occurs_at", "id"], name="event_time_idx"),
            models.Index(fields=["event_type", "occurs_at", "id"], name="event_type_time_idx"),
            models.Index(fields=["family", "occurs_at", "id"], name="event_family_time_idx"),
            # Few events of many: their own order of time, which leaves out the rest.
            models.Index(
                fields=["occurs_at", "id"],
                name="event_notable_idx",
                condition=models.Q(significance__gte=NOTABLE),
            ),
            models.Index(
                fields=["occurs_at", "id"],
                name="event_major_idx",
                condition=models.Q(significance__gte=MAJOR),
            ),
            models.Index(
                fields=["occurs_at", "id"],
                name="event_resonant_idx",
                condition=models.Q(quantum_resonance__isnull=False),
            ),
            models.Index(
                fields=["ends_at"],
                name="event_ends_at_idx",
                condition=models.Q(ends_at__isnull=False),
            ),
            models.Index(
                fields=["publish_at"],
                name="event_publish_at_idx",
                condition=models.Q(publish_at__isnull=False),
            ),
            models.Index(
                fields=["override_by"],
                name="event_override_by_idx",
                condition=models.Q(override_by__isnull=False),
            ),
            models.Index(
                fields=["image"],
                name="event_image_idx",
                condition=models.Q(image__isnull=False),
            ),
            # What is not published, and what staff made: the desk looks for it among the rest.
            models.Index(
                fields=["status", "occurs_at", "id"],
                name="event_unpublished_idx",
                condition=models.Q(status__in=("draft", "hidden", "cancelled")),
            ),
            models.Index(
                fields=["occurs_at", "id"],
                name="event_of_staff_idx",
                condition=models.Q(origin="staff"),
            ),
            GinIndex(fields=["bodies"], name="event_bodies_idx"),
            *(
                GinIndex(
                    fields=[column("title", code)],
                    opclasses=["gin_trgm_ops"],
                    name=f"event_{column('title', code)}_idx",
                )
                for code, _name in settings.LANGUAGES
            ),
            # Two characters name a thing in Chinese and Japanese, too few for trigrams.
            *(
                GinIndex(characters(column("title", code)), name=column("event_characters", code))
                for code in UNSPACED
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def overridden(self) -> list[str]:
        """Return the names of the facts that staff set otherwise than they were computed."""
        return [name for name in OVERRIDABLE if getattr(self, f"override_{name}") is not None]

    @property
    def overrides(self) -> Overrides | None:
        """Return what readers are told of them."""
        return overrides_of(self)

    def text(self, field: str, language: str) -> str:
        """Return a translated field's own text in a language, without fallback."""
        value: Any = getattr(self, column(field, language))
        return value or ""
