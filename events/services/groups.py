"""Give the groups of staff their rights, each right once."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from events.models import GivenRight
from events.rights import GROUP_RIGHTS


def groups_settle(*, using: str) -> int:
    """Give each group the rights of ``GROUP_RIGHTS`` that it was never given; return their number.

    A right that came with a new version is given to groups that work already; one that a superuser
    took from a group, or a group that was deleted, does not come back.
    Changes: rights of groups, GivenRight. Announces nothing. Locks: the groups. Idempotent.
    """
    with transaction.atomic(using=using):
        named = Group.objects.using(using).filter(name__in=GROUP_RIGHTS).order_by("pk")
        groups = {group.name: group.pk for group in named.select_for_update()}
        given = set(GivenRight.objects.using(using).values_list("group_id", "right"))
        wanted = {(pk, right) for name, pk in groups.items() for right in GROUP_RIGHTS[name]}
        fresh = sorted(wanted - given)
        return _give(fresh, using) if fresh else 0


def _give(fresh: list[tuple[int, str]], using: str) -> int:
    rights = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    known = [(group, right) for group, right in fresh if right in rights]
    through = Group.permissions.through
    through._default_manager.using(using).bulk_create(  # noqa: SLF001 - its only manager
        [through(group_id=group, permission_id=rights[right]) for group, right in known],
        ignore_conflicts=True,
    )
    GivenRight.objects.using(using).bulk_create(
        GivenRight(group_id=group, right=right) for group, right in known
    )
    return len(known)
