"""StarsCalendars: the astronomical calendar of 1900-2100, live, in ten languages."""

from starscal.celery import app as celery_app

__all__ = ["celery_app"]
