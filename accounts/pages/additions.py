"""What apps above this one add to the pages of an account: tabs, and ways to sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Addition:
    """A page of another app, named as its address is; ``shown`` says whether it is of use now."""

    name: str
    label: str | Promise
    shown: Callable[[], bool]

    def path(self, language: str) -> str:
        return reverse(self.name, args=[language])


_TABS: Final[dict[str, Addition]] = {}
_WAYS_IN: Final[dict[str, Addition]] = {}


def tab_register(addition: Addition) -> None:
    """Have a page stand among the parts of the account."""
    _TABS[addition.name] = addition


def way_in_register(addition: Addition) -> None:
    """Have a page offered to whoever wants to sign in or to have an account."""
    _WAYS_IN[addition.name] = addition


def tabs_added() -> Iterator[Addition]:
    return (addition for addition in _TABS.values() if addition.shown())


def ways_in() -> Iterator[Addition]:
    return (addition for addition in _WAYS_IN.values() if addition.shown())
