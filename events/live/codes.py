"""What the codes of errors mean, and with which close code each ends a talk; None: it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from events.live.refusals import Close


class ErrorMeaning(NamedTuple):
    """What a code says, and the code of the close frame that follows."""

    closes: Close | None
    text: str


ERRORS: Final[Mapping[str, ErrorMeaning]] = {
    "frame.invalid": ErrorMeaning(
        Close.BAD_FRAME, "The frame is no JSON text of a known form; `detail` says what is allowed."
    ),
    "op.unknown": ErrorMeaning(Close.BAD_FRAME, "There is no such `op`."),
    "tz.unknown": ErrorMeaning(Close.BAD_FRAME, "There is no such time zone."),
    "hello.missing": ErrorMeaning(Close.BAD_FRAME, "The first frame was no hello."),
    "hello.repeated": ErrorMeaning(Close.BAD_FRAME, "Hello was said twice."),
    "hello.timeout": ErrorMeaning(Close.UNAUTHENTICATED, "No hello came in time."),
    "auth.invalid": ErrorMeaning(Close.UNAUTHENTICATED, "The token or ticket is not good here."),
    "auth.expired": ErrorMeaning(Close.UNAUTHENTICATED, "The time of the token is over."),
    "auth.revoked": ErrorMeaning(Close.UNAUTHENTICATED, "The session was ended."),
    "auth.other_user": ErrorMeaning(Close.UNAUTHENTICATED, "The token is of somebody else."),
    "auth.required": ErrorMeaning(
        Close.UNAUTHENTICATED, "The stream is open only to those who signed in."
    ),
    "origin.refused": ErrorMeaning(Close.ORIGIN, "Pages of that site may not connect here."),
    "path.unknown": ErrorMeaning(Close.PATH, "There is no socket at this path."),
    "client.slow": ErrorMeaning(Close.SLOW, "Messages were not acknowledged in time."),
    "pong.missing": ErrorMeaning(Close.SLOW, "Two pings in a row had no answer."),
    "sockets.too_many": ErrorMeaning(
        Close.TOO_MANY, "Too many connections of one address or person are open."
    ),
    "service.restart": ErrorMeaning(Close.RESTART, "The service restarts; connect again."),
    "frame.too_large": ErrorMeaning(Close.TOO_LARGE, "The frame is larger than 16 KiB."),
    "rate.limited": ErrorMeaning(Close.RATE, "Too many frames, or too many connections opened."),
    "stream.unknown": ErrorMeaning(None, "There is no such stream; the talk goes on."),
}
CLOSES: Final[Mapping[Close, tuple[str, str]]] = {
    Close.BAD_FRAME: ("A frame that is not understood.", "After a repair."),
    Close.UNAUTHENTICATED: (
        "No hello in time, or a token that is not good (any more).",
        "After hello.timeout; after auth.expired and auth.revoked with a fresh token.",
    ),
    Close.ORIGIN: ("A page of another site.", "No."),
    Close.PATH: ("There is no socket at this path.", "No."),
    Close.SLOW: ("The client does not keep up or does not answer.", "With the cursor."),
    Close.TOO_MANY: ("Too many connections.", "Later."),
    Close.RESTART: ("The service restarts.", "With the cursor, after a jittered wait."),
    Close.TOO_LARGE: ("A frame that is too large.", "After a repair."),
    Close.RATE: ("Too much in a short time.", "After a wait."),
}
