"""Read small JSON bodies made of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.faults import Faults, pointer_of


def texts_read(
    request: Request, needed: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, str]:
    """Return the texts of a body by name; those that may be left out only if they are there.

    Errors: VALIDATION_INVALID with a pointer for each that lacks, is no text or is not known.
    """
    faults = Faults()
    body: Any = request.data
    if not isinstance(body, Mapping):
        faults.add("", _("This must be an object."))
        faults.settle()
    known = (*needed, *optional)
    for name, value in body.items():
        if name not in known:
            names = {"known": ", ".join(known)}
            faults.add(pointer_of(name), _("This is not known here. Known are: %(known)s.") % names)
        elif not isinstance(value, str):
            faults.add(pointer_of(name), _("This must be a text."))
    for name in needed:
        if name not in body:
            faults.add(pointer_of(name), _("This is missing."))
    faults.settle()
    return {str(name): str(value) for name, value in body.items()}
