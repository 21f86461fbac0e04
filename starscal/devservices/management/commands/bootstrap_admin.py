"""Create the first administrator: `manage.py bootstrap_admin`."""

import os
import secrets
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from accounts.services.bootstrap import staff_bootstrap

PASSWORD_BYTES = 12


class Command(BaseCommand):
    """Create an administrator with a generated password, where there is none."""

    help = "Create the first administrator; show the name and the generated password once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("--username", default="admin")
        parser.add_argument(
            "--password-to", type=int, metavar="DESCRIPTOR", help="write name and password there"
        )

    def handle(self, *_arguments: object, **options: object) -> None:
        """Create the administrator; say name and password only if they are new."""
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        name = staff_bootstrap(username=str(options["username"]), password=password)
        if name is None:
            return
        descriptor = options["password_to"]
        if isinstance(descriptor, int):
            os.write(descriptor, f"{name} {password}".encode())
        else:
            self.stdout.write(f"{name} {password}")
