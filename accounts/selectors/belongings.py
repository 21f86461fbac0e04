"""Find everything that belongs to a person, by asking the models."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, ForeignObjectRel, Model, Q, QuerySet

from accounts.models import Registration, User
from starscal.core.models import AuditEntry, OutboxMessage, Stream

Rows = QuerySet[Any]
Finder = Callable[[User], list[Rows]]
DEPTH_MOST: Final = 5
_FINDERS: Final[list[Finder]] = []


def loose_ends_register(find: Finder) -> None:
    """Have rows of an app above this one found that belong to a user without a foreign key."""
    if find not in _FINDERS:
        _FINDERS.append(find)


def personal_stream(*, user: User) -> str:
    """Return the name of the stream that one user alone may follow."""
    return personal_stream_name(user_id=user.pk)


def personal_stream_name(*, user_id: UUID) -> str:
    return f"me:{user_id}"


def belongings(*, user: User) -> Iterator[Rows]:
    """Yield the rows of every model that hang on a user, at first the user's own.

    A model hangs on another if it points at it and is deleted with it; what only names the user
    (as an editor) is included, what hangs on that is not.
    """
    yield User.objects.filter(pk=user.pk)
    waiting: deque[tuple[type[Model], tuple[str, ...]]] = deque([(User, ())])
    while waiting:
        model, path = waiting.popleft()
        for relation in relations_to(model):
            child, way = relation.related_model, (relation.field.name, *path)
            if not isinstance(child, str):
                # Not the default manager, which may hide rows.
                rows = child._base_manager  # noqa: SLF001 - documented by Django
                yield rows.filter(**{"__".join(way): user.pk})
                if relation.on_delete is CASCADE and len(way) < DEPTH_MOST:
                    waiting.append((child, way))


def relations_to(model: type[Model]) -> list[ForeignObjectRel]:
    """Return the foreign keys of other models that point at a model, hidden ones too."""
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel) and (field.one_to_many or field.one_to_one)
    ]


def loose_ends(*, user: User) -> list[Rows]:
    """Return the rows that belong to a user without a foreign key; they go with the account.

    In the order in which they can be deleted.
    """
    stream = personal_stream(user=user)
    about = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    ends: list[Rows] = [
        OutboxMessage.objects.filter(stream_id=stream),
        Stream.objects.filter(pk=stream),
        LogEntry.objects.filter(about),
    ]
    if user.email:
        ends.append(Registration.objects.filter(email__iexact=user.email))
    return [*(rows for find in _FINDERS for rows in find(user)), *ends]


def trail(*, user: User) -> Rows:
    """Return what the audit trail says of a user and of what the user did; it stays."""
    about = Q(object_type="user", object_id=str(user.pk))
    return AuditEntry.objects.filter(about | Q(actor=str(user.pk)))
