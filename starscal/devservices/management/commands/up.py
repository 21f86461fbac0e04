"""Start everything: `manage.py up`."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from starscal.devservices import stack


class Command(BaseCommand):
    """List `up` among the commands; manage.py itself runs it without loading Django."""

    help = "Start the private servers, the site and its workers; stop them on Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        stack.add_arguments(parser)

    def handle(self, *_arguments: object, **options: object) -> None:
        """Start everything."""
        sys.exit(stack.up(stack.options_of(options)))
