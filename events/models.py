"""Events as they are stored, curated and published."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import (
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    URLValidator,
)
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

import events.desk.models
import events.image_models
import events.series_models  # noqa: F401 - Django looks for models here
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
ANNOUNCED_FIELDS = ("title", "body")
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


class TextState(models.Model):
    """What is to be known of a text that is not plainly generated and up to date.

    No row means: generated, ok. A recomputation never overwrites a ``human`` text. ``basis_text``
    is the machine text beside which the person wrote, or that they looked at last;
    ``generated_text`` is the newest. Where they differ the text is stale, unless it needs review
    anyway because its English has changed.
    """

    class Source(models.TextChoices):
        GENERATED = "generated", _("Generated")
        HUMAN = "human", _("Written by a person")
        IMPORTED = "imported", _("Imported")

    class Status(models.TextChoices):
        OK = "ok", _("In order")
        NEEDS_REVIEW = "needs_review", _("Needs review")
        STALE = "stale", _("Stale")

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="text_states", verbose_name=_("event")
    )
    # Translators: title, description or reflection of an event
    field = models.CharField(_("field"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    # Translators: where a text comes from: a machine, a person, a file
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OK)
    generated_text = models.TextField(_("machine text"), blank=True)
    basis_text = models.TextField(_("earlier machine text"), blank=True, default="", db_default="")
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        verbose_name=_("written by"),
    )
    edited_at = models.DateTimeField(_("written at"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("text state")
        verbose_name_plural = _("text states")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "field", "language"], name="textstate_cell_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "language", "id"], include=["event"], name="textstate_queue_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.language}"


class KindSetting(models.Model):
    """What staff decided for a kind: whether its computed events wait for review."""

    code = models.CharField(_("kind"), max_length=50, primary_key=True)
    needs_review = models.BooleanField(_("needs review"), default=False)

    class Meta:
        verbose_name = _("kind setting")
        verbose_name_plural = _("kind settings")

    def __str__(self) -> str:
        return self.code


class ComputedWindow(models.Model):
    """A span of a family that is computed and stored whole; spans of a family never overlap.

    ``version`` names the engine and the texts it was computed with (events.version).
    """

    family = models.CharField(_("family"), max_length=50)
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    version = models.CharField(_("version"), max_length=100)

    class Meta:
        verbose_name = _("computed window")
        verbose_name_plural = _("computed windows")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="window_not_inverted"
            ),
        ]
        indexes = [models.Index(fields=["family", "starts_at"], name="window_family_idx")]

    def __str__(self) -> str:
        return f"{self.family} {self.starts_at:%Y-%m-%d} {self.ends_at:%Y-%m-%d}"


class Announcement(models.Model):
    """A notice by staff to everybody; what was published once is withdrawn, never deleted."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID())
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True, validators=[MaxLengthValidator(2000)])
    link = models.CharField(
        _("link"), max_length=500, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written by"),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated"), db_default=Now(), editable=False)

    objects = models.Manager()  # type: ignore[django-manager-missing] # modeltranslation wraps it

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        permissions = [("publish_announcement", "Can publish and withdraw announcements")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(link="") | models.Q(link__startswith="https://"),
                name="announcement_link_https",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published") | models.Q(published_at__isnull=False),
                name="announcement_published_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                name="announcement_current_idx",
                condition=models.Q(status="published"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def text(self, field: str, language: str) -> str:
        """Return a translated field's own text in a language, without fallback."""
        value: Any = getattr(self, column(field, language))
        return value or ""


class GivenRight(models.Model):
    """A right that a group of staff was given once; what is taken from it later stays taken."""

    group = models.ForeignKey("auth.Group", on_delete=models.CASCADE, related_name="+")
    right = models.CharField(max_length=200)
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "right"], name="givenright_once"),
        ]

    def __str__(self) -> str:
        return self.right
