"""What the database holds overrides of computed facts to."""

from __future__ import annotations

from typing import Final

from django.db.models import BaseConstraint, CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

# Facts that staff may set otherwise than they were computed (events.services.overrides).
OVERRIDABLE: Final = ("occurs_at", "begins_at", "ends_at", "significance")
ALWAYS_COMPUTED: Final = frozenset({"occurs_at", "significance"})
REASON_MOST: Final = 500  # characters
# What staff say of events of their own; the database fills it in where nobody said anything.
STAFF_COLUMNS: Final = ("link", "image_id", "series_id", "series_slot", "series_own")
# None of them stands in the row of an event that nobody touched.
OVERRIDE_COLUMNS: Final = (
    *(f"{side}_{name}" for name in OVERRIDABLE for side in ("override", "computed")),
    "override_reason", "override_by_id", "override_set_at",
)  # fmt: skip


def override_constraints() -> list[CheckConstraint]:
    """Tie what staff set to what is served: no value of either side can get lost unseen."""
    none_set = Q(**{f"override_{name}__isnull": True for name in OVERRIDABLE})
    unexplained = Q(override_reason__isnull=True, override_set_at__isnull=True)
    explained = Q(override_reason__isnull=False, override_set_at__isnull=False)
    reason = CheckConstraint(
        name="event_override_reason",
        condition=(none_set & unexplained) | (~none_set & explained & ~Q(override_reason="")),
    )
    return [*(_override_constraint(name) for name in OVERRIDABLE), reason]


def staff_constraints() -> list[BaseConstraint]:
    """Keep what staff say of events of their own to those; a series comes once at a time."""
    return [
        CheckConstraint(
            name="event_link_https",
            condition=Q(link="") | Q(link__startswith="https://", origin="staff"),
            violation_error_message=_("Enter a valid URL."),
        ),
        CheckConstraint(
            name="event_image_of_staff", condition=Q(image__isnull=True) | Q(origin="staff")
        ),
        CheckConstraint(
            name="event_series_of_staff",
            condition=Q(series__isnull=True) | Q(origin="staff") & ~Q(series_slot=""),
        ),
        UniqueConstraint(
            name="event_series_slot",
            fields=["series", "series_slot"],
            condition=Q(series__isnull=False),
        ),
    ]


def _override_constraint(name: str) -> CheckConstraint:
    """Serve what is set, keep what was computed beside it, and keep nothing where none is set."""
    unset = Q(**{f"override_{name}__isnull": True, f"computed_{name}__isnull": True})
    is_served = Q(
        **{
            f"override_{name}__isnull": False,
            f"{name}__isnull": False,
            f"override_{name}": F(name),
        }
    )
    if name in ALWAYS_COMPUTED:
        is_served &= Q(**{f"computed_{name}__isnull": False})
    return CheckConstraint(name=f"event_override_{name}", condition=unset | is_served)
