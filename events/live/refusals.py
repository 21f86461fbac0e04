"""What the server says when it cannot go along, and the codes with which it closes."""

from __future__ import annotations

from enum import IntEnum

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from starscal.core.formats import wait_text

_waiting = lazy(wait_text, str)  # written with the frame, in its language


class Close(IntEnum):
    """Close codes, explained in docs/live.md; a code never changes its meaning."""

    BAD_FRAME = 4400
    UNAUTHENTICATED = 4401
    ORIGIN = 4403
    PATH = 4404
    SLOW = 4408
    TOO_MANY = 4409
    RESTART = 4410
    TOO_LARGE = 4413
    RATE = 4429


class RefusalError(Exception):
    """Say what was wrong in an error frame, then close; without a close code the talk goes on."""

    def __init__(
        self, close: Close | None, code: str, detail: str | Promise, **params: object
    ) -> None:
        super().__init__(code)
        self.close = close
        self.code = code
        self.detail = detail
        self.params = params

    def frame(self) -> dict[str, object]:
        """Return the error frame, in the active language."""
        detail = self.detail % self.params if self.params else str(self.detail)
        return {"op": "error", "code": self.code, "detail": detail}


def bad_frame(detail: str | Promise, **params: object) -> RefusalError:
    return RefusalError(Close.BAD_FRAME, "frame.invalid", detail, **params)


def hello_late() -> RefusalError:
    return RefusalError(
        Close.UNAUTHENTICATED, "hello.timeout", _("Say hello right after opening the socket.")
    )


def hello_missing() -> RefusalError:
    return RefusalError(Close.BAD_FRAME, "hello.missing", _("The first frame must be a hello."))


def hello_again() -> RefusalError:
    return RefusalError(
        Close.BAD_FRAME, "hello.repeated", _("Hello was said already; use subscribe or lang.")
    )


def auth_refused() -> RefusalError:
    return RefusalError(
        Close.UNAUTHENTICATED,
        "auth.invalid",
        _("This token is not valid here. Public streams need none."),
    )


def auth_expired() -> RefusalError:
    return RefusalError(
        Close.UNAUTHENTICATED, "auth.expired", _("This token has expired; get a fresh one.")
    )


def auth_revoked() -> RefusalError:
    return RefusalError(
        Close.UNAUTHENTICATED, "auth.revoked", _("This session has ended; sign in again.")
    )


def auth_of_another() -> RefusalError:
    return RefusalError(
        Close.UNAUTHENTICATED,
        "auth.other_user",
        _("A connection belongs to one person; open another one for somebody else."),
    )


def auth_needed(stream: str) -> RefusalError:
    return RefusalError(
        Close.UNAUTHENTICATED,
        "auth.required",
        _("The stream %(stream)s is open only to those who signed in."),
        stream=stream,
    )


def stream_unknown(stream: str, known: str) -> RefusalError:
    return RefusalError(
        None,
        "stream.unknown",
        _("There is no stream %(stream)s. Known streams: %(known)s."),
        stream=stream,
        known=known,
    )


def origin_refused() -> RefusalError:
    return RefusalError(
        Close.ORIGIN, "origin.refused", _("Pages of that site may not open live connections here.")
    )


def path_unknown() -> RefusalError:
    return RefusalError(
        Close.PATH, "path.unknown", _("There is no socket here; the live feed is /ws/v1/live.")
    )


def address_crowded(most: int) -> RefusalError:
    told = ngettext_lazy(
        "At most %(most)d live connection is open to one address.",
        "At most %(most)d live connections are open to one address.",
        "most",
    )
    return RefusalError(Close.TOO_MANY, "sockets.too_many", told, most=most)


def person_crowded(most: int) -> RefusalError:
    told = ngettext_lazy(
        "At most %(most)d live connection is open to one person.",
        "At most %(most)d live connections are open to one person.",
        "most",
    )
    return RefusalError(Close.TOO_MANY, "sockets.too_many", told, most=most)


def opening_too_often(seconds: int) -> RefusalError:
    # Translators: when is such as "in 45 seconds" or "in 20 minutes"
    wait = _("Too many requests. Try again %(when)s.")
    return RefusalError(Close.RATE, "rate.limited", wait, when=_waiting(seconds))


def too_fast() -> RefusalError:
    return RefusalError(Close.RATE, "rate.limited", _("Too many frames in a short time."))


def too_large(most: int) -> RefusalError:
    return RefusalError(
        Close.TOO_LARGE, "frame.too_large", _("A frame may have up to %(most)s bytes."), most=most
    )


def too_slow(seconds: int) -> RefusalError:
    return RefusalError(
        Close.SLOW,
        "client.slow",
        _("Messages were not acknowledged for %(seconds)s seconds."),
        seconds=seconds,
    )


def silent() -> RefusalError:
    return RefusalError(Close.SLOW, "pong.missing", _("Two pings in a row had no answer."))


def going_down() -> RefusalError:
    return RefusalError(
        Close.RESTART, "service.restart", _("The service restarts; connect again in a moment.")
    )
