"""Negative controls: what breaks a promise on purpose, so that its test is seen to fail.

A saboteur is a context manager, named here by where it lies; it works in the process of the test
and, by `starscal.testing.drill.sabotaged`, in the servers which the test starts.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, cast

from django.utils.module_loading import import_string

SABOTEUR: Final = "STARSCAL_SABOTEUR"


@dataclass(frozen=True, slots=True)
class Saboteur:
    """Who breaks what: the T-number whose tests must notice, and the context manager.

    What only the whole load brings to light is ``heavy``.
    """

    test: str
    path: str
    heavy: bool = False


SABOTEURS: Final[dict[str, Saboteur]] = {
    "undocumented-field": Saboteur("T4", "starscal.tests.saboteurs.undocumented_field"),
    "library-check": Saboteur("T6", "accounts.tests.saboteurs.library_check"),
    "library-rotation": Saboteur("T6b", "accounts.tests.saboteurs.library_rotation"),
    "unlisted-route": Saboteur("T7", "starscal.tests.saboteurs.unlisted_route"),
    "factor-forgotten": Saboteur("T7", "accounts.tests.saboteurs.factor_forgotten"),
    "any-site": Saboteur("T8", "events.tests.saboteurs.any_site"),
    "deaf-sockets": Saboteur("T8", "events.tests.saboteurs.deaf_sockets"),
    "framework-throttle": Saboteur("T9", "starscal.testing.drill.open_limits.framework_throttle"),
    "headers-believed": Saboteur("T9", "starscal.testing.drill.open_limits.headers_believed"),
    "headers-believed-at-login": Saboteur(
        "T9b", "starscal.testing.drill.open_limits.headers_believed"
    ),
    "naive-numbers": Saboteur("T3", "starscal.tests.saboteurs.naive_numbers"),
    "swallowed-frame": Saboteur("T1", "events.tests.saboteurs.swallowed_frame"),
    "skipped-frame": Saboteur("T1", "events.tests.saboteurs.skipped_frame"),
    "doubled-frame": Saboteur("T1", "events.tests.saboteurs.doubled_frame"),
    "endless-credit": Saboteur("T2", "events.tests.saboteurs.endless_credit", heavy=True),
    "unread-frames": Saboteur("T5", "events.tests.saboteurs.unread_frames"),
    "bare-pages": Saboteur("T10", "starscal.tests.saboteurs.bare_pages"),
    "careless-sender": Saboteur("T12", "telegram_link.tests.saboteurs.careless_sender"),
    "hasty-sender": Saboteur("T12", "telegram_link.tests.saboteurs.hasty_sender"),
    "flooding-sender": Saboteur("T12", "telegram_link.tests.saboteurs.flooding_sender"),
    "deaf-sender": Saboteur("T12", "telegram_link.tests.saboteurs.deaf_sender"),
    "endless-page": Saboteur("T13", "events.tests.saboteurs.endless_page"),
    "patient-server": Saboteur("T13", "starscal.tests.saboteurs.patient_server"),
    "blind-rule": Saboteur("T14", "events.tests.saboteurs.blind_rule"),
    "raw-calendar": Saboteur("T14", "events.tests.saboteurs.raw_calendar"),
    "lost-row": Saboteur("T17", "starscal.tests.saboteurs.lost_row"),
    "old-epoch": Saboteur("T17", "starscal.tests.saboteurs.old_epoch"),
    "risen-dead": Saboteur("T17", "starscal.tests.saboteurs.risen_dead"),
    "careless-machine": Saboteur("T18", "events.tests.saboteurs.careless_machine"),
    "forgotten-override": Saboteur("T18", "events.tests.saboteurs.forgotten_override"),
    "talkative-log": Saboteur("T19", "starscal.tests.saboteurs.talkative_log"),
    "half-deleted": Saboteur("T19", "accounts.tests.saboteurs.half_deleted"),
}


def at_work(name: str) -> AbstractContextManager[None]:
    """Return the sabotage of a name, which is at work while it is entered."""
    if name not in SABOTEURS:
        raise LookupError(f"There is no saboteur {name}; there are: {', '.join(SABOTEURS)}.")
    return cast("AbstractContextManager[None]", import_string(SABOTEURS[name].path)())


def saboteur_named() -> str:
    """Return the name of the saboteur of this run; empty for none."""
    return os.environ.get(SABOTEUR, "")
