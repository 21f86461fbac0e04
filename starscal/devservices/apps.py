"""Name the app of the private servers and the supervisor."""

from importlib import import_module

from django.apps import AppConfig


class DevServicesConfig(AppConfig):
    """Bring `manage.py up` and `manage.py bootstrap_admin`."""

    name = "starscal.devservices"
    label = "devservices"

    def ready(self) -> None:
        """Let every process that loads Django ring for a task over our own broker."""
        import_module("starscal.celery")
