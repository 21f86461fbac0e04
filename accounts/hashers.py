"""Password hashing at a price an open server can pay."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane (OWASP's minimum).

    Django's default of 100 MiB took 4.2 GB for 40 sign-ins at once.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
