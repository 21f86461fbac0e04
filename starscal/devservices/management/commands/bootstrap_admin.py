"""Create the first administrator: `manage.py bootstrap_admin`."""

import os
import secrets
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from accounts.services import staff_bootstrap

PASSWORD_BYTES = 12


class Command(BaseCommand):
    """Create an administrator with a generated password, where there is none."""

    help = "Create the first administrator and show the generated password once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument("--username", default="admin")
        parser.add_argument(
            "--password-to", type=int, metavar="DESCRIPTOR", help="write the password there"
        )

    def handle(self, *_arguments: object, **options: object) -> None:
        """Create the administrator; say the password only if it is new."""
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        if not staff_bootstrap(username=str(options["username"]), password=password):
            return
        descriptor = options["password_to"]
        if isinstance(descriptor, int):
            os.write(descriptor, password.encode())
        else:
            self.stdout.write(password)
