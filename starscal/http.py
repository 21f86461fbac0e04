"""Serve the site and the API, without sockets: gunicorn with threads, the role `http`.

`python -m starscal.http --host 127.0.0.1 --port 8001`
"""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http import wsgi

from starscal.bounds import HEADER_BYTES, HEADER_COUNT, IDLE_S
from starscal.core.garbage import loaded_put_by

BACKLOG: Final = 4096
GRACEFUL_S: Final = 10  # for requests at work when the role is told to stop
STUCK_S: Final = 60  # a worker whose main thread says nothing for so long is replaced


class OurLogger(Logger):  # type: ignore[misc] # untyped
    """Leave the lines to the project's own log: one JSON object each, scrubbed."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True
        self.error_log.setLevel(logging.NOTSET)

    def access(self, *_request: object) -> None:
        """Say nothing: the access line is ours."""


def options(host: str, port: int, *, workers: int, threads: int) -> dict[str, Any]:
    """Return what gunicorn is told."""
    from starscal.http_worker import CONNECTIONS, PatientWorker  # noqa: PLC0415 - needs Django's settings

    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "backlog": BACKLOG,
        "workers": workers,
        "threads": threads,
        "worker_class": PatientWorker,
        "worker_connections": CONNECTIONS,
        "keepalive": IDLE_S,
        "timeout": STUCK_S,
        "graceful_timeout": GRACEFUL_S,
        "limit_request_line": HEADER_BYTES // 2,
        "limit_request_fields": HEADER_COUNT,
        "limit_request_field_size": HEADER_BYTES // 2,
        "preload_app": True,  # the workers share the memory of what is loaded
        "logger_class": OurLogger,
        "errorlog": None,
        # Whose word counts about TLS and addresses is the settings' business, as under Daphne.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108, PTH112
    }


class NamelessResponse(wsgi.Response):  # type: ignore[misc] # untyped
    """Say nothing of the server's name, as Daphne is told, too."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class HttpRole(BaseApplication):  # type: ignore[misc] # untyped
    """The application as gunicorn loads and runs it."""

    def __init__(self, chosen: dict[str, Any]) -> None:
        self.chosen = chosen
        super().__init__(prog="starscal.http")

    def load_config(self) -> None:
        for name, value in self.chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from starscal.http_worker import with_lengths  # noqa: PLC0415
        from starscal.wsgi import application  # noqa: PLC0415 - loads Django

        loaded_put_by()  # before the workers are forked, which share what is loaded
        return with_lengths(application)


def main(argv: Sequence[str]) -> None:
    """Read the command line and serve."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "starscal.settings.local")
    from django.conf import settings  # noqa: PLC0415 - reads the environment

    parser = argparse.ArgumentParser(prog="python -m starscal.http", description="Serve HTTP.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--workers", type=int, default=settings.HTTP_WORKERS)
    parser.add_argument("--threads", type=int, default=settings.HTTP_AT_ONCE)
    asked = parser.parse_args(argv)
    told = options(asked.host, asked.port, workers=asked.workers, threads=asked.threads)
    wsgi.Response = NamelessResponse
    HttpRole(told).run()


if __name__ == "__main__":
    main(sys.argv[1:])
