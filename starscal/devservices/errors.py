"""Carry what a person should read when the private servers cannot be had."""


class DevServicesError(Exception):
    """A start that cannot go on; the message is one clear line."""


class StopRequested(Exception):  # noqa: N818 - a request, not a fault
    """Somebody pressed Ctrl-C or sent SIGTERM while a start was under way."""
