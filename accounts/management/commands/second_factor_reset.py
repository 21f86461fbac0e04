"""Let somebody set up a new device: `manage.py second_factor_reset <username>`."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services.second_factor import second_factor_reset
from accounts.usernames import username_fold


class Command(BaseCommand):
    """Take device and recovery codes of an account away; for the administrator who lost both."""

    help = "Take the second factor of an account away; the next sign-in sets up a new device."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *_arguments: object, **options: object) -> None:
        folded = username_fold(str(options["username"]))
        user = User.objects.filter(username_folded=folded).first()
        if user is None:
            raise CommandError("There is no account of this name.")
        second_factor_reset(user_id=user.pk, actor=None)
        self.stdout.write("The next sign-in to the admin sets up a new device.")
