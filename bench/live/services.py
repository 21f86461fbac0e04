"""PostgreSQL and Valkey of the run's own, thrown away behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from accounts.tokens.keys import key_generate, key_pem
from starscal.devservices.layout import CHECKOUT, Layout
from starscal.devservices.postgres import private_postgres
from starscal.devservices.valkey import private_valkey


class Services(NamedTuple):
    """A folder that goes when the run ends, and where Valkey listens."""

    folder: Path
    redis_socket: Path


def services_started(stack: ExitStack) -> Services:
    """Start both and put their addresses into the environment."""
    folder = Path(tempfile.mkdtemp(prefix="starscal-bench-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    layout = Layout(state=folder)
    layout.prepare()
    log = stack.enter_context((layout.logs / "servers.log").open("wb"))
    postgres, valkey = private_postgres(layout), private_valkey(layout)
    stack.callback(postgres.abandon, postgres.start(log=log))
    stack.callback(valkey.stop, valkey.start(log=log))
    os.environ.update(
        DATABASE_URL=postgres.url,
        REDIS_URL=valkey.url,
        STARSCAL_STATE_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="starscal.settings.local",
        TOKEN_KEYS=key_pem(key_generate()).decode(),
    )
    return Services(folder, valkey.socket)


def database_prepared() -> None:
    """Make the tables."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=CHECKOUT, check=True)  # noqa: S603 - our own command
