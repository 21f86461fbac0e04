"""What staff decide for a whole kind of event."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.kinds import COMPUTED_KINDS
from events.models import KindSetting
from events.rights import right_require
from starscal.core.audit import audit_record
from starscal.core.exceptions import ApplicationError, ErrorCode


@transaction.atomic
def kind_setting_update(*, code: str, needs_review: bool, actor: User) -> KindSetting:
    """Decide whether the computed events of a kind wait for review before they are public.

    Changes: one KindSetting; events that are stored stay as they are. Announces nothing.
    Locks: the setting. Idempotent. Errors: validation.invalid for an unknown kind,
    permission.denied.
    """
    right_require(actor, "events.change_kindsetting")
    if code not in COMPUTED_KINDS:
        raise ApplicationError(ErrorCode.VALIDATION_INVALID, _("There is no such kind of event."))
    KindSetting.objects.bulk_create([KindSetting(code=code)], ignore_conflicts=True)
    setting = KindSetting.objects.select_for_update().get(pk=code)
    if setting.needs_review == needs_review:
        return setting
    setting.needs_review = needs_review
    setting.save(update_fields=["needs_review"])
    audit_record(
        actor=str(actor.pk),
        action="kind_setting.update",
        object_type="kind_setting",
        object_id=code,
        changes={"needs_review": [not needs_review, needs_review]},
    )
    return setting
