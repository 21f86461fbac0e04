"""Errors of the astronomy core."""


class EphemerisRangeError(ValueError):
    """Say that a request lies outside the interval which can be computed.

    ``covered_start`` and ``covered_end`` are calendar dates (ISO 8601), so that a caller can
    show the interval to a person as it stands.
    """

    def __init__(self, message: str, *, covered_start: str, covered_end: str) -> None:
        super().__init__(message)
        self.covered_start = covered_start
        self.covered_end = covered_end
