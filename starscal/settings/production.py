"""A public installation: refuses to start half-configured."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from starscal.settings import env
from starscal.settings.base import *  # noqa: F403 - Django's settings are one flat namespace
from starscal.settings.base import ALLOWED_HOSTS, SITE_URL, TOKEN_KEYS, TOKEN_KEYS_DIR

SECRET_KEY = env.required("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY needs at least 50 random characters.")
env.required("DATABASE_URL")
env.required("REDIS_URL")
if not (TOKEN_KEYS or TOKEN_KEYS_DIR):
    raise ImproperlyConfigured(
        "Set TOKEN_KEYS_DIR to a folder for the keys that sign access tokens, "
        "or TOKEN_KEYS to the keys themselves."
    )
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names served, separated by commas.")
SITE_URL = SITE_URL or f"https://{ALLOWED_HOSTS[0].lstrip('*.')}"
SITE_HOST = urlsplit(SITE_URL).hostname
if not SITE_HOST or not SITE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("Set SITE_URL to where the links of letters lead, as https://host.")
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM") or f"StarsCalendars <noreply@{SITE_HOST}>"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# A name that browsers take from this host alone, over TLS, for every path.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
DEVICE_COOKIE_NAME = "__Host-device"
LANGUAGE_COOKIE_SECURE = True
