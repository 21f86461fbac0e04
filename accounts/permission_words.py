"""Permissions in the reader's language; the database has their names in English alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.models import Permission
from django.forms import ModelMultipleChoiceField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

# Translators: a permission, in a list: what things are called, and what may be done with them
DEEDS: Final[Mapping[str, Promise]] = {
    "view": _("%(things)s: view"),
    "add": _("%(things)s: add"),
    "change": _("%(things)s: change"),
    "delete": _("%(things)s: delete"),
}
OWN = (gettext_noop("Can publish and withdraw announcements"),)


class PermissionsField(ModelMultipleChoiceField[Permission]):
    """A choice of permissions, each told in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return permission_text(obj)


def permission_text(permission: Permission) -> str:
    """Return what a permission allows: a deed of Django's on a model, or its own name."""
    model = permission.content_type.model_class()
    deed = DEEDS.get(permission.codename.partition("_")[0])
    if model is None or permission.codename not in _common_codenames(model):
        return gettext(permission.name)
    things = capfirst(str(model._meta.verbose_name_plural))
    return str(deed) % {"things": things}


def _common_codenames(model: Any) -> frozenset[str]:
    return frozenset(f"{deed}_{model._meta.model_name}" for deed in DEEDS)
