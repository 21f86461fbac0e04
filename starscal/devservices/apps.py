"""Name the app of the private servers and the supervisor."""

from django.apps import AppConfig


class DevServicesConfig(AppConfig):
    """Bring `manage.py up` and `manage.py bootstrap_admin`."""

    name = "starscal.devservices"
    label = "devservices"
