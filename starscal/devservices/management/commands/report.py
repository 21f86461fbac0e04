"""Show how a running installation is: `manage.py report`."""

import json
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from starscal.devservices.layout import checkout_layout
from starscal.devservices.report.document import report_document
from starscal.devservices.report.gather import report_gather
from starscal.devservices.report.screen import report_lines
from starscal.devservices.state import running_stack

NOTHING = (
    "Nothing runs here. Start it with `make run`, or name the web servers of an installation: "
    "manage.py report --url http://127.0.0.1:8000"
)


class Command(BaseCommand):
    """One screen: memory, latency, sockets, pool, sign-ins, Telegram, languages, health, lag."""

    help = "Show how the running installation is, on one screen or as JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the options."""
        parser.add_argument(
            "--url", action="append", default=[], help="a web server to ask; may be repeated"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_arguments: object, url: list[str], json: bool, **_options: object) -> None:
        """Ask and print."""
        stack = running_stack(checkout_layout())
        urls = url or (stack.urls if stack else [])
        if not urls:
            raise CommandError(NOTHING)
        report = report_gather(
            urls=urls, pid=stack.pid if stack else None, token=settings.METRICS_TOKEN
        )
        if not report.answering:
            reasons = "; ".join(f"{each.url}: {each.silence}" for each in report.web)
            raise CommandError(f"No web server answers. {reasons}")
        self.stdout.write(
            as_json(report_document(report)) if json else "\n".join(report_lines(report))
        )


def as_json(report: object) -> str:
    """Write it in one line."""
    return json.dumps(report)
