#!/usr/bin/env python3
"""Run a command of StarsCalendars, with private servers where none are given."""

import os
import sys

from starscal.devservices.environment import servers_for
from starscal.devservices.errors import DevServicesError
from starscal.devservices.stack import main as up


def main(argv: list[str]) -> None:
    """Find or start the servers, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")
    if argv[1:2] == ["up"]:
        sys.exit(up(argv[2:]))
    try:
        servers_for(argv)
    except DevServicesError as error:
        sys.exit(str(error))
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - reads settings

    execute_from_command_line(argv)


if __name__ == "__main__":
    main(sys.argv)
